import type { Clock } from '../core/clock.js';

/** Waits for `work`, but no longer than `limitMs`: then resolves with undefined and leaves the work to itself. */
export function within<T>(clock: Clock, limitMs: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(limitMs, () => resolve(undefined));
    work.then(resolve, reject).finally(cancel);
  });
}
