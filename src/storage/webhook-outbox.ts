import { randomBytes } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { CallId, TenantId, TextId } from '../core/ids.js';
import type { CallStatus } from '../domain/call.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { DeliveryFilter, NewDelivery, WebhookOutbox } from '../domain/ports/webhooks.js';
import type { TextStatus } from '../domain/text.js';
import {
  type DeliveryAttempt,
  type DeliveryState,
  WEBHOOK_EVENT_TYPES,
  type WebhookDelivery,
  type WebhookEvent,
  type WebhookEventType,
} from '../domain/webhook.js';
import { participantOf } from './participant-rows.js';
import { EventTypesJson } from './rows.js';
import type { Tables, WebhookDeliveriesTable, WebhookEventsTable } from './tables.js';

const SECRET_BYTES = 32;
/** What a delivery shows of its event. */
const ABOUT = ['webhook_events.call_id', 'webhook_events.text_id', 'webhook_events.event_type'] as const;

/** Events are written by triggers on `calls` and `texts`; see the migrations. */
export class SqlWebhookOutbox implements WebhookOutbox {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async undispatched(limit: number): Promise<WebhookEvent[]> {
    const { rows } = await sql<UndispatchedRow>`
      SELECT e.*, calls.task_id, tasks.webhook_url, tasks.webhook_events
      FROM webhook_events e LEFT JOIN calls ON calls.id = e.call_id LEFT JOIN tasks ON tasks.id = calls.task_id
      WHERE e.dispatched = 0 ORDER BY e.created_at_ms, e.rowid LIMIT ${limit}`.execute(this.#db);
    return rows.map((row) => ({
      id: row.id,
      tenantId: row.tenant_id as TenantId,
      callId: (row.call_id ?? undefined) as CallId | undefined,
      textId: (row.text_id ?? undefined) as TextId | undefined,
      taskId: row.task_id ?? undefined,
      type: row.event_type as WebhookEventType,
      status: row.status as CallStatus | TextStatus,
      participant: row.participant === null ? undefined : participantOf(row.participant),
      atMs: row.created_at_ms,
      taskWebhook: row.webhook_url === null ? undefined : { url: row.webhook_url, events: eventTypes(row.webhook_events) },
    }));
  }

  async dispatch(event: WebhookEvent, deliveries: readonly NewDelivery[], nowMs: number): Promise<void> {
    if (deliveries.length === 0) {
      await this.#db.deleteFrom('webhook_events').where('id', '=', event.id).execute();
      return;
    }
    const common = {
      event_id: event.id,
      tenant_id: event.tenantId,
      state: 'pending',
      attempts: 0,
      next_attempt_at_ms: nowMs,
      created_at_ms: nowMs,
    };
    await this.#db.transaction().execute(async (trx) => {
      const marked = await trx
        .updateTable('webhook_events')
        .set({ dispatched: 1 })
        .where('id', '=', event.id)
        .where('dispatched', '=', 0)
        .executeTakeFirst();
      // Its call was deleted in the meantime, or somebody else was quicker.
      if (marked.numUpdatedRows !== 1n) return;
      await trx
        .insertInto('webhook_deliveries')
        .values(
          deliveries.map(({ id, url, body, subscriptionId }) => ({
            ...common,
            id,
            url,
            body,
            subscription_id: subscriptionId ?? null,
          })),
        )
        .execute();
    });
  }

  async due(nowMs: number, limits: { perUrl: number; total: number }): Promise<WebhookDelivery[]> {
    // One address that is slow must not fill the list and keep the others waiting.
    const rows = await this.#db
      .with('ranked', (db) =>
        db
          .selectFrom('webhook_deliveries')
          .select('id')
          .select(sql<number>`row_number() OVER (PARTITION BY url ORDER BY next_attempt_at_ms, serial)`.as('place'))
          .where('state', '=', 'pending')
          .where('next_attempt_at_ms', '<=', nowMs),
      )
      .selectFrom('ranked')
      .innerJoin('webhook_deliveries', 'webhook_deliveries.id', 'ranked.id')
      .innerJoin('webhook_events', 'webhook_events.id', 'webhook_deliveries.event_id')
      .selectAll('webhook_deliveries')
      .select(ABOUT)
      .where('ranked.place', '<=', limits.perUrl)
      .orderBy('webhook_deliveries.next_attempt_at_ms')
      .orderBy('webhook_deliveries.serial')
      .limit(limits.total)
      .execute();
    return rows.map(toDelivery);
  }

  async record(
    id: string,
    attempt: DeliveryAttempt,
    next: { state: 'delivered' | 'dead' } | { state: 'pending'; atMs: number },
  ): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const changed = await trx
        .updateTable('webhook_deliveries')
        .set((eb) => ({
          state: next.state,
          attempts: eb('attempts', '+', 1),
          ...(next.state === 'pending' ? { next_attempt_at_ms: Math.round(next.atMs) } : {}),
        }))
        .where('id', '=', id)
        .executeTakeFirst();
      // Its call was deleted while it was under way.
      if (changed.numUpdatedRows !== 1n) return;
      await trx
        .insertInto('webhook_attempts')
        .values({
          delivery_id: id,
          at_ms: Math.round(attempt.atMs),
          duration_ms: attempt.durationMs,
          status_code: attempt.statusCode ?? null,
          error: attempt.error ?? null,
        })
        .execute();
    });
  }

  async prune(beforeMs: number): Promise<void> {
    await sql`
      DELETE FROM webhook_events WHERE dispatched = 1 AND created_at_ms < ${beforeMs} AND NOT EXISTS (
        SELECT 1 FROM webhook_deliveries d WHERE d.event_id = webhook_events.id AND d.state <> 'delivered')`.execute(this.#db);
  }

  async secretOf(tenant: TenantId): Promise<string> {
    const find = this.#db.selectFrom('webhook_secrets').select('secret').where('tenant_id', '=', tenant);
    const row = await find.executeTakeFirst();
    if (row) return row.secret;
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    await this.#db
      .insertInto('webhook_secrets')
      .values({ tenant_id: tenant, secret })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return (await find.executeTakeFirstOrThrow()).secret;
  }

  async list(tenant: TenantId, filter: DeliveryFilter, page: Page): Promise<Listed<WebhookDelivery>> {
    let selected = this.#deliveries(tenant);
    if (filter.state !== undefined) selected = selected.where('state', '=', filter.state);
    if (filter.subscriptionId !== undefined) selected = selected.where('subscription_id', '=', filter.subscriptionId);
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected
      .selectAll('webhook_deliveries')
      .select(ABOUT)
      .orderBy('serial', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    return { items: rows.map(toDelivery), total };
  }

  async attempts(tenant: TenantId, id: string): Promise<{ delivery: WebhookDelivery; attempts: DeliveryAttempt[] } | undefined> {
    const row = await this.#deliveries(tenant)
      .selectAll('webhook_deliveries')
      .select(ABOUT)
      .where('webhook_deliveries.id', '=', id)
      .executeTakeFirst();
    if (!row) return undefined;
    const attempts = await this.#db
      .selectFrom('webhook_attempts')
      .selectAll()
      .where('delivery_id', '=', id)
      .orderBy('serial')
      .execute();
    return {
      delivery: toDelivery(row),
      attempts: attempts.map((attempt) => ({
        atMs: attempt.at_ms,
        durationMs: attempt.duration_ms,
        statusCode: attempt.status_code ?? undefined,
        error: attempt.error ?? undefined,
      })),
    };
  }

  async replay(tenant: TenantId, id: string, nowMs: number): Promise<boolean> {
    const changed = await this.#db
      .updateTable('webhook_deliveries')
      .set({ state: 'pending', attempts: 0, next_attempt_at_ms: nowMs })
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('state', '=', 'dead')
      .executeTakeFirst();
    return changed.numUpdatedRows === 1n;
  }

  #deliveries(tenant: TenantId) {
    return this.#db
      .selectFrom('webhook_deliveries')
      .innerJoin('webhook_events', 'webhook_events.id', 'webhook_deliveries.event_id')
      .where('webhook_deliveries.tenant_id', '=', tenant);
  }
}

type UndispatchedRow = Selectable<WebhookEventsTable> & {
  task_id: string | null;
  webhook_url: string | null;
  webhook_events: string | null;
};

const eventTypes = (json: string | null): readonly WebhookEventType[] => {
  const asked = EventTypesJson.parse(JSON.parse(json ?? '[]'));
  return WEBHOOK_EVENT_TYPES.filter((type) => asked.includes(type));
};

type DeliveryRow = Selectable<WebhookDeliveriesTable> &
  Pick<Selectable<WebhookEventsTable>, 'call_id' | 'text_id' | 'event_type'>;

const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  id: row.id,
  eventId: row.event_id,
  tenantId: row.tenant_id as TenantId,
  callId: (row.call_id ?? undefined) as CallId | undefined,
  textId: (row.text_id ?? undefined) as TextId | undefined,
  eventType: row.event_type as WebhookEventType,
  url: row.url,
  subscriptionId: row.subscription_id ?? undefined,
  body: row.body,
  state: row.state as DeliveryState,
  attempts: row.attempts,
  nextAttemptAtMs: row.next_attempt_at_ms,
  createdAtMs: row.created_at_ms,
});
