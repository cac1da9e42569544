import type { Kysely, Selectable } from 'kysely';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { RouteId, TenantId } from '../core/ids.js';
import { WEEKDAYS } from '../domain/call-window.js';
import { HEADER_PARTS } from '../domain/header-variables.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { RouteRepository } from '../domain/ports/route-repository.js';
import type { Route, RouteRule } from '../domain/route.js';
import { sqliteCode } from './storage-error.js';
import type { RoutesTable, Tables } from './tables.js';

export class SqlRouteRepository implements RouteRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(route: Route, max: number): Promise<void> {
    const identity = { id: route.id, tenant_id: route.tenantId, created_at_ms: route.createdAtMs };
    await sayingTaken(route, () =>
      this.#db.transaction().execute(async (trx) => {
        const { count } = await trx
          .selectFrom('routes')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('tenant_id', '=', route.tenantId)
          .executeTakeFirstOrThrow();
        if (count >= max) {
          throw new AppError('conflict', 'as many routes as may be', { publicMessage: `There may be ${max} routes at most` });
        }
        await trx
          .insertInto('routes')
          .values({ ...identity, ...columnsOf(route) })
          .execute();
      }),
    );
  }

  async update(route: Route): Promise<void> {
    await sayingTaken(route, async () => {
      const changed = await this.#db
        .updateTable('routes')
        .set(columnsOf(route))
        .where('tenant_id', '=', route.tenantId)
        .where('id', '=', route.id)
        .where('version', '=', route.version - 1)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 1n) return;
      throw new AppError('conflict', `route ${route.id} is no longer at version ${route.version - 1}`, {
        publicMessage: 'The route was changed by somebody else in the meantime',
      });
    });
  }

  async delete(tenant: TenantId, id: RouteId): Promise<boolean> {
    const deleted = await this.#db.deleteFrom('routes').where('tenant_id', '=', tenant).where('id', '=', id).executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  async find(tenant: TenantId, id: RouteId): Promise<Route | undefined> {
    const row = await this.#of(tenant).where('id', '=', id).executeTakeFirst();
    return row && toRoute(row);
  }

  async findByName(tenant: TenantId, name: string): Promise<Route | undefined> {
    const row = await this.#of(tenant).where('name', '=', name).executeTakeFirst();
    return row && toRoute(row);
  }

  async list(tenant: TenantId, page: Page): Promise<Listed<Route>> {
    const { total } = await this.#db
      .selectFrom('routes')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('tenant_id', '=', tenant)
      .executeTakeFirstOrThrow();
    const rows = await this.#of(tenant).limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toRoute), total };
  }

  async enabledOf(tenant: TenantId): Promise<Route[]> {
    const rows = await this.#of(tenant).where('enabled', '=', 1).execute();
    return rows.map(toRoute);
  }

  #of(tenant: TenantId) {
    return this.#db.selectFrom('routes').selectAll().where('tenant_id', '=', tenant).orderBy('priority').orderBy('serial');
  }
}

/** The name is the only thing two routes can quarrel over. */
async function sayingTaken(route: Route, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    throw new AppError('conflict', `route name ${route.name} is taken`, {
      cause: error,
      publicMessage: 'Another route has this name',
      faults: [{ field: 'name', message: 'is taken' }],
    });
  }
}

const columnsOf = ({ name, enabled, priority, match, target, variables, version, updatedAtMs }: Route) => ({
  name,
  enabled: enabled ? (1 as const) : (0 as const),
  priority,
  rule: JSON.stringify({ match, target, variables } satisfies Omit<RouteRule, 'name'>),
  version,
  updated_at_ms: updatedAtMs,
});

const DIRECT = [
  z.object({ type: z.literal('agent'), agent: z.string(), answersTexts: z.boolean().optional() }),
  z.object({ type: z.literal('redirect'), to: z.string() }),
  z.object({ type: z.literal('reject'), status: z.number() }),
  z.object({ type: z.literal('announcement'), text: z.string(), agent: z.string().optional() }),
] as const;

const RuleJson = z.object({
  match: z.object({
    trunks: z.array(z.string()),
    called: z.array(z.string()),
    callers: z.array(z.string()),
    anonymous: z.boolean().optional(),
    headers: z.record(z.string(), z.string()),
    schedule: z
      .object({
        timezone: z.string(),
        hours: z.array(z.object({ days: z.array(z.enum(WEEKDAYS)), from: z.string(), to: z.string() })),
        dates: z.array(z.string()),
        exceptDates: z.array(z.string()),
      })
      .optional(),
  }),
  target: z.discriminatedUnion('type', [
    ...DIRECT,
    z.object({
      type: z.literal('transfer'),
      to: z.array(z.string()),
      ringTimeoutMs: z.number().optional(),
      otherwise: z.discriminatedUnion('type', DIRECT).optional(),
    }),
  ]),
  variables: z.array(z.object({ name: z.string(), header: z.string(), part: z.enum(HEADER_PARTS) })),
});

const toRoute = (row: Selectable<RoutesTable>): Route => ({
  // What was undefined when it was written is absent now, which reads the same.
  ...(RuleJson.parse(JSON.parse(row.rule)) as Omit<RouteRule, 'name'>),
  id: row.id as RouteId,
  tenantId: row.tenant_id as TenantId,
  name: row.name,
  enabled: row.enabled === 1,
  priority: row.priority,
  version: row.version,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
