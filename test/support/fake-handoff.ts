import { AppError } from '../../src/core/errors.js';
import { leadingAgentOf } from '../../src/domain/handoff.js';
import type { CallControl } from '../../src/domain/ports/call-control.js';
import type { Database } from '../../src/storage/database.js';

/** What becomes of a stored call that is passed on, with nobody on the line. */
export const passingOn =
  ({ calls, agents }: Pick<Database, 'calls' | 'agents'>, commands: unknown[]): CallControl['passOn'] =>
  async (tenant, id, { agentId, briefing }) => {
    const call = await calls.find(tenant, id);
    if (!call) throw new AppError('call_not_found', 'no such call');
    if (call.endedAtMs !== undefined) throw new AppError('call_already_ended', 'over');
    const agent = await agents.findLive(tenant, agentId);
    if (!agent) throw new AppError('agent_not_found', 'no such agent');
    const from = leadingAgentOf(call);
    const next = { agentId: agent.id, agentName: agent.name, agentVersion: agent.version };
    const handoffs = [...(call.handoffs ?? []), { by: 'operator', from, to: leadingAgentOf(next), afterMs: 4200 } as const];
    const passedOn = { ...call, ...next, handoffs };
    await calls.update(passedOn);
    commands.push({ id, agentId, briefing });
    return passedOn;
  };
