import type { Kysely, Selectable, Transaction } from 'kysely';
import type { AgentId, CallId, TenantId, TurnId } from '../core/ids.js';
import type { Call, Speaker, TranscriptEntry, Turn, TurnCause } from '../domain/call.js';
import type { DoNotCallEntry } from '../domain/do-not-call.js';
import type { Feedback } from '../domain/feedback.js';
import type { CallFilter, CallPage, CallRepository, CallsListed } from '../domain/ports/repositories.js';
import type { ToolRun } from '../domain/tool-run.js';
import type { MeasuredTurn } from '../domain/turn-waterfall.js';
import { toolRunJson, toToolRun } from './action-rows.js';
import { listCalls } from './call-list.js';
import { callColumns, callRow, toCall } from './call-rows.js';
import { addDoNotCall } from './do-not-call-repository.js';
import { planEndActions } from './end-action-repository.js';
import { finiteNumbers, LatencyJson, sourcesOf, speculationOf, turnProvidersOf } from './rows.js';
import type { Tables, TranscriptEntriesTable, TurnsTable } from './tables.js';
import { endTaskOf } from './task-repository.js';

export class SqlCallRepository implements CallRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(call: Call): Promise<void> {
    await this.#db.insertInto('calls').values(callRow(call)).execute();
  }

  /** With the end of a call its task ends, and what the agent does at the end of calls is planned, in the same transaction. */
  async update(call: Call): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const ends = call.endedAtMs !== undefined && (await goesOn(trx, call.id));
      const changed = await trx
        .updateTable('calls')
        .set(callColumns(call))
        .where('id', '=', call.id)
        .where('tenant_id', '=', call.tenantId)
        .executeTakeFirst();
      if (changed.numUpdatedRows !== 1n) throw new Error(`call ${call.id} is not stored`);
      await endTaskOf(trx, call);
      const { id: callId, tenantId, agentId, endedAtMs: atMs } = call;
      if (ends && agentId !== undefined && atMs !== undefined) await planEndActions(trx, { tenantId, agentId, callId, atMs });
    });
  }

  async find(tenant: TenantId, id: CallId): Promise<Call | undefined> {
    const row = await this.#db
      .selectFrom('calls')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toCall(row);
  }

  async findAnywhere(id: CallId): Promise<Call | undefined> {
    const row = await this.#db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toCall(row);
  }

  list(tenant: TenantId, filter: CallFilter, page: CallPage): Promise<CallsListed> {
    return listCalls(this.#db, tenant, filter, page);
  }

  async unfinished(): Promise<Call[]> {
    const rows = await this.#db
      .selectFrom('calls')
      .selectAll()
      .where('status', 'in', ['initiated', 'in_progress'])
      .orderBy('serial')
      .execute();
    return rows.map(toCall);
  }

  async appendTranscript(entry: TranscriptEntry, optOut?: DoNotCallEntry): Promise<void> {
    if (!optOut) {
      await insertEntry(this.#db, entry);
      return;
    }
    await this.#db.transaction().execute(async (trx) => {
      await insertEntry(trx, entry);
      await addDoNotCall(trx, [optOut], optOut.createdAtMs);
    });
  }

  async transcript(id: CallId): Promise<TranscriptEntry[]> {
    const rows = await this.#db
      .selectFrom('transcript_entries')
      .selectAll()
      .where('call_id', '=', id)
      .orderBy('sequence')
      .execute();
    return rows.map(toEntry);
  }

  async react(id: CallId, sequence: number, feedback: Feedback | undefined): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('transcript_entries')
      .set({ feedback: feedback ?? null })
      .where('call_id', '=', id)
      .where('sequence', '=', sequence)
      .where('speaker', '<>', 'caller')
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async appendTurn(turn: Turn): Promise<void> {
    await this.#db
      .insertInto('turns')
      .values({
        id: turn.id,
        call_id: turn.callId,
        sequence: turn.sequence,
        cause: turn.cause,
        origin_ms: turn.originMs,
        latency: JSON.stringify(finiteNumbers(definedOf(turn.latency))),
        interrupted: turn.interrupted ? 1 : 0,
        barge_in_ms: turn.bargeInMs ?? null,
        sources: turn.sources ? JSON.stringify(turn.sources) : null,
        providers: turn.providers ? JSON.stringify(turn.providers) : null,
        speculation: turn.speculation ? JSON.stringify(turn.speculation) : null,
        done_probability: turn.doneProbability ?? null,
      })
      .execute();
  }

  async turns(id: CallId): Promise<Turn[]> {
    const rows = await this.#db.selectFrom('turns').selectAll().where('call_id', '=', id).orderBy('sequence').execute();
    return rows.map(toTurn);
  }

  async measuredTurns(tenant: TenantId, agent: AgentId, options: { sinceMs: number; limit: number }): Promise<MeasuredTurn[]> {
    const rows = await this.#db
      .selectFrom('turns')
      .innerJoin('calls', 'calls.id', 'turns.call_id')
      .selectAll('turns')
      .where('calls.tenant_id', '=', tenant)
      .where('calls.agent_id', '=', agent)
      .where('calls.started_at_ms', '>=', options.sinceMs)
      .orderBy('calls.serial', 'desc')
      .limit(options.limit)
      .execute();
    return rows.map(toTurn);
  }

  async appendToolRun(call: CallId, run: ToolRun): Promise<void> {
    await this.#db
      .insertInto('tool_runs')
      .values({ call_id: call, run: toolRunJson(run) })
      .execute();
  }

  async toolRuns(id: CallId): Promise<ToolRun[]> {
    const rows = await this.#db.selectFrom('tool_runs').select('run').where('call_id', '=', id).orderBy('serial').execute();
    return rows.map(({ run }) => toToolRun(run));
  }
}

/** Somebody has answered it, and it has not ended. */
async function goesOn(trx: Transaction<Tables>, id: CallId): Promise<boolean> {
  const row = await trx.selectFrom('calls').select('status').where('id', '=', id).executeTakeFirst();
  return row?.status === 'in_progress';
}

async function insertEntry(db: Kysely<Tables>, entry: TranscriptEntry): Promise<void> {
  await db
    .insertInto('transcript_entries')
    .values({
      call_id: entry.callId,
      sequence: entry.sequence,
      speaker: entry.speaker,
      text: entry.text,
      heard_text: entry.heardText,
      interrupted: entry.interrupted ? 1 : 0,
      start_ms: entry.startMs,
      end_ms: entry.endMs,
    })
    .execute();
}

const definedOf = (latency: Turn['latency']): Record<string, number> =>
  Object.fromEntries(Object.entries(latency).filter((pair): pair is [string, number] => pair[1] !== undefined));

const toEntry = (row: Selectable<TranscriptEntriesTable>): TranscriptEntry => ({
  callId: row.call_id as CallId,
  sequence: row.sequence,
  speaker: row.speaker as Speaker,
  text: row.text,
  heardText: row.heard_text,
  interrupted: row.interrupted === 1,
  startMs: row.start_ms,
  endMs: row.end_ms,
  ...(row.feedback === null ? {} : { feedback: row.feedback as Feedback }),
});

const toTurn = (row: Selectable<TurnsTable>): Turn => ({
  id: row.id as TurnId,
  callId: row.call_id as CallId,
  sequence: row.sequence,
  cause: row.cause as TurnCause,
  originMs: row.origin_ms,
  latency: LatencyJson.parse(JSON.parse(row.latency)),
  interrupted: row.interrupted === 1,
  bargeInMs: row.barge_in_ms ?? undefined,
  ...(row.sources === null ? {} : { sources: sourcesOf(row.sources) }),
  ...(row.providers === null ? {} : { providers: turnProvidersOf(row.providers) }),
  ...(row.speculation === null ? {} : { speculation: speculationOf(row.speculation) }),
  ...(row.done_probability === null ? {} : { doneProbability: row.done_probability }),
});
