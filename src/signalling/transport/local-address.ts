import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from '../../core/clock.js';

const REFRESH_MS = 5000;

/** An IPv4 peer of a dual-stack socket as the peer knows itself. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

const toBits = (address: string): number => address.split('.').reduce((bits, octet) => ((bits << 8) | Number(octet)) >>> 0, 0);

/** Which of this machine's addresses a peer sees when the sockets are bound to all of them. */
export class LocalAddresses {
  readonly #clock: Clock;
  readonly #bind: string;
  #interfaces: { address: string; mask: string; internal: boolean; v6: boolean }[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, bind: string) {
    this.#clock = clock;
    this.#bind = bind;
  }

  /** The bound address, or for a wildcard the one on the peer's network, or the first that leads outside. */
  towards(peer: string): string {
    if (this.#bind !== '0.0.0.0' && this.#bind !== '::') return this.#bind;
    this.#refresh();
    const plain = plainAddress(peer);
    if (isIPv6(plain)) {
      if (plain === '::1') return '::1';
      return this.#interfaces.find((i) => i.v6 && !i.internal)?.address ?? '::1';
    }
    if (plain.startsWith('127.')) return '127.0.0.1';
    const bits = toBits(plain);
    const v4 = this.#interfaces.filter((i) => !i.v6);
    const near = v4.find((i) => ((toBits(i.address) ^ bits) & toBits(i.mask)) === 0);
    return (near ?? v4.find((i) => !i.internal))?.address ?? '127.0.0.1';
  }

  #refresh(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#readAtMs < REFRESH_MS) return;
    this.#readAtMs = nowMs;
    this.#interfaces = Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .filter((entry) => !(entry.family === 'IPv6' && entry.address.startsWith('fe80')))
      .map((entry) => ({
        address: entry.address,
        mask: entry.netmask,
        internal: entry.internal,
        v6: entry.family === 'IPv6',
      }));
  }
}
