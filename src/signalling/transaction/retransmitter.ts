import type { Cancel, Clock } from '../../core/clock.js';

/** Repeats `send` after T1, 2*T1, 4*T1 …; from `capMs` on the interval stays. Does not send at once. */
export class Retransmitter {
  readonly #clock: Clock;
  readonly #send: () => void;
  readonly #capMs: number;
  #intervalMs: number;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, firstMs: number, capMs: number, send: () => void) {
    this.#clock = clock;
    this.#intervalMs = firstMs;
    this.#capMs = capMs;
    this.#send = send;
    this.#arm();
  }

  /** From now on every `capMs` (RFC 3261 section 17.1.2.2: a provisional arrived). */
  slowDown(): void {
    this.#intervalMs = this.#capMs;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    this.#cancel = this.#clock.schedule(this.#intervalMs, () => {
      this.#intervalMs = Math.min(this.#intervalMs * 2, this.#capMs);
      this.#arm();
      this.#send();
    });
  }
}
