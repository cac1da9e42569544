import type { Cancel } from '../../core/clock.js';
import type { ClientTransactionPort } from './invite-client.js';
import { Retransmitter } from './retransmitter.js';
import { giveUpMs } from './timing.js';

/** RFC 3261 section 17.1.2. */
export class NonInviteClientTransaction<Response> {
  readonly #port: ClientTransactionPort<Response>;
  #state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  /** Timer E. */
  #retransmitter: Retransmitter | undefined;
  /** Timer F or K. */
  #cancelTimer: Cancel | undefined;

  constructor(port: ClientTransactionPort<Response>) {
    this.#port = port;
    const { clock, timing, reliable } = port;
    port.send();
    if (!reliable) this.#retransmitter = new Retransmitter(clock, timing.t1Ms, timing.t2Ms, () => port.send());
    this.#cancelTimer = clock.schedule(giveUpMs(timing), () => {
      port.onTimeout();
      this.terminate();
    });
  }

  get state(): string {
    return this.#state;
  }

  onResponse(status: number, response: Response): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    if (status < 200) {
      this.#state = 'proceeding';
      this.#retransmitter?.slowDown();
    } else {
      this.#state = 'completed';
      this.#retransmitter?.stop();
      this.#cancelTimer?.();
      const delayMs = this.#port.reliable ? 0 : this.#port.timing.t4Ms;
      this.#cancelTimer = this.#port.clock.schedule(delayMs, () => this.terminate());
    }
    this.#port.onResponse(response);
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#retransmitter?.stop();
    this.#cancelTimer?.();
    this.#port.onTerminated();
  }
}
