import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { TenantId } from '../core/ids.js';
import type { TollGuard, TollLimits } from '../domain/ports/toll-guard.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What was placed within the last day, of each tenant, and what may be: by the server's limits and by the tenant's own, which only add to them. */
export class TollLedger implements TollGuard {
  readonly #common: TollLimits;
  readonly #clock: Clock;
  readonly #own = new Map<TenantId, TollLimits>();
  /** When calls were placed, the oldest first. */
  readonly #placed = new Map<TenantId, number[]>();

  constructor(common: TollLimits, clock: Clock) {
    this.#common = common;
    this.#clock = clock;
  }

  /** Undefined: none of its own. */
  setLimits(tenant: TenantId, limits: TollLimits | undefined): void {
    if (limits) this.#own.set(tenant, limits);
    else this.#own.delete(tenant);
  }

  /** Calls of an earlier run, the oldest first. */
  remember(calls: readonly { tenantId: TenantId; startedAtMs: number }[]): void {
    for (const { tenantId, startedAtMs } of calls) this.#timesOf(tenantId).push(startedAtMs);
  }

  check(tenant: TenantId, number: string): void {
    for (const limits of [this.#common, this.#own.get(tenant) ?? {}]) {
      checkDestination(limits, number);
      this.#checkRate(tenant, limits.callsPerHour, HOUR_MS, 'hour');
      this.#checkRate(tenant, limits.callsPerDay, DAY_MS, 'day');
    }
  }

  placed(tenant: TenantId): () => void {
    const times = this.#timesOf(tenant);
    const atMs = this.#clock.nowMs();
    times.push(atMs);
    let counted = true;
    return () => {
      const at = counted ? times.lastIndexOf(atMs) : -1;
      counted = false;
      if (at >= 0) times.splice(at, 1);
    };
  }

  #checkRate(tenant: TenantId, limit: number | undefined, spanMs: number, span: string): void {
    if (limit === undefined) return;
    const nowMs = this.#clock.nowMs();
    const times = this.#timesOf(tenant);
    // The limit is reached while the call that many before the next one is still within the span.
    const decisive = limit === 0 ? nowMs : times.at(-limit);
    if (decisive === undefined || decisive <= nowMs - spanMs) return;
    throw new AppError('call_limit_reached', `${limit} calls within a ${span}`, {
      publicMessage: `As many calls as may be placed within one ${span} (${limit}) have been placed`,
      retryAfterMs: decisive + spanMs - nowMs,
    });
  }

  #timesOf(tenant: TenantId): number[] {
    const times = this.#placed.get(tenant) ?? [];
    this.#placed.set(tenant, times);
    const sinceMs = this.#clock.nowMs() - DAY_MS;
    const current = times.findIndex((atMs) => atMs > sinceMs);
    if (current !== 0) times.splice(0, current < 0 ? times.length : current);
    return times;
  }
}

function checkDestination({ allowedPrefixes = ['+'], deniedPrefixes = [] }: TollLimits, number: string): void {
  const begins = (prefix: string): boolean => number.startsWith(prefix);
  if (allowedPrefixes.some(begins) && !deniedPrefixes.some(begins)) return;
  throw new AppError('destination_not_allowed', 'number outside the allowed prefixes, or within a denied one', {
    publicMessage:
      'This number may not be called (outbound.allowedPrefixes, outbound.deniedPrefixes, or the limits of the organisation)',
    faults: [{ field: 'to_number', message: 'may not be called' }],
  });
}
