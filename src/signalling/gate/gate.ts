import type { Clock } from '../../core/clock.js';
import { SourceList, sourceOf } from '../../core/source-list.js';
import type { SipRequest } from '../message/sip-message.js';
import { Bans } from './bans.js';
import { OffenceReport, type OffenceSighting } from './offence-report.js';
import { RateLimit } from './rate-limit.js';

export type GateOptions = {
  /** Sources that nobody knows get no answer at all, not even a 100. */
  silentToUnknown: boolean;
  /** Addresses and blocks that are known from the start. */
  trusted: readonly string[];
  /** User-Agents that hold one of these words get no answer, unless their source is known. */
  scanners: readonly string[];
  /** New INVITEs, of all sources and of each that nobody knows. */
  callsPerSecond: number;
  callsPerSecondPerSource: number;
  /** New requests of the other methods. */
  requestsPerSecond: number;
  requestsPerSecondPerSource: number;
  /** Connections that one unknown source may hold. */
  connectionsPerSource: number;
};

/** What becomes of a request outside dialogs: `busy` is a 503 for which nothing is kept. */
export type Verdict = 'serve' | 'silence' | 'busy';

/** Why something was not served. Closed: they are values of a label in metrics. */
export const SHUT_OUT = ['banned', 'unknown_source', 'scanner', 'call_rate', 'request_rate', 'connections'] as const;
export type ShutOut = (typeof SHUT_OUT)[number];
export type GateFigures = Readonly<Record<ShutOut, number>>;
const nobody = (): Record<ShutOut, number> =>
  Object.fromEntries(SHUT_OUT.map((reason) => [reason, 0])) as Record<ShutOut, number>;
export const NOBODY_SHUT_OUT: GateFigures = nobody();

/** New calls while the server says it has too much: as many as it can refuse in words of its own, with a record. */
const OVERLOADED_CALLS_PER_SECOND = 10;
/** Of what the server takes each second, this part is left to sources that are known. */
const KEPT_FOR_KNOWN = 0.5;

/** Who is listened to, and how much: it stands before everything that costs more than a look at the address. */
export class Gate {
  readonly #options: GateOptions;
  readonly #bans: Bans;
  readonly #report: OffenceReport;
  readonly #calls: RateLimit;
  readonly #refusedCalls: RateLimit;
  readonly #requests: RateLimit;
  readonly #scanners: readonly string[];
  readonly #shutOut = nobody();
  #known: SourceList;
  overloaded = false;

  constructor(options: GateOptions, clock: Clock) {
    this.#options = options;
    this.#bans = new Bans(clock);
    this.#report = new OffenceReport();
    this.#calls = new RateLimit(clock, options.callsPerSecond, options.callsPerSecondPerSource);
    this.#requests = new RateLimit(clock, options.requestsPerSecond, options.requestsPerSecondPerSource);
    this.#refusedCalls = new RateLimit(clock, OVERLOADED_CALLS_PER_SECOND, OVERLOADED_CALLS_PER_SECOND);
    this.#scanners = options.scanners.map((word) => word.toLowerCase());
    this.#known = new SourceList(options.trusted);
  }

  /** These, and the trusted, are the sources that are known from now on. */
  know(sources: readonly string[]): void {
    this.#known = new SourceList([...this.#options.trusted, ...sources]);
  }

  /** `source` is a CIDR. */
  ban(source: string, forMs: number): void {
    this.#bans.add(source, forMs);
  }

  lift(source: string): void {
    this.#bans.remove(source);
  }

  isBanned(address: string): boolean {
    return this.#bans.includes(address);
  }

  /** Asked before a byte is read. */
  admits(address: string): boolean {
    return !this.isBanned(address) || this.#shut('banned');
  }

  /** Asked for each new connection; `held` are those of its source. */
  admitsConnection(address: string, held: number): boolean {
    if (held < this.#options.connectionsPerSource || this.#known.includes(address)) return true;
    return this.#shut('connections');
  }

  judge(request: SipRequest, address: string): Verdict {
    const known = this.#known.includes(address);
    if (!known && this.#isScanner(request)) {
      this.#report.note(address, 'scanner');
      this.#shut('scanner');
      return 'silence';
    }
    if (!known && this.#options.silentToUnknown) {
      this.#report.note(address, 'unknown_source');
      this.#shut('unknown_source');
      return 'silence';
    }
    return this.#within(request.method, address, known) ? 'serve' : 'busy';
  }

  /** Somebody sent what is no proper request. @returns whether they are told. */
  judgeMalformed(address: string): boolean {
    const known = this.#known.includes(address);
    if (!known) this.#report.note(address, 'malformed');
    return known || !this.#options.silentToUnknown;
  }

  /** What was seen since it was last asked for. */
  takeOffences(): OffenceSighting[] {
    return this.#report.take();
  }

  figures(): GateFigures {
    return { ...this.#shutOut };
  }

  #within(method: string, address: string, known: boolean): boolean {
    const source = known ? undefined : sourceOf(address);
    const keep = known ? 0 : KEPT_FOR_KNOWN;
    if (method !== 'INVITE') return this.#requests.take(source, keep) || this.#shut('request_rate');
    if (this.overloaded && !this.#refusedCalls.take(undefined, 0)) return this.#shut('call_rate');
    return this.#calls.take(source, keep) || this.#shut('call_rate');
  }

  #isScanner(request: SipRequest): boolean {
    const userAgent = request.headers.get('User-Agent')?.toLowerCase();
    return userAgent !== undefined && this.#scanners.some((word) => userAgent.includes(word));
  }

  #shut(reason: ShutOut): false {
    this.#shutOut[reason] += 1;
    return false;
  }
}
