import type { Cancel, Clock } from './clock.js';

export type LookoutDeps = {
  /** Resolves in how many milliseconds to look again; at once when that is not above 0. */
  look: () => Promise<number>;
  /** Resolves as `look` does, with when to try again. */
  onError: (error: unknown) => number;
  clock: Clock;
};

/** The clock on the wall may be set, and not everybody tells of what they did: no wait is longer. */
export const LONGEST_WAIT_MS = 30_000;

/** Looks when it is woken, and when the last look asked for it; one look at a time, and one more for whoever wakes it meanwhile. */
export class Lookout {
  readonly #deps: LookoutDeps;
  #round: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #cancelTimer: Cancel = () => {};

  constructor(deps: LookoutDeps) {
    this.#deps = deps;
  }

  get closed(): boolean {
    return this.#closed;
  }

  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#round ??= this.#rounds();
  }

  /** Resolves when the last look is over. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#round;
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      this.#cancelTimer();
      const waitMs = await this.#deps.look().catch((error: unknown) => this.#deps.onError(error));
      if (waitMs <= 0) this.#again = true;
      if (!this.#again && !this.#closed) {
        this.#cancelTimer = this.#deps.clock.schedule(Math.min(waitMs, LONGEST_WAIT_MS), () => this.wake());
      }
    }
    // In the same breath as the last look at `again`, or somebody's wake would be lost.
    this.#round = undefined;
  }
}
