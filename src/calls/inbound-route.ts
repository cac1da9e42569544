import { type AgentId, DEFAULT_TENANT, type TenantId } from '../core/ids.js';
import type { Agent, AgentSettings } from '../domain/agent.js';
import type { Variables } from '../domain/header-variables.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import type { SipParty } from '../domain/ports/telephony.js';
import type { PersonalAgent } from './personal-settings.js';

export type BuiltInAgents = { echo: boolean; demo: boolean; tone: boolean };

type Common = {
  tenantId: TenantId;
  /** What was read from the headers of the call. */
  variables?: Variables;
};

/** What becomes of settings when a call's own words are in them. */
type OfOneCall = Partial<Pick<PersonalAgent, 'personalGreeting' | 'unknown'>>;

export type AgentTarget = Common & {
  kind: 'agent';
  settings: AgentSettings;
  agentId: AgentId | undefined;
  version: number | undefined;
  /** Whether texts that come this way are answered; as its settings say when undefined. */
  answersTexts?: boolean | undefined;
} & OfOneCall;

/** The starting message is said in the agent's voice; then the call is over. */
export type AnnouncementTarget = Common & { kind: 'announcement'; settings: AgentSettings } & OfOneCall;

/** Nobody answers: the final status, 300 to 699, and the headers that go with it. */
export type RefusalTarget = Common & { kind: 'refusal'; status: number; headers: Readonly<Record<string, string>> };

/** Others are called for the caller, one after the other; who answers is put through. */
export type TransferTarget = Common & {
  kind: 'transfer';
  /** E.164 numbers, SIP URIs, or user names of phones. */
  to: readonly string[];
  /** Who was called, or the phone that calls: from them it would come back, over the trunk that it came over. */
  loops: readonly string[];
  /** Of each; the server's own when undefined. */
  ringTimeoutMs: number | undefined;
  /** A route sends the call on, or the caller has dialled them. */
  by: 'route' | 'far_end';
  caller: SipParty;
  /** The user of the Request-URI. */
  called: string | undefined;
  /** As it came with the call, where it did. */
  maxForwards: number | undefined;
  /** When nobody was reached. */
  otherwise: AnsweringTarget | RefusalTarget | undefined;
};

/** Who answers a call. */
export type AnsweringTarget = (Common & { kind: 'echo' | 'tone' }) | AgentTarget | AnnouncementTarget;
/** What becomes of a call. */
export type Target = AnsweringTarget | TransferTarget | RefusalTarget;

export type AgentLookup = { builtInAgents: BuiltInAgents; demoAgent: AgentSettings; agents: AgentRepository };

/** Finds who `sip:<user>@` reaches: a built-in agent that is not turned off, or a stored one. */
export async function routeInbound(user: string | undefined, deps: AgentLookup): Promise<AnsweringTarget | undefined> {
  if (user === undefined) return undefined;
  const { builtInAgents: on } = deps;
  if (user === 'echo' && on.echo) return { kind: 'echo', tenantId: DEFAULT_TENANT };
  if (user === 'tone' && on.tone) return { kind: 'tone', tenantId: DEFAULT_TENANT };
  if (user === 'demo' && on.demo) {
    return { kind: 'agent', tenantId: DEFAULT_TENANT, settings: deps.demoAgent, agentId: undefined, version: undefined };
  }
  const agent = await deps.agents.findBySipUser(user);
  return agent && agentTarget(agent);
}

export const agentTarget = (agent: Agent): AgentTarget => ({
  kind: 'agent',
  tenantId: agent.tenantId,
  settings: agent,
  agentId: agent.id,
  version: agent.version,
});

export const isBuiltIn = (target: Target): boolean => target.kind !== 'agent' || target.agentId === undefined;
