import { systemClock } from '../../src/core/clock.js';

/** Resolves when so much time is over: trials measure for a while, and let load settle before. */
export function passed(seconds: number): Promise<void> {
  return new Promise((resolve) => void systemClock.schedule(seconds * 1000, resolve));
}
