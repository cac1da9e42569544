import type { Clock } from '../core/clock.js';
import type { TenantId } from '../core/ids.js';
import type { InboundRoutes, ToRoute } from '../domain/ports/inbound-routes.js';
import type { RouteRepository } from '../domain/ports/route-repository.js';
import type { Route, RouteRule } from '../domain/route.js';
import { mismatchOf } from './route-match.js';

export type RouteTableDeps = { routes: Pick<RouteRepository, 'enabledOf'>; clock: Clock };

/** The routes of all tenants as calls find them: read once, and again after a change. */
export class RouteTable implements InboundRoutes {
  readonly #deps: RouteTableDeps;
  readonly #known = new Map<TenantId, Promise<Route[]>>();

  constructor(deps: RouteTableDeps) {
    this.#deps = deps;
  }

  async find(tenant: TenantId, call: ToRoute, others: readonly RouteRule[]): Promise<RouteRule | undefined> {
    const nowMs = this.#deps.clock.nowMs();
    const own = await this.#routesOf(tenant);
    return [...own, ...others].find(({ match }) => mismatchOf(match, call, nowMs) === undefined);
  }

  changed(tenant: TenantId): void {
    this.#known.delete(tenant);
  }

  #routesOf(tenant: TenantId): Promise<Route[]> {
    const known = this.#known.get(tenant);
    if (known) return known;
    const read = this.#deps.routes.enabledOf(tenant);
    this.#known.set(tenant, read);
    // What could not be read is not remembered.
    read.catch(() => {
      if (this.#known.get(tenant) === read) this.#known.delete(tenant);
    });
    return read;
  }
}
