import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { background, type Logger } from '../core/log.js';
import { isCidr, sourceOf } from '../core/source-list.js';
import type { Ban, BanReason, OffenceKind } from '../domain/ban.js';
import type { BanRepository, OffenceWatch, SignallingGate } from '../domain/ports/defence.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import { OffenceCounts } from './offence-counts.js';

export type BanOptions = {
  /** False: offences are logged and counted, and nobody is banned. */
  enabled: boolean;
  /** So many within `windowMs` make a ban. */
  offences: number;
  windowMs: number;
  /** The first ban of a source; each further one lasts twice as long as the one before. */
  banMs: number;
  maxBanMs: number;
};

export type BanServiceDeps = {
  bans: BanRepository;
  /** Absent where a signalling server that is not ours holds the sockets. */
  gate: SignallingGate | undefined;
  /** Trunks, registered phones and the like, which are never banned. */
  isKnown: (address: string) => boolean;
  options: BanOptions;
  clock: Clock;
  log: Logger;
  onOffence?: ((kind: OffenceKind, count: number) => void) | undefined;
};

/** A source that has been good for so long begins anew. */
const MEMORY_MS = 7 * 86_400_000;

/** Whom the server does not listen to, for how long, and why. */
export class BanService implements OffenceWatch {
  readonly #deps: BanServiceDeps;
  readonly #counts: OffenceCounts;

  constructor(deps: BanServiceDeps) {
    this.#deps = deps;
    this.#counts = new OffenceCounts({ limit: deps.options.offences, windowMs: deps.options.windowMs });
  }

  /** Takes up the bans of an earlier run. */
  async start(): Promise<void> {
    const { bans, clock } = this.#deps;
    const nowMs = clock.nowMs();
    await bans.forget(nowMs - MEMORY_MS);
    for (const ban of await bans.current(nowMs)) this.#deps.gate?.ban(ban.source, ban.expiresAtMs - nowMs);
  }

  offended(address: string, kind: OffenceKind, count = 1): void {
    const { isKnown, log, onOffence, options, clock } = this.#deps;
    onOffence?.(kind, count);
    // Of this form for good: fail2ban reads it (docs/fail2ban).
    log.warn({ source: address, kind, count }, 'sip offence');
    if (!options.enabled || isKnown(address)) return;
    const source = this.#counts.add(address, count, clock.nowMs());
    if (source !== undefined) background(this.#ban(source, kind), 'banning a source', log);
  }

  list(page: Page): Promise<Listed<Ban>> {
    return this.#deps.bans.list(page, this.#deps.clock.nowMs());
  }

  /**
   * Bans an address or block for somebody who asks for it. A ban there is takes the new time.
   *
   * @throws AppError `invalid_request` for what is neither, `conflict` for a source that is known.
   */
  async ban(text: string, forMs: number): Promise<Ban> {
    const source = cidrOf(text);
    if (source === undefined) {
      const message = 'must be an IP address, or a block such as 203.0.113.0/24';
      throw new AppError('invalid_request', `no source: ${text}`, { faults: [{ field: 'source', message }] });
    }
    if (this.#deps.isKnown(source.split('/')[0] ?? '')) {
      const publicMessage = 'This is the source of a trunk, of a registered phone, or trusted';
      throw new AppError('conflict', `${source} is known`, { publicMessage });
    }
    const before = await this.#deps.bans.find(source);
    return this.#enforce({ source, reason: 'operator', times: before?.times ?? 1 }, forMs);
  }

  /** @throws AppError `not_found` when it is not banned. */
  async lift(text: string): Promise<string> {
    const source = cidrOf(text);
    if (source === undefined || !(await this.#deps.bans.remove(source, this.#deps.clock.nowMs()))) {
      throw new AppError('not_found', `no ban of ${text}`, { publicMessage: 'This source is not banned' });
    }
    this.#deps.gate?.lift(source);
    return source;
  }

  async #ban(source: string, reason: BanReason): Promise<void> {
    const { banMs, maxBanMs } = this.#deps.options;
    const before = await this.#deps.bans.find(source);
    const times = (before?.times ?? 0) + 1;
    const ban = await this.#enforce({ source, reason, times }, Math.min(maxBanMs, banMs * 2 ** (times - 1)));
    this.#deps.log.warn({ source, reason, times, expiresAtMs: ban.expiresAtMs }, 'sip source banned');
  }

  async #enforce(wanted: Pick<Ban, 'source' | 'reason' | 'times'>, forMs: number): Promise<Ban> {
    const createdAtMs = this.#deps.clock.nowMs();
    const ban = { ...wanted, createdAtMs, expiresAtMs: createdAtMs + forMs };
    // First, because it helps at once even when nothing can be stored.
    this.#deps.gate?.ban(ban.source, forMs);
    await this.#deps.bans.put(ban);
    return ban;
  }
}

/** A lone address is the source it stands for. */
function cidrOf(text: string): string | undefined {
  if (!isCidr(text)) return undefined;
  return text.includes('/') ? text : sourceOf(text);
}
