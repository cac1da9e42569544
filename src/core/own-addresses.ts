import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Clock } from './clock.js';
import { plainAddress, SourceList } from './source-list.js';

const REFRESH_MS = 5000;
/** RFC 1918, 3927, 4193, 4291 and 6598, and loopback: what nobody reaches from outside. */
const PRIVATE = new SourceList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1',
]);

export type OwnAddressOptions = {
  /** Where sockets are bound. */
  bind: string;
  /** What peers outside see, when there is NAT in between. */
  externalIp: string | undefined;
  /** Whose peers see the address of the interface all the same. Undefined: private networks, when the external address is none. */
  localNetworks?: readonly string[] | undefined;
};

/** Where we are for a peer, as it says itself. */
export type Seen = { address: string; port: number };

const toBits = (address: string): number => address.split('.').reduce((bits, octet) => ((bits << 8) | Number(octet)) >>> 0, 0);

/** Which of this machine's addresses a peer sees. */
export class OwnAddresses {
  readonly #clock: Clock;
  readonly #options: OwnAddressOptions;
  readonly #locals: SourceList;
  #interfaces: { address: string; mask: string; internal: boolean; v6: boolean }[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** By the peers' addresses, or the names they are called by. */
  readonly #seen = new Map<string, Seen>();

  constructor(clock: Clock, options: OwnAddressOptions) {
    const { externalIp, localNetworks } = options;
    this.#clock = clock;
    this.#options = options;
    const behindPrivate = externalIp !== undefined && PRIVATE.includes(externalIp);
    this.#locals = localNetworks ? new SourceList(localNetworks) : behindPrivate ? new SourceList([]) : PRIVATE;
  }

  /** Sockets take peers of both address families. */
  get dual(): boolean {
    return this.#options.bind === '::';
  }

  /** What a peer is told: what it sees itself, where that was learned; the external address, unless it is near, or of the other family. */
  advertisedTo(peer: string): string {
    const plain = plainAddress(peer);
    return this.#seen.get(plain)?.address ?? this.#toldUnseen(plain);
  }

  /** Where this peer, an address or a name, sees us; undefined: where we are. */
  seenBy(peer: string): Seen | undefined {
    return this.#seen.get(plainAddress(peer));
  }

  /**
   * Takes what a peer sees of us (RFC 3581), for it alone. Whoever is near, as a PBX in a container of this machine, may see a bridge's
   * address: between private networks ours stays as it is.
   */
  learn(peer: string, { address, port }: Seen): void {
    const key = plainAddress(peer);
    const seen = plainAddress(address);
    const told = this.#toldUnseen(isIP(key) === 0 ? seen : key);
    const foreign = isIP(seen) === isIP(told) && seen !== told && !(PRIVATE.includes(seen) && PRIVATE.includes(told));
    if (foreign) this.#seen.set(key, { address: seen, port });
    else this.#seen.delete(key);
  }

  #toldUnseen(plain: string): string {
    const { externalIp } = this.#options;
    const foreign = externalIp !== undefined && isIP(externalIp) === isIP(plain) && !this.#locals.includes(plain);
    return foreign ? externalIp : this.towards(plain);
  }

  /** The bound address, or for a wildcard the one on the peer's network, or the first that leads outside. */
  towards(peer: string): string {
    const { bind } = this.#options;
    if (bind !== '0.0.0.0' && bind !== '::') return bind;
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

  /** Of this machine now, as one text that changes when any of them does. */
  fingerprint(): string {
    this.#readAtMs = Number.NEGATIVE_INFINITY;
    this.#refresh();
    return this.#interfaces
      .map(({ address }) => address)
      .sort()
      .join(' ');
  }

  /** True while the machine still has it. */
  has(address: string): boolean {
    this.#refresh();
    const plain = plainAddress(address);
    return this.#interfaces.some((i) => i.address === plain);
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
