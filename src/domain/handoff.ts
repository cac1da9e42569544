import type { AgentId } from '../core/ids.js';
import type { Call } from './call.js';

/** An agent as it led a call; the built-in one has neither id nor version. */
export type LeadingAgent = { agentId: AgentId | undefined; name: string; version: number | undefined };

/** Who had another agent go on with a call: somebody over the API, or the agent itself. */
export const HANDOFF_ASKERS = ['operator', 'agent'] as const;
export type HandoffAsker = (typeof HANDOFF_ASKERS)[number];

/** From one agent to the next within one call. */
export type Handoff = {
  by: HandoffAsker;
  from: LeadingAgent;
  to: LeadingAgent;
  /** Milliseconds since the call was answered; what is said from then on is the next agent's. */
  afterMs: number;
};

/** The agent that led the call `atMs` milliseconds after the answer. */
export function agentAt(call: Pick<Call, 'agentId' | 'agentName' | 'agentVersion' | 'handoffs'>, atMs: number): LeadingAgent {
  const next = call.handoffs?.find(({ afterMs }) => atMs < afterMs);
  return next?.from ?? leadingAgentOf(call);
}

/** The agent that leads the call now, or led it last. */
export const leadingAgentOf = (call: Pick<Call, 'agentId' | 'agentName' | 'agentVersion'>): LeadingAgent => ({
  agentId: call.agentId,
  name: call.agentName,
  version: call.agentVersion,
});

/** Where a call can be handed on to: a number in E.164, a SIP URI, or another agent. */
export const ONWARD_TARGET = /^(?:\+[1-9]\d{1,14}|sips?:[^\s<>"\\]+|agent:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** The agent that an `ONWARD_TARGET` names; undefined where it is somebody else. */
export const agentNamedBy = (target: string): AgentId | undefined =>
  /^agent:/i.test(target) ? (target.slice('agent:'.length).toLowerCase() as AgentId) : undefined;
