import type { Kysely, Selectable } from 'kysely';
import { AppError } from '../core/errors.js';
import type { TenantId } from '../core/ids.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { WebhookRegistry } from '../domain/ports/webhook-subscriptions.js';
import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../domain/webhook.js';
import type { RegisteredWebhook, WebhookPatch } from '../domain/webhook-subscription.js';
import { EventTypesJson } from './rows.js';
import { sqliteCode } from './storage-error.js';
import type { Tables, WebhookSubscriptionsTable } from './tables.js';

export class SqlWebhookRegistry implements WebhookRegistry {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(webhook: RegisteredWebhook, max: number): Promise<void> {
    await sayingConflict(() =>
      this.#db.transaction().execute(async (trx) => {
        const { count } = await trx
          .selectFrom('webhook_subscriptions')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('tenant_id', '=', webhook.tenantId)
          .executeTakeFirstOrThrow();
        if (count >= max) {
          throw new AppError('conflict', 'as many webhooks as may be', { publicMessage: `There may be ${max} webhooks at most` });
        }
        await trx.insertInto('webhook_subscriptions').values(rowOf(webhook)).execute();
      }),
    );
  }

  async find(tenant: TenantId, id: string): Promise<RegisteredWebhook | undefined> {
    const row = await this.#of(tenant).selectAll().where('id', '=', id).executeTakeFirst();
    return row && toWebhook(row);
  }

  async list(tenant: TenantId, page: Page): Promise<Listed<RegisteredWebhook>> {
    const { total } = await this.#of(tenant)
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    const rows = await this.#of(tenant).selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toWebhook), total };
  }

  async patch(tenant: TenantId, id: string, patch: WebhookPatch, nowMs: number): Promise<RegisteredWebhook | undefined> {
    const row = await sayingConflict(() =>
      this.#db
        .updateTable('webhook_subscriptions')
        .set({
          ...(patch.url === undefined ? {} : { url: patch.url }),
          ...(patch.events === undefined ? {} : { events: JSON.stringify(patch.events) }),
          ...('description' in patch ? { description: patch.description ?? null } : {}),
          ...(patch.enabled === undefined ? {} : { enabled: patch.enabled ? 1 : 0 }),
          updated_at_ms: nowMs,
        })
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    );
    return row && toWebhook(row);
  }

  async rotate(
    tenant: TenantId,
    id: string,
    by: { secret: string; previousUntilMs: number },
    nowMs: number,
  ): Promise<RegisteredWebhook | undefined> {
    const row = await this.#db
      .updateTable('webhook_subscriptions')
      .set((eb) => ({
        previous_secret: eb.ref('secret'),
        previous_until_ms: by.previousUntilMs,
        secret: by.secret,
        updated_at_ms: nowMs,
      }))
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    return row && toWebhook(row);
  }

  async delete(tenant: TenantId, id: string): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('webhook_subscriptions')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  async askingFor(tenant: TenantId, event: WebhookEventType): Promise<RegisteredWebhook[]> {
    const rows = await this.#of(tenant).selectAll().where('enabled', '=', 1).orderBy('serial').execute();
    return rows.map(toWebhook).filter(({ events }) => events.includes(event));
  }

  async secretsOf(id: string, nowMs: number): Promise<string[]> {
    const row = await this.#db
      .selectFrom('webhook_subscriptions')
      .select(['secret', 'previous_secret', 'previous_until_ms'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return [];
    const { secret, previous_secret: previous, previous_until_ms: untilMs } = row;
    return previous !== null && (untilMs ?? 0) > nowMs ? [secret, previous] : [secret];
  }

  #of(tenant: TenantId) {
    return this.#db.selectFrom('webhook_subscriptions').where('tenant_id', '=', tenant);
  }
}

async function sayingConflict<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (sqliteCode(cause) !== 'SQLITE_CONSTRAINT_UNIQUE') throw cause;
    throw new AppError('conflict', 'a webhook of this URL exists', { cause, publicMessage: 'There is a webhook with this URL' });
  }
}

const rowOf = (webhook: RegisteredWebhook) => ({
  id: webhook.id,
  tenant_id: webhook.tenantId,
  url: webhook.url,
  events: JSON.stringify(webhook.events),
  description: webhook.description ?? null,
  enabled: webhook.enabled ? (1 as const) : (0 as const),
  secret: webhook.secret,
  previous_secret: webhook.previous?.secret ?? null,
  previous_until_ms: webhook.previous?.untilMs ?? null,
  created_at_ms: webhook.createdAtMs,
  updated_at_ms: webhook.updatedAtMs,
});

function toWebhook(row: Selectable<WebhookSubscriptionsTable>): RegisteredWebhook {
  const events = EventTypesJson.parse(JSON.parse(row.events));
  return {
    id: row.id,
    tenantId: row.tenant_id as TenantId,
    url: row.url,
    events: WEBHOOK_EVENT_TYPES.filter((type) => events.includes(type)),
    description: row.description ?? undefined,
    enabled: row.enabled === 1,
    secret: row.secret,
    previous: row.previous_secret === null ? undefined : { secret: row.previous_secret, untilMs: row.previous_until_ms ?? 0 },
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
