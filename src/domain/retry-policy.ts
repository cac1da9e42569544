import type { Call } from './call.js';
import { outcomeOf } from './call-ending.js';

/** What may come of an attempt to reach somebody that is worth another one. `voicemail`: a machine answered, a message left or not. `failed` is the network's doing, or ours. */
export const RETRY_OUTCOMES = ['busy', 'no_answer', 'rejected', 'voicemail', 'failed'] as const;
export type RetryOutcome = (typeof RETRY_OUTCOMES)[number];

export type RetryPolicy = {
  /** Calls in all, the first one included. */
  maxAttempts: number;
  /** How long to wait after the first attempt, the second, …; the last one holds for all further ones. An outcome that is not named is final. */
  outcomes: Partial<Record<RetryOutcome, { afterMs: readonly number[] }>>;
};

/** By outcome, how long after the end of an attempt the next one is due; an outcome that is missing ends the task. */
export type RetryWaits = Partial<Record<RetryOutcome, number>>;

/** What follows the attempt of this number, counted from 1. */
export function waitsAfter(attempt: number, policy: RetryPolicy | undefined): RetryWaits {
  const waits: RetryWaits = {};
  if (!policy || attempt >= policy.maxAttempts) return waits;
  for (const outcome of RETRY_OUTCOMES) {
    const { afterMs = [] } = policy.outcomes[outcome] ?? {};
    const waitMs = afterMs[Math.min(attempt, afterMs.length) - 1];
    if (waitMs !== undefined) waits[outcome] = waitMs;
  }
  return waits;
}

/**
 * What a call that has ended counts as; undefined when there is no use or no right in calling again: somebody was reached,
 * somebody took the call back, or the number will be no better next time.
 */
export function retryOutcomeOf(call: Pick<Call, 'answeredAtMs' | 'termination'>): RetryOutcome | undefined {
  const { termination } = call;
  if (termination?.reason === 'voicemail' || termination?.reason === 'voicemail_left') return 'voicemail';
  const outcome = outcomeOf(call);
  switch (outcome) {
    case 'busy':
    case 'no_answer':
    case 'rejected':
      return outcome;
    case 'failed':
      return termination?.result === 'client_error' ? undefined : outcome;
    default:
      return undefined;
  }
}
