import { type Kysely, sql } from 'kysely';
import type { AgentId, TenantId } from '../core/ids.js';
import type { AgentFigures, CallFigures } from '../domain/ports/call-figures.js';
import type { Tables } from './tables.js';

export class SqlCallFigures implements CallFigures {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async ofAgent(tenant: TenantId, agent: AgentId): Promise<AgentFigures> {
    const { calls, average } = await this.#db
      .selectFrom('calls')
      .select(({ fn }) => fn.countAll<number>().as('calls'))
      // Null, which no average counts, where either is missing.
      .select(sql<number | null>`avg(ended_at_ms - answered_at_ms)`.as('average'))
      .where('tenant_id', '=', tenant)
      .where('agent_id', '=', agent)
      .executeTakeFirstOrThrow();
    return { calls, averageDurationMs: average ?? undefined };
  }
}
