import type { Kysely, Selectable } from 'kysely';
import type { TenantId, UserId } from '../core/ids.js';
import type { Organization, OrganizationPatch, Retention } from '../domain/identity.js';
import type { OrganizationRepository } from '../domain/ports/identity.js';
import type { TenantsTable } from './identity-tables.js';
import type { Tables } from './tables.js';

export class SqlOrganizationRepository implements OrganizationRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert({ id, name, corsOrigins, createdAtMs, updatedAtMs }: Organization, owner: UserId): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.insertInto('tenants').values({ id, name, created_at_ms: createdAtMs, updated_at_ms: updatedAtMs }).execute();
      await putOrigins(trx, id, corsOrigins);
      const membership = { tenant_id: id, user_id: owner, role: 'owner', since_ms: createdAtMs };
      await trx.insertInto('memberships').values(membership).execute();
    });
  }

  async find(id: TenantId): Promise<Organization | undefined> {
    return await findOrganization(this.#db, id);
  }

  async all(): Promise<Organization[]> {
    const rows = await this.#db.selectFrom('tenants').selectAll().orderBy('created_at_ms').orderBy('id').execute();
    return await Promise.all(rows.map((row) => withOrigins(this.#db, row)));
  }

  async patch(
    id: TenantId,
    { name, corsOrigins, retention = {} }: OrganizationPatch,
    atMs: number,
  ): Promise<Organization | undefined> {
    return await this.#db.transaction().execute(async (trx) => {
      await trx
        .updateTable('tenants')
        .set({
          updated_at_ms: atMs,
          ...(name === undefined ? {} : { name }),
          ...(retention.callsDays === undefined ? {} : { retention_calls_days: retention.callsDays }),
          ...(retention.recordingsDays === undefined ? {} : { retention_recordings_days: retention.recordingsDays }),
        })
        .where('id', '=', id)
        .execute();
      if (corsOrigins) {
        await trx.deleteFrom('tenant_origins').where('tenant_id', '=', id).execute();
        await putOrigins(trx, id, corsOrigins);
      }
      return await findOrganization(trx, id);
    });
  }

  async allowsOrigin(origin: string, tenant?: TenantId): Promise<boolean> {
    let query = this.#db.selectFrom('tenant_origins').select('origin').where('origin', '=', origin);
    if (tenant !== undefined) query = query.where('tenant_id', '=', tenant);
    return (await query.limit(1).executeTakeFirst()) !== undefined;
  }
}

export const toRetention = (
  row: Pick<Selectable<TenantsTable>, 'retention_calls_days' | 'retention_recordings_days'>,
): Retention => ({
  callsDays: row.retention_calls_days ?? undefined,
  recordingsDays: row.retention_recordings_days ?? undefined,
});

async function putOrigins(db: Kysely<Tables>, id: TenantId, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  await db
    .insertInto('tenant_origins')
    .values(origins.map((origin) => ({ tenant_id: id, origin })))
    .execute();
}

async function findOrganization(db: Kysely<Tables>, id: TenantId): Promise<Organization | undefined> {
  const row = await db.selectFrom('tenants').selectAll().where('id', '=', id).executeTakeFirst();
  return row && withOrigins(db, row);
}

export async function withOrigins(db: Kysely<Tables>, row: Selectable<TenantsTable>): Promise<Organization> {
  const origins = await db
    .selectFrom('tenant_origins')
    .select('origin')
    .where('tenant_id', '=', row.id)
    .orderBy('origin')
    .execute();
  return {
    id: row.id as TenantId,
    name: row.name,
    corsOrigins: origins.map(({ origin }) => origin),
    retention: toRetention(row),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}
