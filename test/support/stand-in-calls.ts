import { AppError } from '../../src/core/errors.js';
import type { CallId, TenantId } from '../../src/core/ids.js';
import { UNGUIDED } from '../../src/domain/agent-guidance.js';
import type { Call, RecordingPause } from '../../src/domain/call.js';
import type { CallControl, CallPlacer, OutboundRequest } from '../../src/domain/ports/call-control.js';
import type { Database } from '../../src/storage/database.js';
import { passingOn } from './fake-handoff.js';
import type { FakeLine } from './fake-line.js';
import { participantControl } from './participant-control.js';
import { sampleCall, sampleTransfer } from './sample-records.js';

/** What the call layer would do, told to nobody: `refuseWith` is what asking for calls is refused with. */
export type StandInCalls = CallControl & CallPlacer & { refuseWith: AppError | undefined; requests: OutboundRequest[] };

/** What an outbound call of the stand-in comes to: it is prepared, and rings until somebody ends it. */
export function standInCalls(database: Database, commands: unknown[], line: FakeLine): StandInCalls {
  return {
    ...liveControl(database, commands, line),
    refuseWith: undefined,
    requests: [],
    room: () => 1,
    waitMs: () => 0,
    prepare(request) {
      if (this.refuseWith) throw this.refuseWith;
      this.requests.push(request);
      const { agent, taskId } = request;
      const call = sampleCall({
        direction: 'outbound',
        tenantId: agent.tenantId,
        agentId: agent.id,
        agentName: agent.name,
        taskId,
      });
      return { call, start: () => {}, release: () => {} };
    },
  };
}

function liveControl(database: Database, commands: unknown[], line: FakeLine): CallControl {
  const { calls } = database;
  const finish = async (tenant: TenantId, id: CallId, outcome: Pick<Call, 'status' | 'termination'>): Promise<Call> => {
    const call = await calls.find(tenant, id);
    if (!call) throw new AppError('call_not_found', 'no such call');
    if (call.endedAtMs !== undefined) throw new AppError('call_already_ended', 'over');
    const ended = { ...call, ...outcome, endedAtMs: call.startedAtMs + 5000 };
    await calls.update(ended);
    return ended;
  };
  const note = async (tenant: TenantId, id: CallId, command: object): Promise<{ begins: 'now' }> => {
    const call = await calls.find(tenant, id);
    if (call?.endedAtMs !== undefined) throw new AppError('call_already_ended', 'over');
    commands.push({ id, ...command });
    return { begins: 'now' };
  };
  const pause = async (tenant: TenantId, id: CallId, newest: RecordingPause): Promise<Call> => {
    const call = await calls.find(tenant, id);
    if (!call || call.endedAtMs !== undefined) throw new AppError('call_already_ended', 'over');
    const paused = { ...call, recordingPauses: [newest] };
    await calls.update(paused);
    return paused;
  };
  return {
    ...participantControl(calls),
    say: (tenant, id, text, options) => note(tenant, id, { text, ...options }),
    play: (tenant, id, audio, options) => note(tenant, id, { ...audio, ...options }),
    press: async (tenant, id, digits) => void (await note(tenant, id, { digits })),
    transfer: async (tenant, id, request) => {
      await note(tenant, id, request);
      return sampleTransfer({ target: request.target, kind: request.kind });
    },
    guide: async (tenant, id, change) => {
      await note(tenant, id, change);
      const call = await calls.find(tenant, id);
      if (!call) throw new AppError('call_not_found', 'no such call');
      const guided = { ...call, guidance: { ...UNGUIDED, ...call.guidance, ...change } };
      await calls.update(guided);
      return guided;
    },
    passOn: passingOn(database, commands),
    completeTransfer: async (tenant, id) => {
      await note(tenant, id, { transfer: 'complete' });
      return sampleTransfer({ kind: 'attended', status: 'consulting' });
    },
    cancelTransfer: async (tenant, id) => {
      await note(tenant, id, { transfer: 'cancel' });
      return sampleTransfer({ status: 'cancelled', reason: 'cancelled' });
    },
    pauseRecording: (tenant, id) => pause(tenant, id, { pausedAtMs: 1_700_000_010_000, resumedAtMs: undefined }),
    resumeRecording: (tenant, id) => pause(tenant, id, { pausedAtMs: 1_700_000_010_000, resumedAtMs: 1_700_000_020_000 }),
    playOver: async (tenant, id, audio, to) => {
      await note(tenant, id, { ...audio, to });
      return { beginsInMs: 0 };
    },
    overhear: async (tenant, id) => {
      const call = await calls.find(tenant, id);
      if (!call) throw new AppError('call_not_found', 'no such call');
      if (call.endedAtMs !== undefined) throw new AppError('call_already_ended', 'over');
      if (call.status !== 'in_progress') throw new AppError('conflict', 'not answered');
      return line;
    },
    activeCalls: () => 0,
    quality: () => undefined,
    end: (tenant, id) => finish(tenant, id, { status: 'completed', termination: { result: 'success', reason: 'api_hangup' } }),
    cancel: (tenant, id) =>
      finish(tenant, id, { status: 'failed', termination: { result: 'client_error', reason: 'cancelled' } }),
  };
}
