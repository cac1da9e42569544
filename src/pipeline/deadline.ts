import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';

/** A provider took too long. */
export class DeadlineError extends AppError {
  constructor(what: string, limitMs: number) {
    super('provider_failed', `${what} was silent for ${limitMs} ms`);
  }
}

/**
 * The promise's value, unless it takes too long or the signal aborts first; then the promise is left to itself.
 *
 * @throws DeadlineError after `limitMs`; the signal's reason when it aborts.
 */
export function within<T>(
  promise: Promise<T>,
  options: { clock: Clock; limitMs: number; signal: AbortSignal; what: string },
): Promise<T> {
  const { clock, limitMs, signal, what } = options;
  return new Promise<T>((resolve, reject) => {
    const aborted = (): void => settle(() => reject(signal.reason as Error));
    const cancelTimer = clock.schedule(limitMs, () => settle(() => reject(new DeadlineError(what, limitMs))));
    const settle = (then: () => void): void => {
      cancelTimer();
      signal.removeEventListener('abort', aborted);
      then();
    };
    signal.addEventListener('abort', aborted);
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: Error) => settle(() => reject(error)),
    );
    if (signal.aborted) aborted();
  });
}
