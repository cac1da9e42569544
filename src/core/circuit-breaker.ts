import type { Clock } from './clock.js';

export type BreakerOptions = {
  /** How many of the last calls are judged, and how many there must be before any judgement. */
  windowCalls: number;
  minimumCalls: number;
  /** Share of them that must have failed. */
  failurePercent: number;
  /** How long nothing is tried then. */
  openMs: number;
};
export const BREAKER_STATES = ['closed', 'open', 'half_open'] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];
/** Whether the line did its part: a busy callee was reached through it too. */
export type Carried = 'carried' | 'failed';

/** While a probe is out nobody knows how long it will take. */
const PROBE_POLL_MS = 1000;

/** Keeps calls from a line on which they keep failing, until one of them gets through again. */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #options: BreakerOptions;
  readonly #onState: (state: BreakerState) => void;
  #results: Carried[] = [];
  /** Monotonic; undefined while calls go through. */
  #openUntilMs: number | undefined;
  #probing = false;
  /** Calls that were let through before the last change of state have no say in the next one. */
  #epoch = 0;

  constructor(clock: Clock, options: BreakerOptions, onState: (state: BreakerState) => void) {
    this.#clock = clock;
    this.#options = options;
    this.#onState = onState;
  }

  get state(): BreakerState {
    if (this.#openUntilMs === undefined) return 'closed';
    return this.#openUntilMs > this.#clock.monotonicMs() ? 'open' : 'half_open';
  }

  /** How long no call may be placed; 0 when one may be placed now. */
  waitMs(): number {
    if (this.#openUntilMs === undefined) return 0;
    if (this.#probing) return PROBE_POLL_MS;
    return Math.max(0, this.#openUntilMs - this.#clock.monotonicMs());
  }

  /** Lets a call through; only when `waitMs` is 0. What is returned is called with what came of it, or undefined when nothing did. */
  admit(): (result: Carried | undefined) => void {
    const epoch = this.#epoch;
    if (this.#openUntilMs !== undefined) {
      this.#probing = true;
      this.#onState('half_open');
    }
    let settled = false;
    return (result) => {
      if (settled || epoch !== this.#epoch) return;
      settled = true;
      if (this.#probing) this.#probed(result);
      else if (result !== undefined) this.#count(result);
    };
  }

  #probed(result: Carried | undefined): void {
    this.#probing = false;
    if (result === 'carried') this.#close();
    else if (result === 'failed') this.#open();
  }

  #count(result: Carried): void {
    const { windowCalls, minimumCalls, failurePercent } = this.#options;
    this.#results = [...this.#results, result].slice(-windowCalls);
    const failed = this.#results.filter((one) => one === 'failed').length;
    if (this.#results.length >= minimumCalls && failed * 100 >= failurePercent * this.#results.length) this.#open();
  }

  #open(): void {
    this.#epoch += 1;
    this.#results = [];
    this.#openUntilMs = this.#clock.monotonicMs() + this.#options.openMs;
    this.#onState('open');
  }

  #close(): void {
    this.#epoch += 1;
    this.#openUntilMs = undefined;
    this.#onState('closed');
  }
}
