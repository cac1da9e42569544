import type { Kysely, Selectable } from 'kysely';
import type { AgentId, TenantId, TextHookId } from '../core/ids.js';
import type { TextHook, TextHookRepository } from '../domain/text-hook.js';
import type { Tables } from './tables.js';

export type TextHooksTable = {
  id: string;
  tenant_id: string;
  agent_id: string;
  sealed_secret: string;
  created_at_ms: number;
};

export class SqlTextHookRepository implements TextHookRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(hook: TextHook): Promise<void> {
    await this.#db
      .insertInto('text_hooks')
      .values({
        id: hook.id,
        tenant_id: hook.tenantId,
        agent_id: hook.agentId,
        sealed_secret: hook.sealedSecret,
        created_at_ms: hook.createdAtMs,
      })
      .execute();
  }

  async find(id: TextHookId): Promise<TextHook | undefined> {
    const row = await this.#db.selectFrom('text_hooks').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toHook(row);
  }

  async list(tenant: TenantId): Promise<TextHook[]> {
    const selected = this.#db.selectFrom('text_hooks').selectAll().where('tenant_id', '=', tenant);
    return (await selected.orderBy('created_at_ms').orderBy('id').execute()).map(toHook);
  }

  async delete(tenant: TenantId, id: TextHookId): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('text_hooks')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }
}

const toHook = (row: Selectable<TextHooksTable>): TextHook => ({
  id: row.id as TextHookId,
  tenantId: row.tenant_id as TenantId,
  agentId: row.agent_id as AgentId,
  sealedSecret: row.sealed_secret,
  createdAtMs: row.created_at_ms,
});
