import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import type { AgentId, ApiKeyId, TenantId } from '../core/ids.js';
import { type ApiKey, DIALECTS, isScope } from '../domain/api-key.js';
import type { ApiKeyRepository } from '../domain/ports/repositories.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';
import { jsonColumn, toLimits } from './policy-rows.js';
import { ScopesJson } from './rows.js';
import type { ApiKeysTable, Tables } from './tables.js';

export class SqlApiKeyRepository implements ApiKeyRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(key: ApiKey): Promise<void> {
    await this.#db
      .insertInto('api_keys')
      .values({
        id: key.id,
        tenant_id: key.tenantId,
        name: key.name,
        dialect: key.dialect,
        agent_id: key.agentId ?? null,
        prefix: key.prefix,
        hash: key.hash,
        scopes: key.scopes === undefined ? null : JSON.stringify(key.scopes),
        limits: jsonColumn(key.limits),
        created_at_ms: key.createdAtMs,
        expires_at_ms: key.expiresAtMs ?? null,
        last_used_at_ms: key.lastUsedAtMs ?? null,
        revoked_at_ms: key.revokedAtMs ?? null,
      })
      .execute();
  }

  async findByHash(hash: string): Promise<ApiKey | undefined> {
    const row = await this.#db.selectFrom('api_keys').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row && toKey(row);
  }

  async find(tenant: TenantId, id: ApiKeyId): Promise<ApiKey | undefined> {
    const row = await this.#db
      .selectFrom('api_keys')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toKey(row);
  }

  async list(tenant: TenantId): Promise<ApiKey[]> {
    const rows = await this.#db
      .selectFrom('api_keys')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toKey);
  }

  async revoke(tenant: TenantId, id: ApiKeyId, atMs: number): Promise<boolean> {
    const revoked = await this.#db
      .updateTable('api_keys')
      .set({ revoked_at_ms: atMs })
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('revoked_at_ms', 'is', null)
      .executeTakeFirst();
    return revoked.numUpdatedRows === 1n;
  }

  async replace(
    tenant: TenantId,
    id: ApiKeyId,
    { prefix, hash, expiresAtMs }: Pick<ApiKey, 'prefix' | 'hash' | 'expiresAtMs'>,
  ): Promise<boolean> {
    const replaced = await this.#db
      .updateTable('api_keys')
      .set({ prefix, hash, expires_at_ms: expiresAtMs ?? null, last_used_at_ms: null })
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('revoked_at_ms', 'is', null)
      .executeTakeFirst();
    return replaced.numUpdatedRows === 1n;
  }

  async setLimits(tenant: TenantId, id: ApiKeyId, limits: TollLimits | undefined): Promise<boolean> {
    const updated = await this.#db
      .updateTable('api_keys')
      .set({ limits: jsonColumn(limits) })
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return updated.numUpdatedRows === 1n;
  }

  async limits(): Promise<{ id: ApiKeyId; limits: TollLimits }[]> {
    const rows = await this.#db.selectFrom('api_keys').select(['id', 'limits']).where('limits', 'is not', null).execute();
    return rows.flatMap((row) => {
      const limits = toLimits(row.limits);
      return limits ? [{ id: row.id as ApiKeyId, limits }] : [];
    });
  }

  async touch(id: ApiKeyId, atMs: number): Promise<void> {
    await this.#db.updateTable('api_keys').set({ last_used_at_ms: atMs }).where('id', '=', id).execute();
  }
}

const toKey = (row: Selectable<ApiKeysTable>): ApiKey => ({
  id: row.id as ApiKeyId,
  tenantId: row.tenant_id as TenantId,
  name: row.name,
  dialect: z.enum(DIALECTS).parse(row.dialect),
  agentId: (row.agent_id ?? undefined) as AgentId | undefined,
  prefix: row.prefix,
  hash: row.hash,
  // A scope that this version does not know opens nothing in it.
  scopes: row.scopes === null ? undefined : ScopesJson.parse(JSON.parse(row.scopes)).filter(isScope),
  limits: toLimits(row.limits),
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms ?? undefined,
  lastUsedAtMs: row.last_used_at_ms ?? undefined,
  revokedAtMs: row.revoked_at_ms ?? undefined,
});
