import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AgentId, CallId, ChatSessionId, TenantId } from '../core/ids.js';
import type { Memory } from '../domain/memory.js';
import type { MemoryFilter, MemoryRepository } from '../domain/ports/memories.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import { sqliteCode } from './storage-error.js';
import type { Tables } from './tables.js';

const FactsJson = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]));

export class SqlMemoryRepository implements MemoryRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async save({ tenantId, agentId, contact, callId, sessionId, summary, facts, atMs }: Memory): Promise<void> {
    await unlessGone(
      this.#db
        .replaceInto('memories')
        .values({
          tenant_id: tenantId,
          agent_id: agentId,
          contact,
          call_id: callId ?? null,
          session_id: sessionId ?? null,
          summary,
          facts: JSON.stringify(facts),
          at_ms: Math.round(atMs),
        })
        .execute(),
    );
  }

  async expect(call: CallId, memory: Pick<Memory, 'tenantId' | 'agentId' | 'contact' | 'atMs'>): Promise<void> {
    const { tenantId, agentId, contact, atMs } = memory;
    await unlessGone(
      this.#db
        .insertInto('memories')
        .values({
          tenant_id: tenantId,
          agent_id: agentId,
          contact,
          call_id: call,
          session_id: null,
          summary: null,
          facts: '{}',
          at_ms: Math.round(atMs),
        })
        .onConflict((conflict) => conflict.column('call_id').doNothing())
        .execute(),
    );
  }

  async fulfil(call: CallId, { summary, facts }: Pick<Memory, 'summary' | 'facts'>): Promise<void> {
    await this.#db
      .updateTable('memories')
      .set({ summary, facts: JSON.stringify(facts) })
      .where('call_id', '=', call)
      .execute();
  }

  async list(tenant: TenantId, { contact, agentId }: MemoryFilter, page: Page): Promise<Listed<Memory>> {
    let selected = this.#db.selectFrom('memories').where('tenant_id', '=', tenant).where('summary', 'is not', null);
    if (contact !== undefined) selected = selected.where('contact', '=', contact);
    if (agentId !== undefined) selected = selected.where('agent_id', '=', agentId);
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected.selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    const items = rows.map((row) => ({
      tenantId: row.tenant_id as TenantId,
      agentId: row.agent_id as AgentId,
      contact: row.contact,
      callId: (row.call_id ?? undefined) as CallId | undefined,
      sessionId: (row.session_id ?? undefined) as ChatSessionId | undefined,
      summary: row.summary ?? '',
      facts: FactsJson.parse(JSON.parse(row.facts)),
      atMs: row.at_ms,
    }));
    return { items, total };
  }

  async forget(tenant: TenantId, contact: string, agent?: AgentId): Promise<number> {
    let forgotten = this.#db.deleteFrom('memories').where('tenant_id', '=', tenant).where('contact', '=', contact);
    if (agent !== undefined) forgotten = forgotten.where('agent_id', '=', agent);
    return Number((await forgotten.executeTakeFirst()).numDeletedRows);
  }
}

/** The conversation was deleted meanwhile. */
async function unlessGone(writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_FOREIGNKEY') throw error;
  }
}
