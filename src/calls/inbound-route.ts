import { type AgentId, DEFAULT_TENANT, type TenantId } from '../core/ids.js';
import type { AgentSettings } from '../domain/agent.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { AgentRepository } from '../domain/ports/repositories.js';

export type BuiltInAgents = { echo: boolean; demo: boolean; tone: boolean };

export type AgentTarget = {
  kind: 'agent';
  tenantId: TenantId;
  settings: AgentSettings;
  agentId: AgentId | undefined;
  version: number | undefined;
  /** The starting message is for this call alone. */
  personalGreeting?: boolean;
};

/** Who answers a call. */
export type Target = { kind: 'echo' | 'tone'; tenantId: TenantId } | AgentTarget;

type RouteDeps = { builtInAgents: BuiltInAgents; demoAgent: AgentSettings; agents: AgentRepository };

/** Finds who `sip:<user>@` reaches: a built-in agent that is not turned off, or a stored one. */
export async function routeInbound(user: string | undefined, deps: RouteDeps): Promise<Target | undefined> {
  if (user === undefined) return undefined;
  const { builtInAgents: on } = deps;
  if (user === 'echo' && on.echo) return { kind: 'echo', tenantId: DEFAULT_TENANT };
  if (user === 'tone' && on.tone) return { kind: 'tone', tenantId: DEFAULT_TENANT };
  if (user === 'demo' && on.demo) {
    return { kind: 'agent', tenantId: DEFAULT_TENANT, settings: deps.demoAgent, agentId: undefined, version: undefined };
  }
  const agent = await deps.agents.findBySipUser(user);
  return agent && { kind: 'agent', tenantId: agent.tenantId, settings: agent, agentId: agent.id, version: agent.version };
}

/** Finds who a trunk's call is for: an agent of the trunk's own tenant, or a built-in one, which answers for any. */
export async function routeArrival({ wanted, tenantId }: Arrival, deps: RouteDeps): Promise<Target | undefined> {
  for (const user of wanted) {
    const target = await routeInbound(user, deps);
    if (!target) continue;
    const builtIn = target.kind !== 'agent' || target.agentId === undefined;
    if (builtIn || target.tenantId === tenantId) return { ...target, tenantId };
  }
  return undefined;
}
