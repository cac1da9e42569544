import type { AgentId, TenantId } from '../../core/ids.js';

/** What the calls of an agent come to. */
export type AgentFigures = {
  calls: number;
  /** Of those that were answered and are over, from answer to end; undefined: there is none. */
  averageDurationMs: number | undefined;
};

export interface CallFigures {
  ofAgent(tenant: TenantId, agent: AgentId): Promise<AgentFigures>;
}
