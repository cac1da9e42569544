import type { Cancel, Clock } from '../../core/clock.js';
import { Retransmitter } from '../transaction/retransmitter.js';
import { giveUpMs, type Timing } from '../transaction/timing.js';

/** Repeats our 2xx until its ACK arrives, over any transport (RFC 3261 section 13.3.1.4). */
export class AckWait {
  readonly sequence: number;
  /** What the application knows the INVITE by. */
  readonly transactionId: string;
  readonly #retransmitter: Retransmitter;
  readonly #cancelDeadline: Cancel;
  #tasks: (() => void)[] = [];

  constructor(
    clock: Clock,
    timing: Timing,
    invite: { sequence: number; transactionId: string },
    port: { resend(): void; onTimeout(): void },
  ) {
    this.sequence = invite.sequence;
    this.transactionId = invite.transactionId;
    this.#retransmitter = new Retransmitter(clock, timing.t1Ms, timing.t2Ms, () => port.resend());
    this.#cancelDeadline = clock.schedule(giveUpMs(timing), () => port.onTimeout());
  }

  /** Runs `task` once the wait is over, however it ends. */
  afterwards(task: () => void): void {
    this.#tasks.push(task);
  }

  end(): void {
    this.#retransmitter.stop();
    this.#cancelDeadline();
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  }
}
