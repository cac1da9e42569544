import type { Cancel, Clock } from '../../core/clock.js';
import { Retransmitter } from './retransmitter.js';
import { giveUpMs, type Timing } from './timing.js';

export type ClientTransactionPort<Response> = {
  clock: Clock;
  timing: Timing;
  reliable: boolean;
  send(): void;
  onResponse(response: Response): void;
  /** Nobody answered: timer B or F. */
  onTimeout(): void;
  onTerminated(): void;
};

/** RFC 3261 section 17.1.1 with the accepted state of RFC 6026 section 7.2. */
export class InviteClientTransaction<Response> {
  readonly #port: ClientTransactionPort<Response> & { sendAck(response: Response): void };
  #state: 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated' = 'calling';
  /** Timer A. */
  #retransmitter: Retransmitter | undefined;
  /** Timer B, D or M: whichever the state waits for. */
  #cancelTimer: Cancel | undefined;
  #cancelPatience: Cancel | undefined;
  #timedOut = false;

  /**
   * `patienceMs`: less than timer B, and `onTimeout` comes then. The transaction lives on in silence, so that a peer that was
   * only slow can be told that nobody waits any more.
   */
  constructor(port: ClientTransactionPort<Response> & { sendAck(response: Response): void }, patienceMs?: number) {
    this.#port = port;
    const { clock, timing, reliable } = port;
    port.send();
    // Timer A has no cap: only timer B ends it.
    if (!reliable) this.#retransmitter = new Retransmitter(clock, timing.t1Ms, Infinity, () => port.send());
    if (patienceMs !== undefined && patienceMs < giveUpMs(timing)) {
      this.#cancelPatience = clock.schedule(patienceMs, () => {
        this.#retransmitter?.stop();
        this.#onTimeout();
      });
    }
    this.#after(giveUpMs(timing), () => {
      this.#onTimeout();
      this.terminate();
    });
  }

  get state(): string {
    return this.#state;
  }

  onResponse(status: number, response: Response): void {
    const open = this.#state === 'calling' || this.#state === 'proceeding';
    if (status < 200) {
      if (!open) return;
      this.#state = 'proceeding';
      this.#stopTimers();
      this.#port.onResponse(response);
    } else if (status < 300) {
      if (open) {
        this.#state = 'accepted';
        this.#stopTimers();
        this.#after(giveUpMs(this.#port.timing), () => this.terminate());
      }
      // Each 2xx goes up, repeated ones and those of other forks too: the user acknowledges them.
      if (this.#state === 'accepted') this.#port.onResponse(response);
    } else {
      this.#onFailure(open, response);
    }
  }

  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#stopTimers();
    this.#port.onTerminated();
  }

  #onFailure(open: boolean, response: Response): void {
    if (open) {
      this.#state = 'completed';
      this.#stopTimers();
      this.#port.sendAck(response);
      this.#after(this.#port.reliable ? 0 : this.#port.timing.timerDMs, () => this.terminate());
      this.#port.onResponse(response);
    } else if (this.#state === 'completed') this.#port.sendAck(response);
  }

  #onTimeout(): void {
    if (!this.#timedOut) this.#port.onTimeout();
    this.#timedOut = true;
  }

  #stopTimers(): void {
    this.#retransmitter?.stop();
    this.#cancelTimer?.();
    this.#cancelPatience?.();
  }

  #after(delayMs: number, task: () => void): void {
    this.#cancelTimer = this.#port.clock.schedule(delayMs, task);
  }
}
