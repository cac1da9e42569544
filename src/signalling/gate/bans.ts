import type { Clock } from '../../core/clock.js';
import { SourceList, sourceOf } from '../../core/source-list.js';

/** Whom nobody listens to, and until when. Asked for each datagram, so single sources are one look-up. */
export class Bans {
  readonly #clock: Clock;
  /** CIDR to the monotonic time of its end. */
  readonly #until = new Map<string, number>();
  /** Blocks wider than one source; people name them. */
  #wide: { cidr: string; list: SourceList }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(cidr: string, forMs: number): void {
    this.#until.set(cidr, this.#clock.monotonicMs() + forMs);
    this.#renewWide();
  }

  remove(cidr: string): void {
    this.#until.delete(cidr);
    this.#renewWide();
  }

  includes(address: string): boolean {
    if (this.#until.size === 0) return false;
    const source = sourceOf(address);
    if (source !== undefined && this.#holds(source)) return true;
    return this.#wide.some(({ cidr, list }) => list.includes(address) && this.#holds(cidr));
  }

  #holds(cidr: string): boolean {
    const until = this.#until.get(cidr);
    if (until === undefined) return false;
    if (until > this.#clock.monotonicMs()) return true;
    this.remove(cidr);
    return false;
  }

  #renewWide(): void {
    this.#wide = [...this.#until.keys()]
      .filter((cidr) => sourceOf(cidr.split('/')[0] ?? '') !== cidr)
      .map((cidr) => ({ cidr, list: new SourceList([cidr]) }));
  }
}
