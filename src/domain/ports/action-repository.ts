import type { ActionId, AgentId, TenantId } from '../../core/ids.js';
import type { Action } from '../action.js';

export interface ActionRepository {
  insert(action: Action): Promise<void>;
  /** @throws AppError `conflict` when it is no longer at the version before. */
  update(action: Action): Promise<void>;
  find(tenant: TenantId, agent: AgentId, id: ActionId): Promise<Action | undefined>;
  /** Whose it is; undefined: there is none of this id. */
  agentOf(tenant: TenantId, id: ActionId): Promise<AgentId | undefined>;
  /** In the order they were made. */
  list(tenant: TenantId, agent: AgentId): Promise<Action[]>;
  delete(tenant: TenantId, agent: AgentId, id: ActionId): Promise<boolean>;
}
