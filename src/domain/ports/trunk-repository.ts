import type { TenantId, TrunkId } from '../../core/ids.js';
import type { Trunk } from '../trunk.js';
import type { Listed, Page } from './repositories.js';

export interface TrunkRepository {
  /** @throws AppError `conflict` when the tenant has a trunk of this name. */
  insert(trunk: Trunk): Promise<void>;
  /** Replaces the row whose version is `trunk.version - 1`. @throws AppError `conflict` when somebody else changed it first, or the name is taken. */
  update(trunk: Trunk): Promise<void>;
  delete(tenant: TenantId, id: TrunkId): Promise<boolean>;
  find(tenant: TenantId, id: TrunkId): Promise<Trunk | undefined>;
  findByName(tenant: TenantId, name: string): Promise<Trunk | undefined>;
  list(tenant: TenantId, page: Page): Promise<Listed<Trunk>>;
  /** The enabled ones of all tenants, oldest first. */
  enabled(): Promise<Trunk[]>;
}
