import type { Clock } from '../core/clock.js';

/** Keeps a distance between calls that are placed, so that no trunk sees more of them a second than it allows. */
export class Pacer {
  readonly #clock: Clock;
  #intervalMs: number;
  #nextMs = 0;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSecond;
  }

  /** Holds from the next turn on. */
  set perSecond(perSecond: number) {
    this.#intervalMs = 1000 / perSecond;
  }

  /** How long whoever asked for a turn now would wait. */
  waitMs(): number {
    return Math.max(0, this.#nextMs - this.#clock.monotonicMs());
  }

  /** Resolves when it is the caller's turn, in the order of asking, or at once when `signal` aborts: its turn is then lost. */
  turn(signal: AbortSignal): Promise<void> {
    const waitMs = this.waitMs();
    this.#nextMs = this.#clock.monotonicMs() + waitMs + this.#intervalMs;
    if (waitMs === 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(waitMs, resolve);
      signal.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  }
}
