import type { Cancel, Clock } from '../../src/core/clock.js';

type Timer = { atMs: number; task: () => void; handle: NodeJS.Timeout };

/** Real time that can be put forward, so that an hour of a call takes a moment while its sockets work as ever. */
export class JumpingClock implements Clock {
  readonly #timers = new Set<Timer>();
  #aheadMs = 0;

  nowMs(): number {
    return Date.now() + this.#aheadMs;
  }

  monotonicMs(): number {
    return performance.now() + this.#aheadMs;
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const timer: Timer = { atMs: this.monotonicMs() + delayMs, task, handle: setTimeout(() => this.#fire(timer), delayMs) };
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer.handle);
      this.#timers.delete(timer);
    };
  }

  /** What falls due on the way fires soon, in order. */
  jump(byMs: number): void {
    this.#aheadMs += byMs;
    const now = this.monotonicMs();
    for (const timer of [...this.#timers].sort((a, b) => a.atMs - b.atMs)) {
      clearTimeout(timer.handle);
      timer.handle = setTimeout(() => this.#fire(timer), Math.max(0, timer.atMs - now));
    }
  }

  /** Goes forward in steps until `done` settles: for what waits for a time that begins only when something else has happened. */
  async jumpUntil<T>(done: Promise<T>, stepMs = 500): Promise<T> {
    const steps = setInterval(() => this.jump(stepMs), 5);
    try {
      return await done;
    } finally {
      clearInterval(steps);
    }
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    timer.task();
  }
}
