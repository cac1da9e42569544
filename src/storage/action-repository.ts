import type { Kysely } from 'kysely';
import { AppError } from '../core/errors.js';
import type { ActionId, AgentId, TenantId } from '../core/ids.js';
import { type Action, toolNameOf } from '../domain/action.js';
import type { ActionRepository } from '../domain/ports/action-repository.js';
import { actionColumns, toAction } from './action-rows.js';
import { sqliteCode } from './storage-error.js';
import type { Tables } from './tables.js';

export class SqlActionRepository implements ActionRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(action: Action): Promise<void> {
    const { id, tenantId, agentId, createdAtMs } = action;
    const identity = { id, tenant_id: tenantId, agent_id: agentId, created_at_ms: createdAtMs };
    await sayingTaken(action, async () => {
      await this.#db
        .insertInto('agent_actions')
        .values({ ...identity, tool_name: toolNameOf(action.name), ...actionColumns(action) })
        .execute();
    });
  }

  async update(action: Action): Promise<void> {
    await sayingTaken(action, async () => {
      const changed = await this.#db
        .updateTable('agent_actions')
        .set({ tool_name: toolNameOf(action.name), ...actionColumns(action) })
        .where('tenant_id', '=', action.tenantId)
        .where('id', '=', action.id)
        .where('version', '=', action.version - 1)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 1n) return;
      throw new AppError('conflict', `action ${action.id} is no longer at version ${action.version - 1}`, {
        publicMessage: 'The action was changed by somebody else in the meantime',
      });
    });
  }

  async find(tenant: TenantId, agent: AgentId, id: ActionId): Promise<Action | undefined> {
    const row = await this.#of(tenant, agent).where('id', '=', id).executeTakeFirst();
    return row && toAction(row);
  }

  async agentOf(tenant: TenantId, id: ActionId): Promise<AgentId | undefined> {
    const row = await this.#db
      .selectFrom('agent_actions')
      .select('agent_id')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.agent_id as AgentId | undefined;
  }

  async list(tenant: TenantId, agent: AgentId): Promise<Action[]> {
    return (await this.#of(tenant, agent).orderBy('serial').execute()).map(toAction);
  }

  async delete(tenant: TenantId, agent: AgentId, id: ActionId): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('agent_actions')
      .where('tenant_id', '=', tenant)
      .where('agent_id', '=', agent)
      .where('id', '=', id)
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  #of(tenant: TenantId, agent: AgentId) {
    return this.#db.selectFrom('agent_actions').selectAll().where('tenant_id', '=', tenant).where('agent_id', '=', agent);
  }
}

/** The model knows an action by its name, so two of one agent may not be known by the same. */
async function sayingTaken({ name }: Action, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    throw new AppError('conflict', `an action is known as ${toolNameOf(name)} already`, {
      cause: error,
      publicMessage: 'Another action of the agent has this name, or one that a model cannot tell from it',
      faults: [{ field: 'name', message: 'is taken' }],
    });
  }
}
