import { type Kysely, type Selectable, sql } from 'kysely';
import type { AgentId, ApiKeyId, CallId, TenantId, TextId, TrunkId } from '../core/ids.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { TextFilter, TextRepository } from '../domain/ports/texts.js';
import type { Text, TextDirection, TextStatus, TextThread } from '../domain/text.js';
import type { Tables, TextsTable } from './tables.js';

/** Events about texts are written by triggers; see the migration. */
export class SqlTextRepository implements TextRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(text: Text): Promise<boolean> {
    const inserted = await this.#db
      .insertInto('texts')
      .values({ id: text.id, tenant_id: text.tenantId, created_at_ms: Math.round(text.createdAtMs), ...columnsOf(text) })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'sip_id']).where('direction', '=', sql.lit('inbound')).doNothing())
      .executeTakeFirst();
    return inserted.numInsertedOrUpdatedRows === 1n;
  }

  async update(text: Text): Promise<void> {
    await this.#db
      .updateTable('texts')
      .set(columnsOf(text))
      .where('tenant_id', '=', text.tenantId)
      .where('id', '=', text.id)
      .execute();
  }

  async find(tenant: TenantId, id: TextId): Promise<Text | undefined> {
    const row = await this.#of(tenant).selectAll().where('id', '=', id).executeTakeFirst();
    return row && toText(row);
  }

  async list(tenant: TenantId, { contact, direction, status, callId }: TextFilter, page: Page): Promise<Listed<Text>> {
    let selected = this.#of(tenant);
    if (contact !== undefined) selected = selected.where('contact', '=', contact);
    if (direction !== undefined) selected = selected.where('direction', '=', direction);
    if (status !== undefined) selected = selected.where('status', '=', status);
    if (callId !== undefined) selected = selected.where('call_id', '=', callId);
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected.selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toText), total };
  }

  async threads(tenant: TenantId, page: Page): Promise<Listed<TextThread>> {
    const { total } = await this.#of(tenant)
      .select((eb) => eb.fn.count<number>('contact').distinct().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await this.#db
      .with('newest', (db) =>
        db
          .selectFrom('texts')
          .select((eb) => [eb.fn.max('serial').as('last'), eb.fn.countAll<number>().as('count')])
          .where('tenant_id', '=', tenant)
          .groupBy('contact'),
      )
      .selectFrom('newest')
      .innerJoin('texts', 'texts.serial', 'newest.last')
      .selectAll('texts')
      .select('newest.count')
      .orderBy('texts.serial', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    return { items: rows.map((row) => ({ contact: row.contact, texts: row.count, last: toText(row) })), total };
  }

  async due(nowMs: number, limit: number): Promise<Text[]> {
    const rows = await this.#db
      .selectFrom('texts')
      .selectAll()
      .where('status', '=', sql.lit('pending'))
      .where('next_attempt_at_ms', '<=', nowMs)
      .orderBy('next_attempt_at_ms')
      .limit(limit)
      .execute();
    return rows.map(toText);
  }

  async nextDueMs(nowMs: number): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('texts')
      .select((eb) => eb.fn.min('next_attempt_at_ms').as('due'))
      .where('status', '=', sql.lit('pending'))
      .where('next_attempt_at_ms', '>', nowMs)
      .executeTakeFirst();
    return row?.due ?? undefined;
  }

  #of(tenant: TenantId) {
    return this.#db.selectFrom('texts').where('tenant_id', '=', tenant);
  }
}

const columnsOf = (text: Text) => ({
  direction: text.direction,
  status: text.status,
  contact: text.contact,
  from_uri: text.fromUri,
  from_user: text.fromUser ?? null,
  to_uri: text.toUri,
  text: text.text,
  agent_id: text.agentId ?? null,
  call_id: text.callId ?? null,
  trunk_id: text.trunk?.id ?? null,
  trunk_name: text.trunk?.name ?? null,
  sip_id: text.sipId ?? null,
  sip_code: text.sipCode ?? null,
  failure_reason: text.failureReason ?? null,
  api_key_id: text.apiKeyId ?? null,
  attempts: text.attempts,
  next_attempt_at_ms: text.nextAttemptAtMs === undefined ? null : Math.round(text.nextAttemptAtMs),
  updated_at_ms: Math.round(text.updatedAtMs),
});

/** CHECK constraints keep these casts honest. */
const toText = (row: Selectable<TextsTable>): Text => ({
  id: row.id as TextId,
  tenantId: row.tenant_id as TenantId,
  direction: row.direction as TextDirection,
  status: row.status as TextStatus,
  contact: row.contact,
  fromUri: row.from_uri,
  fromUser: row.from_user ?? undefined,
  toUri: row.to_uri,
  text: row.text,
  agentId: (row.agent_id ?? undefined) as AgentId | undefined,
  callId: (row.call_id ?? undefined) as CallId | undefined,
  trunk: row.trunk_id === null ? undefined : { id: row.trunk_id as TrunkId, name: row.trunk_name ?? '' },
  sipId: row.sip_id ?? undefined,
  sipCode: row.sip_code ?? undefined,
  failureReason: row.failure_reason ?? undefined,
  apiKeyId: (row.api_key_id ?? undefined) as ApiKeyId | undefined,
  attempts: row.attempts,
  nextAttemptAtMs: row.next_attempt_at_ms ?? undefined,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
