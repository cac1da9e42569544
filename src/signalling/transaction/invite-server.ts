import type { Cancel, Clock } from '../../core/clock.js';
import { Retransmitter } from './retransmitter.js';
import { giveUpMs, type Timing } from './timing.js';

export type ServerTransactionPort = {
  clock: Clock;
  timing: Timing;
  reliable: boolean;
  send(bytes: Buffer): void;
  onTerminated(): void;
};

/** RFC 3261 section 17.2.1 with the accepted state of RFC 6026 section 7.1. The user resends its 2xx itself. */
export class InviteServerTransaction {
  readonly #port: ServerTransactionPort;
  #state: 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated' = 'proceeding';
  #lastResponse: Buffer | undefined;
  /** Timer G. */
  #retransmitter: Retransmitter | undefined;
  /** Timer H, I or L: whichever the state waits for. */
  #cancelTimer: Cancel | undefined;

  constructor(port: ServerTransactionPort) {
    this.#port = port;
  }

  get state(): string {
    return this.#state;
  }

  /** @returns false when a final response has been given before. */
  respond(status: number, bytes: Buffer): boolean {
    if (this.#state !== 'proceeding') return false;
    this.#lastResponse = bytes;
    const { clock, timing } = this.#port;
    if (status >= 200 && status < 300) {
      this.#state = 'accepted';
      this.#after(giveUpMs(timing), () => this.terminate());
    } else if (status >= 300) {
      this.#state = 'completed';
      if (!this.#port.reliable) {
        this.#retransmitter = new Retransmitter(clock, timing.t1Ms, timing.t2Ms, () => this.#port.send(bytes));
      }
      this.#after(giveUpMs(timing), () => this.terminate());
    }
    this.#port.send(bytes);
    return true;
  }

  /** The 2xx again, while it waits for its ACK. */
  resendAccepted(): void {
    if (this.#state === 'accepted' && this.#lastResponse) this.#port.send(this.#lastResponse);
  }

  onRetransmission(): void {
    // In the accepted state the user's own resending of the 2xx answers it (RFC 6026 section 7.1).
    if ((this.#state === 'proceeding' || this.#state === 'completed') && this.#lastResponse) {
      this.#port.send(this.#lastResponse);
    }
  }

  /** @returns true when the ACK belonged to a failure response and is dealt with; else it is for the dialog. */
  onAck(): boolean {
    if (this.#state === 'completed') {
      this.#state = 'confirmed';
      this.#retransmitter?.stop();
      this.#after(this.#port.reliable ? 0 : this.#port.timing.t4Ms, () => this.terminate());
    }
    return this.#state !== 'accepted' && this.#state !== 'proceeding';
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#retransmitter?.stop();
    this.#cancelTimer?.();
    this.#port.onTerminated();
  }

  #after(delayMs: number, task: () => void): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#port.clock.schedule(delayMs, task);
  }
}
