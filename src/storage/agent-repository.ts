import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { AppError, toError } from '../core/errors.js';
import type { AgentId, TenantId } from '../core/ids.js';
import type { Agent, AgentSettings, AgentVersion } from '../domain/agent.js';
import { OPEN_STATUSES } from '../domain/campaign.js';
import type { AgentRepository, Deployment, Listed, Page } from '../domain/ports/repositories.js';
import { lineColumns, lineOf } from './agent-line-rows.js';
import { parseSettings, settingsJson } from './agent-settings-json.js';
import { sqliteCode } from './storage-error.js';
import type { AgentsTable, Tables } from './tables.js';

/** Each version's settings are a row of their own, so that a call can be read with what it began with. */
export class SqlAgentRepository implements AgentRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(agent: Agent, limit = Number.POSITIVE_INFINITY): Promise<void> {
    await sayingConflict(agent, () =>
      this.#db.transaction().execute(async (trx) => {
        if (limit !== Number.POSITIVE_INFINITY) await checkRoom(trx, agent.tenantId, limit);
        await trx
          .insertInto('agents')
          .values({
            ...columnsOf(agent),
            deployed_version: agent.deployedVersion ?? null,
            id: agent.id,
            tenant_id: agent.tenantId,
            created_at_ms: agent.createdAtMs,
          })
          .execute();
        await insertVersion(trx, agent);
        await markDeployed(trx, agent);
      }),
    );
  }

  async update(agent: Agent, { redeploy } = { redeploy: false }): Promise<void> {
    await sayingConflict(agent, () =>
      this.#db.transaction().execute(async (trx) => {
        const changed = await trx
          .updateTable('agents')
          .set({ ...columnsOf(agent), ...(redeploy && { deployed_version: agent.deployedVersion ?? null }) })
          .where('tenant_id', '=', agent.tenantId)
          .where('id', '=', agent.id)
          .where('version', '=', agent.version - 1)
          .where('deleted_at_ms', 'is', null)
          .executeTakeFirst();
        if (changed.numUpdatedRows !== 1n) {
          throw new AppError('conflict', `agent ${agent.id} is no longer at version ${agent.version - 1}`, {
            publicMessage: 'The agent was changed by somebody else in the meantime',
          });
        }
        await insertVersion(trx, agent);
        if (redeploy) await markDeployed(trx, agent);
      }),
    );
  }

  async delete(tenant: TenantId, id: AgentId): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const active = await trx
        .selectFrom('tasks')
        .select('id')
        .where('tenant_id', '=', tenant)
        .where('agent_id', '=', id)
        .where('status', 'in', ['pending', 'in_progress'])
        .limit(1)
        .executeTakeFirst();
      if (active) {
        throw new AppError('conflict', `agent ${id} has active tasks`, { publicMessage: 'The agent has active tasks' });
      }
      const campaign = await trx
        .selectFrom('campaigns')
        .select('id')
        .where('agent_id', '=', id)
        .where('tenant_id', '=', tenant)
        .where('status', 'in', OPEN_STATUSES)
        .limit(1)
        .executeTakeFirst();
      if (campaign) {
        throw new AppError('conflict', `agent ${id} has campaigns`, {
          publicMessage: 'The agent has campaigns that are not over',
        });
      }
      const deleted = await trx
        .updateTable('agents')
        .set((eb) => ({ deleted_at_ms: eb.ref('updated_at_ms') }))
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('deleted_at_ms', 'is', null)
        .executeTakeFirst();
      return deleted.numUpdatedRows === 1n;
    });
  }

  async find(tenant: TenantId, id: AgentId): Promise<Agent | undefined> {
    const row = await this.#current().where('tenant_id', '=', tenant).where('id', '=', id).executeTakeFirst();
    return row && toAgent(row);
  }

  async findLive(tenant: TenantId, id: AgentId): Promise<Agent | undefined> {
    const row = await this.#live().where('tenant_id', '=', tenant).where('id', '=', id).executeTakeFirst();
    return row && toLiveAgent(row);
  }

  async versions(tenant: TenantId, id: AgentId, page: Page): Promise<Listed<AgentVersion>> {
    const rows = await this.#db
      .selectFrom('agent_versions')
      .innerJoin('agents', 'agents.id', 'agent_versions.agent_id')
      .select(['agent_versions.version', 'settings', 'label', 'deployed_at_ms', 'agent_versions.created_at_ms'])
      .select(({ fn }) => [
        fn.coalesce('agents.deployed_version', 'agents.version').as('live_version'),
        fn.countAll<number>().over().as('total'),
      ])
      .where('agents.tenant_id', '=', tenant)
      .where('agents.id', '=', id)
      .orderBy('agent_versions.version', 'desc')
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    const items = rows.map((row) => ({
      version: row.version,
      name: parseSettings(row.settings).name,
      label: row.label ?? undefined,
      createdAtMs: row.created_at_ms,
      deployedAtMs: row.deployed_at_ms ?? undefined,
      live: row.version === row.live_version,
    }));
    return { items, total: rows[0]?.total ?? 0 };
  }

  async deploy(tenant: TenantId, id: AgentId, { version, label, atMs }: Deployment): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      const changed = await trx
        .updateTable('agents')
        .set({ deployed_version: version, updated_at_ms: atMs })
        .where('tenant_id', '=', tenant)
        .where('id', '=', id)
        .where('version', '>=', version)
        .where('deleted_at_ms', 'is', null)
        .executeTakeFirst();
      if (changed.numUpdatedRows !== 1n) return false;
      await trx
        .updateTable('agent_versions')
        .set({ deployed_at_ms: atMs, ...(label !== undefined && { label }) })
        .where('agent_id', '=', id)
        .where('version', '=', version)
        .execute();
      return true;
    });
  }

  async liveLabels(tenant: TenantId, ids: readonly AgentId[]): Promise<ReadonlyMap<AgentId, string>> {
    const rows = await this.#db
      .selectFrom('agents')
      .innerJoin('agent_versions', (join) =>
        join
          .onRef('agent_versions.agent_id', '=', 'agents.id')
          .on('agent_versions.version', '=', ({ fn }) => fn.coalesce('agents.deployed_version', 'agents.version')),
      )
      .select(['agents.id', 'agent_versions.label'])
      .where('agents.tenant_id', '=', tenant)
      .where('agents.id', 'in', ids)
      .execute();
    return new Map(rows.flatMap(({ id, label }) => (label === null ? [] : [[id as AgentId, label]])));
  }

  /** Whose changes were live at once went by the version before; others by the one that was deployed last. */
  async previousVersion(tenant: TenantId, id: AgentId): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('agents')
      .innerJoin('agent_versions', 'agent_versions.agent_id', 'agents.id')
      .select('agent_versions.version')
      .where('agents.tenant_id', '=', tenant)
      .where('agents.id', '=', id)
      .where((eb) =>
        eb.or([
          eb.and([eb('agents.deployed_version', 'is', null), eb('agent_versions.version', '=', eb('agents.version', '-', 1))]),
          eb.and([
            eb('agents.deployed_version', 'is not', null),
            eb('agent_versions.version', '<>', eb.ref('agents.deployed_version')),
            eb('agent_versions.deployed_at_ms', 'is not', null),
          ]),
        ]),
      )
      .orderBy('agent_versions.deployed_at_ms', 'desc')
      .orderBy('agent_versions.version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.version;
  }

  async settingsAt(tenant: TenantId, id: AgentId, version: number): Promise<AgentSettings | undefined> {
    const row = await this.#db
      .selectFrom('agent_versions')
      .innerJoin('agents', 'agents.id', 'agent_versions.agent_id')
      .select('agent_versions.settings')
      .where('agents.tenant_id', '=', tenant)
      .where('agent_versions.agent_id', '=', id)
      .where('agent_versions.version', '=', version)
      .executeTakeFirst();
    return row && parseSettings(row.settings);
  }

  async findBySipUser(user: string): Promise<Agent | undefined> {
    const row = await this.#live()
      .where('enabled', '=', 1)
      .where((eb) => eb.or([eb('sip_user', '=', user.toLowerCase()), eb('id', '=', user.toLowerCase())]))
      .executeTakeFirst();
    return row && toLiveAgent(row);
  }

  async findByNumber(tenant: TenantId, number: string): Promise<Agent | undefined> {
    const row = await this.#live()
      .where('tenant_id', '=', tenant)
      .where('line_direction', '=', 'inbound')
      .where('line_number', '=', number)
      .where('enabled', '=', 1)
      .executeTakeFirst();
    return row && toLiveAgent(row);
  }

  async hasOrigin(origin: string): Promise<boolean> {
    const { rows } = await sql`SELECT 1 FROM agents, json_each(agents.web_origins, '$.origins') AS listed
      WHERE agents.web_origins IS NOT NULL AND agents.deleted_at_ms IS NULL
        AND json_extract(agents.web_origins, '$.enforced') AND listed.value = ${origin} LIMIT 1`.execute(this.#db);
    return rows.length > 0;
  }

  async list(tenant: TenantId, filter: { enabled?: boolean | undefined }, page: Page): Promise<Listed<Agent>> {
    let counted = this.#db
      .selectFrom('agents')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('tenant_id', '=', tenant)
      .where('deleted_at_ms', 'is', null);
    let listed = this.#current().where('tenant_id', '=', tenant);
    if (filter.enabled !== undefined) {
      const enabled = filter.enabled ? 1 : 0;
      counted = counted.where('enabled', '=', enabled);
      listed = listed.where('enabled', '=', enabled);
    }
    const { total } = await counted.executeTakeFirstOrThrow();
    const rows = await listed.orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toAgent), total };
  }

  /** Agents that are not deleted, each with the settings of its newest version. */
  #current() {
    return this.#db
      .selectFrom('agents')
      .innerJoin('agent_versions', (join) =>
        join.onRef('agent_versions.agent_id', '=', 'agents.id').onRef('agent_versions.version', '=', 'agents.version'),
      )
      .selectAll('agents')
      .select('agent_versions.settings')
      .where('deleted_at_ms', 'is', null);
  }

  /** As `#current`, of the version that calls go by. */
  #live() {
    return this.#db
      .selectFrom('agents')
      .innerJoin('agent_versions', (join) =>
        join
          .onRef('agent_versions.agent_id', '=', 'agents.id')
          .on('agent_versions.version', '=', ({ fn }) => fn.coalesce('agents.deployed_version', 'agents.version')),
      )
      .selectAll('agents')
      .select(['agent_versions.settings', 'agent_versions.version as live_version'])
      .where('deleted_at_ms', 'is', null);
  }
}

async function checkRoom(trx: Transaction<Tables>, tenant: TenantId, limit: number): Promise<void> {
  const { agents } = await trx
    .selectFrom('agents')
    .select(({ fn }) => fn.countAll<number>().as('agents'))
    .where('tenant_id', '=', tenant)
    .where('deleted_at_ms', 'is', null)
    .executeTakeFirstOrThrow();
  if (agents >= limit) throw new AppError('agent_limit_reached', `tenant ${tenant} has ${limit} agents`);
}

async function insertVersion(trx: Transaction<Tables>, agent: Agent): Promise<void> {
  await trx
    .insertInto('agent_versions')
    .values({
      agent_id: agent.id,
      version: agent.version,
      settings: settingsJson(agent),
      created_at_ms: agent.updatedAtMs,
    })
    .execute();
}

/** What an agent goes by from the moment it has drafts is deployed as if somebody had done it. */
async function markDeployed(trx: Transaction<Tables>, agent: Agent): Promise<void> {
  if (agent.deployedVersion === undefined) return;
  await trx
    .updateTable('agent_versions')
    .set({ deployed_at_ms: agent.updatedAtMs })
    .where('agent_id', '=', agent.id)
    .where('version', '=', agent.deployedVersion)
    .where('deployed_at_ms', 'is', null)
    .execute();
}

/** Addresses and numbers are all that two agents can quarrel over. */
async function sayingConflict(agent: Agent, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_CONSTRAINT_UNIQUE') throw error;
    if (toError(error).message.includes('line_number')) {
      throw new AppError('conflict', `the number of agent ${agent.id} is taken`, {
        cause: error,
        publicMessage: 'Calls to this number reach another agent',
        faults: [{ field: 'line.number', message: 'is taken' }],
      });
    }
    throw new AppError('conflict', `sip user ${agent.sipUser} is taken`, {
      cause: error,
      publicMessage: 'Another agent has this SIP user',
      faults: [{ field: 'sip_user', message: 'is taken' }],
    });
  }
}

function columnsOf(agent: Agent) {
  return {
    name: agent.name,
    description: agent.description ?? null,
    enabled: agent.enabled ? (1 as const) : (0 as const),
    sip_user: agent.sipUser ?? null,
    ...lineColumns(agent),
    version: agent.version,
    updated_at_ms: agent.updatedAtMs,
  };
}

const toAgent = (row: Selectable<AgentsTable> & { settings: string }): Agent => ({
  ...parseSettings(row.settings),
  id: row.id as AgentId,
  tenantId: row.tenant_id as TenantId,
  description: row.description ?? undefined,
  enabled: row.enabled === 1,
  sipUser: row.sip_user ?? undefined,
  ...lineOf(row),
  version: row.version,
  deployedVersion: row.deployed_version ?? undefined,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});

const toLiveAgent = (row: Parameters<typeof toAgent>[0] & { live_version: number }): Agent => ({
  ...toAgent(row),
  version: row.live_version,
});
