import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { within } from '../pipeline/deadline.js';

/** Does `work`, which ends early by its signal when it takes longer than `limitMs` or `closing` aborts. @throws DeadlineError */
export async function inTime<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: { clock: Clock; limitMs: number; closing: AbortSignal; what: string },
): Promise<T> {
  const { closing, what, ...rest } = options;
  const stop = new AbortController();
  try {
    return await within(work(AbortSignal.any([stop.signal, closing])), { ...rest, what, signal: closing });
  } finally {
    stop.abort(new AppError('provider_failed', `${what} was given up`));
  }
}
