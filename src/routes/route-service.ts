import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { newRouteId, type RouteId, type TenantId } from '../core/ids.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { RouteRepository } from '../domain/ports/route-repository.js';
import type { Route } from '../domain/route.js';
import type { RouteBody, RouteChanges } from './route-input.js';
import type { RouteTable } from './route-table.js';
import { presentSettings, toSettings } from './route-translation.js';

export type RouteServiceDeps = { routes: RouteRepository; table: Pick<RouteTable, 'changed'>; clock: Clock };

const MAX_ROUTES = 1000;
/** Somebody else may change the same route between our look and our write. */
const MAX_ATTEMPTS = 5;

/** A tenant's routes as they are set up; calls find them in the table. */
export class RouteService {
  readonly #deps: RouteServiceDeps;

  constructor(deps: RouteServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `conflict` when the name is taken, or there are as many as there may be. */
  async create(tenant: TenantId, body: RouteBody): Promise<Route> {
    const nowMs = this.#deps.clock.nowMs();
    const identity = { id: newRouteId(), tenantId: tenant, version: 1, createdAtMs: nowMs, updatedAtMs: nowMs };
    const route: Route = { ...toSettings(body), ...identity };
    await this.#deps.routes.insert(route, MAX_ROUTES);
    this.#deps.table.changed(tenant);
    return route;
  }

  /** @throws AppError `route_not_found` */
  async get(tenant: TenantId, id: RouteId): Promise<Route> {
    const route = await this.#deps.routes.find(tenant, id);
    if (!route) throw notFound(id);
    return route;
  }

  list(tenant: TenantId, page: Page): Promise<Listed<Route>> {
    return this.#deps.routes.list(tenant, page);
  }

  /**
   * Two patches at once both take effect, one after the other. Calls in progress go on as they began.
   *
   * @throws AppError `route_not_found`, or `conflict` when the name is taken.
   */
  async patch(tenant: TenantId, id: RouteId, changes: RouteChanges): Promise<Route> {
    for (let attempt = 1; ; attempt += 1) {
      const present = await this.get(tenant, id);
      const settings = toSettings({ ...presentSettings(present), ...definedOf(changes) });
      const next: Route = { ...present, ...settings, version: present.version + 1, updatedAtMs: this.#deps.clock.nowMs() };
      try {
        await this.#deps.routes.update(next);
        this.#deps.table.changed(tenant);
        return next;
      } catch (error) {
        const changedMeanwhile = error instanceof AppError && error.code === 'conflict' && error.faults.length === 0;
        if (!changedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  /** @throws AppError `route_not_found` */
  async delete(tenant: TenantId, id: RouteId): Promise<void> {
    if (!(await this.#deps.routes.delete(tenant, id))) throw notFound(id);
    this.#deps.table.changed(tenant);
  }

  /** Makes the tenant's routes of these names be as they are given; others stay. */
  async import(tenant: TenantId, bodies: readonly RouteBody[]): Promise<void> {
    for (const body of bodies) {
      const present = await this.#deps.routes.findByName(tenant, body.name);
      if (!present) await this.create(tenant, body);
      else if (JSON.stringify(presentSettings(present)) !== JSON.stringify(presentSettings(toSettings(body)))) {
        await this.patch(tenant, present.id, body);
      }
    }
  }
}

const notFound = (id: RouteId): AppError => new AppError('route_not_found', `no route ${id}`);

/** A field that was not sent leaves the present one. */
const definedOf = (changes: RouteChanges): Partial<RouteBody> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
