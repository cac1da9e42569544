import type { Cancel, Clock } from '../core/clock.js';

type Timer = { task: () => void; leftMs: number; startedMs: number; cancel: Cancel | undefined };

/** The timers of one conversation, which stand still together while the call is on hold. */
export class FreezableTimers {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #frozen = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `task` once after `delayMs`, not counting time spent frozen. */
  schedule(delayMs: number, task: () => void): Cancel {
    const timer: Timer = { task, leftMs: Math.max(0, delayMs), startedMs: 0, cancel: undefined };
    this.#timers.add(timer);
    if (!this.#frozen) this.#run(timer);
    return () => {
      timer.cancel?.();
      this.#timers.delete(timer);
    };
  }

  freeze(): void {
    if (this.#frozen) return;
    this.#frozen = true;
    for (const timer of this.#timers) {
      timer.cancel?.();
      timer.leftMs = Math.max(0, timer.leftMs - (this.#clock.monotonicMs() - timer.startedMs));
    }
  }

  thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    for (const timer of this.#timers) this.#run(timer);
  }

  clear(): void {
    for (const timer of this.#timers) timer.cancel?.();
    this.#timers.clear();
  }

  #run(timer: Timer): void {
    timer.startedMs = this.#clock.monotonicMs();
    timer.cancel = this.#clock.schedule(timer.leftMs, () => {
      this.#timers.delete(timer);
      timer.task();
    });
  }
}
