import type { Cancel, Clock } from '../core/clock.js';
import type { FreezableTimers } from './freezable-timers.js';

/** Counts the silence in which the agent waits for the caller; noise interrupts the count, only speech begins it anew. */
export class IdleTimer {
  readonly #clock: Clock;
  readonly #timers: FreezableTimers;
  readonly #limitMs: () => number;
  readonly #onIdle: () => void;
  #leftMs: number;
  #startedMs: number | undefined;
  #cancel: Cancel = () => undefined;

  /** `limitMs` is asked whenever the count begins anew. */
  constructor(options: { clock: Clock; timers: FreezableTimers; limitMs: () => number; onIdle: () => void }) {
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#limitMs = options.limitMs;
    this.#onIdle = options.onIdle;
    this.#leftMs = options.limitMs();
  }

  run(): void {
    this.stop();
    this.#startedMs = this.#clock.monotonicMs();
    this.#cancel = this.#timers.schedule(this.#leftMs, () => {
      this.reset();
      this.#onIdle();
    });
  }

  /** Keeps what is left. */
  stop(): void {
    this.#cancel();
    if (this.#startedMs !== undefined) this.#leftMs = Math.max(0, this.#leftMs - (this.#clock.monotonicMs() - this.#startedMs));
    this.#startedMs = undefined;
  }

  /** Stops, and gives the next run the full time. */
  reset(): void {
    this.stop();
    this.#leftMs = this.#limitMs();
  }
}
