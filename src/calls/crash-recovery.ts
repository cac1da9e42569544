import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { Call } from '../domain/call.js';
import { afterTheCall } from '../domain/participant.js';
import type { CallRepository } from '../domain/ports/repositories.js';
import { causeOf } from '../domain/q850.js';
import type { Recordings } from './recordings.js';

export type CrashRecoveryDeps = {
  calls: Pick<CallRepository, 'unfinished' | 'update'>;
  recordings: Pick<Recordings, 'recover'>;
  clock: Clock;
  log: Logger;
};

/**
 * Closes the calls a crashed process left open, and makes their recordings readable. Returns how many there were.
 *
 * A failure is logged: it must not keep the server from taking calls.
 */
export async function recoverCalls(deps: CrashRecoveryDeps): Promise<number> {
  const { calls, log } = deps;
  try {
    const unfinished = await calls.unfinished();
    for (const call of unfinished) await recoverOne(call, deps);
    if (unfinished.length > 0) log.warn({ calls: unfinished.length }, 'calls of a crashed process closed');
    return unfinished.length;
  } catch (error) {
    log.error({ err: error }, 'recovery failed');
    return 0;
  }
}

async function recoverOne(call: Call, { calls, recordings, clock, log }: CrashRecoveryDeps): Promise<void> {
  let endedAtMs = clock.nowMs();
  if (call.recordingPath !== undefined) {
    try {
      // The recorder's last write is when the call was last known to live.
      endedAtMs = Math.max(call.startedAtMs, Math.round(await recordings.recover(call.recordingPath)));
    } catch (error) {
      log.error({ err: error, callId: call.id }, 'recording not repaired');
    }
  }
  const participants = call.participants && afterTheCall(call.participants, endedAtMs);
  const crashed = { ...call, participants, termination: { result: 'server_error', reason: 'crashed' } } as const;
  await calls.update({ ...crashed, status: 'failed', endedAtMs, endedBy: 'system', q850Cause: causeOf(crashed) });
}
