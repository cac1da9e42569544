import type { Kysely, Selectable } from 'kysely';
import type { AgentId, CallId, TaskId, TenantId, TurnId } from '../core/ids.js';
import type { Call, CallDirection, CallStatus, Speaker, Termination, TranscriptEntry, Turn, TurnCause } from '../domain/call.js';
import type { CallFilter, CallRepository, Listed, Page } from '../domain/ports/repositories.js';
import { finiteNumbers, LatencyJson, MediaStatsJson } from './rows.js';
import type { CallsTable, Tables, TranscriptEntriesTable, TurnsTable } from './tables.js';

export class SqlCallRepository implements CallRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(call: Call): Promise<void> {
    await this.#db
      .insertInto('calls')
      .values({ id: call.id, tenant_id: call.tenantId, ...columnsOf(call) })
      .execute();
  }

  async update(call: Call): Promise<void> {
    const changed = await this.#db
      .updateTable('calls')
      .set(columnsOf(call))
      .where('id', '=', call.id)
      .where('tenant_id', '=', call.tenantId)
      .executeTakeFirst();
    if (changed.numUpdatedRows !== 1n) throw new Error(`call ${call.id} is not stored`);
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

  async list(tenant: TenantId, filter: CallFilter, page: Page): Promise<Listed<Call>> {
    let selected = this.#db.selectFrom('calls').where('tenant_id', '=', tenant);
    if (filter.agentId !== undefined) selected = selected.where('agent_id', '=', filter.agentId);
    if (filter.taskId !== undefined) selected = selected.where('task_id', '=', filter.taskId);
    if (filter.status !== undefined) selected = selected.where('status', '=', filter.status);
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected.selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toCall), total };
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

  async appendTranscript(entry: TranscriptEntry): Promise<void> {
    await this.#db
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

  async transcript(id: CallId): Promise<TranscriptEntry[]> {
    const rows = await this.#db
      .selectFrom('transcript_entries')
      .selectAll()
      .where('call_id', '=', id)
      .orderBy('sequence')
      .execute();
    return rows.map(toEntry);
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
      })
      .execute();
  }

  async turns(id: CallId): Promise<Turn[]> {
    const rows = await this.#db.selectFrom('turns').selectAll().where('call_id', '=', id).orderBy('sequence').execute();
    return rows.map(toTurn);
  }
}

const definedOf = (latency: Turn['latency']): Record<string, number> =>
  Object.fromEntries(Object.entries(latency).filter((pair): pair is [string, number] => pair[1] !== undefined));

const columnsOf = (call: Call) => ({
  direction: call.direction,
  status: call.status,
  agent_id: call.agentId ?? null,
  agent_name: call.agentName,
  agent_version: call.agentVersion ?? null,
  task_id: call.taskId ?? null,
  sip_call_id: call.sipCallId,
  from_uri: call.fromUri,
  to_uri: call.toUri,
  codec: call.codec ?? null,
  started_at_ms: Math.round(call.startedAtMs),
  answered_at_ms: rounded(call.answeredAtMs),
  ended_at_ms: rounded(call.endedAtMs),
  result: call.termination?.result ?? null,
  reason: call.termination?.reason ?? null,
  sip_code: call.sipCode ?? null,
  recording_path: call.recordingPath ?? null,
  media_stats: call.mediaStats ? JSON.stringify(finiteNumbers(call.mediaStats)) : null,
});

const rounded = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms));

/** CHECK constraints keep these casts honest. */
const toCall = (row: Selectable<CallsTable>): Call => ({
  id: row.id as CallId,
  tenantId: row.tenant_id as TenantId,
  direction: row.direction as CallDirection,
  status: row.status as CallStatus,
  agentId: (row.agent_id ?? undefined) as AgentId | undefined,
  agentName: row.agent_name,
  agentVersion: row.agent_version ?? undefined,
  taskId: (row.task_id ?? undefined) as TaskId | undefined,
  sipCallId: row.sip_call_id,
  fromUri: row.from_uri,
  toUri: row.to_uri,
  codec: row.codec ?? undefined,
  startedAtMs: row.started_at_ms,
  answeredAtMs: row.answered_at_ms ?? undefined,
  endedAtMs: row.ended_at_ms ?? undefined,
  termination: row.result === null ? undefined : ({ result: row.result, reason: row.reason } as Termination),
  sipCode: row.sip_code ?? undefined,
  recordingPath: row.recording_path ?? undefined,
  mediaStats: row.media_stats === null ? undefined : MediaStatsJson.parse(JSON.parse(row.media_stats)),
});

const toEntry = (row: Selectable<TranscriptEntriesTable>): TranscriptEntry => ({
  callId: row.call_id as CallId,
  sequence: row.sequence,
  speaker: row.speaker as Speaker,
  text: row.text,
  heardText: row.heard_text,
  interrupted: row.interrupted === 1,
  startMs: row.start_ms,
  endMs: row.end_ms,
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
});
