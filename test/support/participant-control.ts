import { AppError } from '../../src/core/errors.js';
import type { CallId, ParticipantId, TenantId } from '../../src/core/ids.js';
import type { Participant } from '../../src/domain/participant.js';
import type { CallControl } from '../../src/domain/ports/call-control.js';
import type { CallRepository } from '../../src/domain/ports/repositories.js';
import { sampleParticipant } from './sample-participant.js';

/** Calls nobody, and keeps who was asked for in the record of the call. */
export function participantControl(
  calls: CallRepository,
): Pick<CallControl, 'addParticipant' | 'changeParticipant' | 'removeParticipant'> {
  const inProgress = async (tenant: TenantId, id: CallId) => {
    const call = await calls.find(tenant, id);
    if (!call) throw new AppError('call_not_found', 'no such call');
    if (call.endedAtMs !== undefined) throw new AppError('call_already_ended', 'over');
    return call;
  };
  const change = async (tenant: TenantId, id: CallId, who: ParticipantId, to: Partial<Participant>): Promise<Participant> => {
    const call = await inProgress(tenant, id);
    const known = call.participants?.find((participant) => participant.id === who);
    if (!known) throw new AppError('not_found', 'no such participant');
    const changed = { ...known, ...to };
    await calls.update({ ...call, participants: call.participants?.map((each) => (each === known ? changed : each)) });
    return changed;
  };
  return {
    addParticipant: async (tenant, id, { target, mode }) => {
      const call = await inProgress(tenant, id);
      const added = sampleParticipant({ target, mode });
      await calls.update({ ...call, participants: [...(call.participants ?? []), added] });
      return added;
    },
    changeParticipant: (tenant, id, who, mode) => change(tenant, id, who, { mode }),
    removeParticipant: async (tenant, id, who) => {
      const { startedAtMs } = await inProgress(tenant, id);
      return change(tenant, id, who, { status: 'failed', reason: 'removed', endedAtMs: startedAtMs + 2000 });
    },
  };
}
