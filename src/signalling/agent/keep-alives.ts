import type { Cancel, Clock } from '../../core/clock.js';
import type { Address, Flow } from '../transport/flow.js';

/** RFC 5626 section 3.5.1; over UDP nobody answers it, and it opens the NAT all the same. */
const PING = Buffer.from('\r\n\r\n');

type Held = { flow: Flow; untilMs: number; cancel: Cancel };

const keyOf = ({ transport, remote }: Flow): string => `${transport}/${remote.address}:${remote.port}`;

/** Keeps the ways open by which registrars reach us, as long as they know us by them. */
export class KeepAlives {
  readonly #clock: Clock;
  readonly #onLost: (registrar: Address) => void;
  readonly #held = new Map<string, Held>();

  /** `onLost`: a connection is gone by which calls were to come. */
  constructor(clock: Clock, onLost: (registrar: Address) => void) {
    this.#clock = clock;
    this.#onLost = onLost;
  }

  /** Of a registration that was accepted for so long; with 0 it was taken back. */
  hold(flow: Flow, intervalMs: number | undefined, forMs: number): void {
    const key = keyOf(flow);
    this.#release(key);
    if (forMs <= 0) {
      flow.keepAlive?.(0);
      return;
    }
    const held: Held = { flow, untilMs: this.#clock.monotonicMs() + forMs, cancel: () => {} };
    this.#held.set(key, held);
    if (intervalMs === undefined) held.cancel = this.#clock.schedule(forMs, () => this.#release(key));
    else if (flow.keepAlive) {
      flow.keepAlive(intervalMs);
      held.cancel = this.#clock.schedule(forMs, () => this.hold(flow, undefined, 0));
    } else this.#beat(key, held, intervalMs);
  }

  /** A connection has closed. */
  closed(flow: Flow): void {
    const key = keyOf(flow);
    const held = this.#held.get(key);
    if (held?.flow !== flow) return;
    this.#release(key);
    this.#onLost(flow.remote);
  }

  close(): void {
    for (const key of this.#held.keys()) this.#release(key);
  }

  #beat(key: string, held: Held, intervalMs: number): void {
    held.cancel = this.#clock.schedule(intervalMs, () => {
      if (this.#clock.monotonicMs() >= held.untilMs) {
        this.#release(key);
        return;
      }
      held.flow.send(PING);
      this.#beat(key, held, intervalMs);
    });
  }

  #release(key: string): void {
    this.#held.get(key)?.cancel();
    this.#held.delete(key);
  }
}
