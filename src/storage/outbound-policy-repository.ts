import type { Kysely } from 'kysely';
import type { TenantId } from '../core/ids.js';
import type { OutboundPolicy, OutboundPolicyRepository } from '../domain/ports/outbound-policy.js';
import { jsonColumn, toHours, toRetry } from './policy-rows.js';
import type { Tables } from './tables.js';

export class SqlOutboundPolicyRepository implements OutboundPolicyRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async find(tenant: TenantId): Promise<OutboundPolicy | undefined> {
    const row = await this.#db.selectFrom('outbound_policies').selectAll().where('tenant_id', '=', tenant).executeTakeFirst();
    return row && { hours: toHours(row.call_window), retry: toRetry(row.retry) };
  }

  async put(tenant: TenantId, { hours, retry }: OutboundPolicy, nowMs: number): Promise<void> {
    const columns = { call_window: jsonColumn(hours), retry: jsonColumn(retry), updated_at_ms: nowMs };
    await this.#db
      .insertInto('outbound_policies')
      .values({ tenant_id: tenant, ...columns })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(columns))
      .execute();
  }
}
