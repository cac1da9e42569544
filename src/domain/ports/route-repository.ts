import type { RouteId, TenantId } from '../../core/ids.js';
import type { Route } from '../route.js';
import type { Listed, Page } from './repositories.js';

/** All lists stand in the order in which routes are tried. */
export interface RouteRepository {
  /** @throws AppError `conflict` when the tenant has a route of this name, or `max` of them. */
  insert(route: Route, max: number): Promise<void>;
  /** Replaces the row whose version is `route.version - 1`. @throws AppError `conflict` when somebody else changed it first, or the name is taken. */
  update(route: Route): Promise<void>;
  delete(tenant: TenantId, id: RouteId): Promise<boolean>;
  find(tenant: TenantId, id: RouteId): Promise<Route | undefined>;
  findByName(tenant: TenantId, name: string): Promise<Route | undefined>;
  list(tenant: TenantId, page: Page): Promise<Listed<Route>>;
  enabledOf(tenant: TenantId): Promise<Route[]>;
}
