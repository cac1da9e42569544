import type { Kysely } from 'kysely';
import type { AgentId, TenantId } from '../core/ids.js';
import type { AgentFigures, CallFigures } from '../domain/ports/call-figures.js';
import type { Tables } from './tables.js';

export class SqlCallFigures implements CallFigures {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async ofAgent(tenant: TenantId, agent: AgentId): Promise<AgentFigures> {
    const found = await this.#db
      .selectFrom('agent_call_figures')
      .select(['calls', 'talks', 'talked_ms'])
      .where('tenant_id', '=', tenant)
      .where('agent_id', '=', agent)
      .executeTakeFirst();
    const { calls, talks, talked_ms: talkedMs } = found ?? { calls: 0, talks: 0, talked_ms: 0 };
    return { calls, averageDurationMs: talks === 0 ? undefined : talkedMs / talks };
  }
}
