/** After the first, second … failed attempt; after the last of them, one attempt more. */
const RETRY_DELAYS_MS = [10_000, 60_000, 300_000, 1_800_000];
/** Each wait is up to this much longer, lest all that failed together come back together. */
const JITTER = 0.2;

/**
 * How long what is told from an outbox waits after so many failed attempts; undefined: nobody tries any more. `random` is from 0 to 1.
 */
export function retryDelayMs(failedAttempts: number, random: number): number | undefined {
  const delayMs = RETRY_DELAYS_MS[failedAttempts - 1];
  return delayMs === undefined ? undefined : delayMs * (1 + JITTER * random);
}
