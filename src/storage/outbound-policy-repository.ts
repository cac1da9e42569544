import type { Kysely } from 'kysely';
import type { ApiKeyId, TenantId } from '../core/ids.js';
import type { OutboundPolicy, OutboundPolicyRepository, Placed } from '../domain/ports/outbound-policy.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';
import { jsonColumn, toHours, toLimits, toRetry } from './policy-rows.js';
import type { Tables } from './tables.js';

export class SqlOutboundPolicyRepository implements OutboundPolicyRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async find(tenant: TenantId): Promise<OutboundPolicy | undefined> {
    const row = await this.#db.selectFrom('outbound_policies').selectAll().where('tenant_id', '=', tenant).executeTakeFirst();
    return row && { hours: toHours(row.call_window), retry: toRetry(row.retry), limits: toLimits(row.limits) };
  }

  async put(tenant: TenantId, { hours, retry, limits }: OutboundPolicy, nowMs: number): Promise<void> {
    const policy = { call_window: jsonColumn(hours), retry: jsonColumn(retry), limits: jsonColumn(limits) };
    const columns = { ...policy, updated_at_ms: nowMs };
    await this.#db
      .insertInto('outbound_policies')
      .values({ tenant_id: tenant, ...columns })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(columns))
      .execute();
  }

  async limits(): Promise<{ tenantId: TenantId; limits: TollLimits }[]> {
    const rows = await this.#db.selectFrom('outbound_policies').select(['tenant_id', 'limits']).execute();
    return rows.flatMap((row) => {
      const limits = toLimits(row.limits);
      return limits ? [{ tenantId: row.tenant_id as TenantId, limits }] : [];
    });
  }

  async placedSince(sinceMs: number): Promise<Placed[]> {
    const texts = this.#db
      .selectFrom('texts')
      .select(['tenant_id', 'api_key_id', 'created_at_ms as at_ms'])
      .where('direction', '=', 'outbound')
      .where('created_at_ms', '>', sinceMs);
    const rows = await this.#db
      .selectFrom('calls')
      .select(['tenant_id', 'api_key_id', 'started_at_ms as at_ms'])
      .where('direction', '=', 'outbound')
      .where('started_at_ms', '>', sinceMs)
      .unionAll(texts)
      .orderBy('at_ms')
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id as TenantId,
      apiKeyId: (row.api_key_id ?? undefined) as ApiKeyId | undefined,
      startedAtMs: row.at_ms,
    }));
  }
}
