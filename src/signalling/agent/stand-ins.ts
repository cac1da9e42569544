import type { Cancel, Clock } from '../../core/clock.js';
import type { Avoided } from '../transport/avoided.js';
import type { Address, Target } from '../transport/flow.js';

/** Servers that ask not to be asked for a moment are not asked at every moment. */
const LEAST_WAIT_MS = 5_000;

/** A registration that was accepted: where, for how long, and where its request could have gone, best first. */
export type Accepted = { callId: string; target: Target; located: readonly Target[]; forMs: number };

/** Registrations that a backup has accepted: tells when a better server has its turn again, for its refresh may be hours away. */
export class StandIns {
  readonly #clock: Clock;
  readonly #avoided: Pick<Avoided, 'freeInMs'>;
  readonly #onDue: (registrar: Address) => void;
  readonly #waiting = new Map<string, Cancel>();

  /** `onDue`: those registered there should register again. */
  constructor(clock: Clock, avoided: Pick<Avoided, 'freeInMs'>, onDue: (registrar: Address) => void) {
    this.#clock = clock;
    this.#avoided = avoided;
    this.#onDue = onDue;
  }

  accepted({ callId, target, located, forMs }: Accepted): void {
    this.#forget(callId);
    // The same server over another transport is no better.
    const own = located.findIndex(({ address, port }) => address === target.address && port === target.port);
    const better = located.slice(0, Math.max(0, own));
    if (forMs <= 0 || better.length === 0) return;
    const waitMs = Math.max(LEAST_WAIT_MS, Math.min(...better.map((candidate) => this.#avoided.freeInMs(candidate))));
    const due = (): void => {
      this.#waiting.delete(callId);
      this.#onDue(target);
    };
    this.#waiting.set(callId, this.#clock.schedule(waitMs, due));
  }

  close(): void {
    for (const callId of this.#waiting.keys()) this.#forget(callId);
  }

  #forget(callId: string): void {
    this.#waiting.get(callId)?.();
    this.#waiting.delete(callId);
  }
}
