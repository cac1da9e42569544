import type { Cancel, Clock } from '../../core/clock.js';

/** How many times the limit for one piece a whole answer may keep us waiting, all pieces together. */
const TOTAL_FACTOR = 4;

/**
 * Cancels a request that nobody wants any longer or that has kept us waiting too long. Time during which the consumer holds
 * a piece does not count, and neither pieces without content nor keep-alives prolong the wait.
 */
export class Watchdog {
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #outer: AbortSignal;
  readonly #onOuterAbort = (): void => this.#controller.abort();
  #budgetMs: number;
  #waitingSinceMs: number | undefined;
  #cancelTimer: Cancel | undefined;
  #expired = false;

  constructor(clock: Clock, limitMs: number, outer: AbortSignal) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#budgetMs = limitMs * TOTAL_FACTOR;
    this.#outer = outer;
    if (outer.aborted) this.#controller.abort();
    else outer.addEventListener('abort', this.#onOuterAbort, { once: true });
  }

  /** Aborts with the outer signal, when the wait is over, and on `close`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The wait was too long. */
  get expired(): boolean {
    return this.#expired;
  }

  /** Waiting for the next piece begins. */
  wait(): void {
    this.hold();
    this.#waitingSinceMs = this.#clock.monotonicMs();
    this.#cancelTimer = this.#clock.schedule(Math.max(0, Math.min(this.#limitMs, this.#budgetMs)), () => {
      this.#expired = true;
      this.#controller.abort();
    });
  }

  /** A useful piece is here. */
  hold(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#waitingSinceMs === undefined) return;
    this.#budgetMs -= this.#clock.monotonicMs() - this.#waitingSinceMs;
    this.#waitingSinceMs = undefined;
  }

  /** Ends the request if it is still under way. Idempotent. */
  close(): void {
    this.hold();
    this.#outer.removeEventListener('abort', this.#onOuterAbort);
    this.#controller.abort();
  }
}
