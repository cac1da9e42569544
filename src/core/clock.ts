/** Stops what `schedule` began. Safe to call twice and after the timer fired. */
export type Cancel = () => void;

/** Time is a dependency: production passes `systemClock`, tests turn the hands of a `FakeClock`. */
export interface Clock {
  /** Wall clock, epoch milliseconds UTC: for storage and people. */
  nowMs(): number;
  /** Monotonic milliseconds with fractions, on the same time base as the media engine (CLOCK_MONOTONIC): for durations. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`. */
  schedule(delayMs: number, task: () => void): Cancel;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until `advance` is called; timers fire in order of their time. */
export class FakeClock implements Clock {
  #nowMs: number;
  readonly #startMs: number;
  #timers: { atMs: number; order: number; task: () => void }[] = [];
  #order = 0;

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
    this.#startMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs - this.#startMs;
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, task };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer);
    };
  }

  /** Moves time forward, firing what falls due on the way. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const due = this.#timers.filter((t) => t.atMs <= endMs).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((t) => t !== due);
      this.#nowMs = due.atMs;
      due.task();
    }
    this.#nowMs = endMs;
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }
}
