import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../core/clock.js';

/** How long one may be used. A phone that refreshes less often is challenged anew with `stale=true`, of which nobody sees anything. */
const LIFETIME_MS = 300_000;
const TIME_BYTES = 6;
const HEAD_BYTES = 16;
const MAC_BYTES = 16;

/**
 * Nonces that we can recognise without keeping them (RFC 7616 section 3.3): the time, chance, and a keyed hash of both. Only what was
 * used by somebody who knew a password is remembered, so that nobody else can fill our memory.
 */
export class Nonces {
  readonly #clock: Clock;
  /** Of this process: what was given out before a restart is stale. */
  readonly #key = randomBytes(32);
  /** The highest count that came with each, in the order of first use. */
  readonly #counts = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  issue(): string {
    const head = randomBytes(HEAD_BYTES);
    head.writeUIntBE(this.#clock.nowMs(), 0, TIME_BYTES);
    return Buffer.concat([head, this.#mac(head)]).toString('base64url');
  }

  /** Takes one use of it. False when it is not ours, too old, or this use was before: then a new one is due. */
  use(nonce: string, nonceCount: number): boolean {
    this.#forgetOld();
    const isNew = nonceCount > (this.#counts.get(nonce) ?? 0);
    if (!isNew || !this.#isYoung(nonce)) return false;
    this.#counts.set(nonce, nonceCount);
    return true;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#counts.size;
  }

  #isYoung(nonce: string): boolean {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== HEAD_BYTES + MAC_BYTES) return false;
    const head = bytes.subarray(0, HEAD_BYTES);
    if (!timingSafeEqual(bytes.subarray(HEAD_BYTES), this.#mac(head))) return false;
    // The clock on the wall may be set back: what comes from the future is not young.
    const ageMs = this.#clock.nowMs() - head.readUIntBE(0, TIME_BYTES);
    return ageMs >= 0 && ageMs < LIFETIME_MS;
  }

  #mac(head: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(head).digest().subarray(0, MAC_BYTES);
  }

  /** Those in front were used first; one that is younger than its successor waits for it, which costs little. */
  #forgetOld(): void {
    for (const nonce of this.#counts.keys()) {
      if (this.#isYoung(nonce)) return;
      this.#counts.delete(nonce);
    }
  }
}
