import type { Cancel } from '../../core/clock.js';
import type { ServerTransactionPort } from './invite-server.js';
import { giveUpMs } from './timing.js';

/** RFC 3261 section 17.2.2. */
export class NonInviteServerTransaction {
  readonly #port: ServerTransactionPort;
  #state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  #lastResponse: Buffer | undefined;
  /** Timer J. */
  #cancelTimer: Cancel | undefined;

  constructor(port: ServerTransactionPort) {
    this.#port = port;
  }

  get state(): string {
    return this.#state;
  }

  /** @returns false when a final response has been given before. */
  respond(status: number, bytes: Buffer): boolean {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return false;
    this.#lastResponse = bytes;
    if (status < 200) this.#state = 'proceeding';
    else {
      this.#state = 'completed';
      const delayMs = this.#port.reliable ? 0 : giveUpMs(this.#port.timing);
      this.#cancelTimer = this.#port.clock.schedule(delayMs, () => this.terminate());
    }
    this.#port.send(bytes);
    return true;
  }

  onRetransmission(): void {
    if (this.#state !== 'terminated' && this.#lastResponse) this.#port.send(this.#lastResponse);
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#cancelTimer?.();
    this.#port.onTerminated();
  }
}
