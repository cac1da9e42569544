import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { v7 } from 'uuid';
import type { ActionId, AgentId, CallId, ChatSessionId, TenantId } from '../core/ids.js';
import { AT_END, runsAtEnd } from '../domain/action.js';
import type { EndAction, EndActionRepository } from '../domain/ports/end-actions.js';
import type { ToolRun } from '../domain/tool-run.js';
import { toAction, toolRunJson } from './action-rows.js';
import type { EndActionsTable } from './action-tables.js';
import { noteColumns } from './chat-session-rows.js';
import type { Tables } from './tables.js';

export class SqlEndActionRepository implements EndActionRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async due(nowMs: number, limit: number): Promise<EndAction[]> {
    const rows = await this.#db
      .selectFrom('end_actions')
      .selectAll()
      .where('next_attempt_at_ms', '<=', nowMs)
      .orderBy('next_attempt_at_ms')
      .orderBy('serial')
      .limit(limit)
      .execute();
    return rows.map(toEndAction);
  }

  async nextDueMs(afterMs: number): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('end_actions')
      .select('next_attempt_at_ms')
      .where('next_attempt_at_ms', '>', afterMs)
      .orderBy('next_attempt_at_ms')
      .limit(1)
      .executeTakeFirst();
    return row?.next_attempt_at_ms;
  }

  async settle(action: EndAction, run: ToolRun | undefined, again: { atMs: number } | undefined): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      if (!(await carriedOn(trx, action, again))) return;
      if (run && action.callId !== undefined) {
        await trx
          .insertInto('tool_runs')
          .values({ call_id: action.callId, run: toolRunJson(run) })
          .execute();
      } else if (run && action.sessionId !== undefined) await noteInSession(trx, action.sessionId, run);
    });
  }
}

/** False: it is there no more. */
async function carriedOn(trx: Transaction<Tables>, { id }: EndAction, again: { atMs: number } | undefined): Promise<boolean> {
  if (!again) {
    const { numDeletedRows } = await trx.deleteFrom('end_actions').where('id', '=', id).executeTakeFirst();
    return numDeletedRows === 1n;
  }
  const { numUpdatedRows } = await trx
    .updateTable('end_actions')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), next_attempt_at_ms: Math.round(again.atMs) }))
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

async function noteInSession(trx: Transaction<Tables>, id: ChatSessionId, run: ToolRun): Promise<void> {
  const { last } = await trx
    .selectFrom('session_messages')
    .select(({ fn }) => fn.coalesce(fn.max('id'), sql<number>`0`).as('last'))
    .where('session_id', '=', id)
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('session_notes')
    .values({ session_id: id, after_message: last, ...noteColumns({ kind: 'tool', run, result: '' }) })
    .execute();
}

type Ended = { tenantId: TenantId; agentId: AgentId; atMs: number } & (
  | { callId: CallId; sessionId?: undefined }
  | { sessionId: ChatSessionId; callId?: undefined }
);

/** Has the agent's actions done that are for the end, in the transaction that stores it. */
export async function planEndActions(
  trx: Transaction<Tables>,
  { tenantId, agentId, atMs, callId, sessionId }: Ended,
): Promise<void> {
  const rows = await trx
    .selectFrom('agent_actions')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('agent_id', '=', agentId)
    .where('type', 'in', AT_END)
    .orderBy('serial')
    .execute();
  const due = rows.map(toAction).filter(runsAtEnd);
  if (due.length === 0) return;
  const common = { tenant_id: tenantId, call_id: callId ?? null, session_id: sessionId ?? null };
  await trx
    .insertInto('end_actions')
    .values(due.map(({ id }) => ({ ...common, id: v7(), action_id: id, attempts: 0, next_attempt_at_ms: Math.round(atMs) })))
    .execute();
}

const toEndAction = (row: Selectable<EndActionsTable>): EndAction => ({
  id: row.id,
  tenantId: row.tenant_id as TenantId,
  actionId: row.action_id as ActionId,
  callId: (row.call_id ?? undefined) as CallId | undefined,
  sessionId: (row.session_id ?? undefined) as ChatSessionId | undefined,
  attempts: row.attempts,
});
