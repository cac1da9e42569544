import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../core/clock.js';
import { AppError, type ErrorCode } from '../core/errors.js';
import type { ApiKeyId, TenantId } from '../core/ids.js';
import type { Placed } from '../domain/ports/outbound-policy.js';
import type { Charge, TollGuard, TollLimits } from '../domain/ports/toll-guard.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Whose calls are counted: an organisation, or one of its API keys. */
type Account = TenantId | ApiKeyId;

/** Who has which account to thank for a refusal. */
type Limited = { code: ErrorCode; who: string; setting: string };
const SERVER: Limited = { code: 'call_limit_reached', who: 'may be placed', setting: 'outbound' };
const TENANT: Limited = {
  code: 'call_limit_reached',
  who: 'your organisation may place',
  setting: 'the limits of the organisation',
};
const KEY: Limited = { code: 'key_limit_reached', who: 'this API key may place', setting: 'the limits of the API key' };

/** What was placed within the last day, on each account, and what may be: by the limits of the server, the tenant and the key, which only add up. */
export class TollLedger implements TollGuard {
  readonly #common: TollLimits;
  readonly #clock: Clock;
  readonly #own = new Map<Account, TollLimits>();
  /** When calls were placed, the oldest first. */
  readonly #placed = new Map<Account, number[]>();

  constructor(common: TollLimits, clock: Clock) {
    this.#common = common;
    this.#clock = clock;
  }

  /** Undefined: none of its own. True when these are others than before. */
  setLimits(account: Account, limits: TollLimits | undefined): boolean {
    if (isDeepStrictEqual(limits, this.#own.get(account))) return false;
    if (limits) this.#own.set(account, limits);
    else this.#own.delete(account);
    return true;
  }

  /** What an earlier run placed, the oldest first. */
  remember(calls: readonly Placed[]): void {
    for (const { tenantId, apiKeyId, startedAtMs } of calls) {
      for (const account of accountsOf(tenantId, apiKeyId)) this.#timesOf(account).push(startedAtMs);
    }
  }

  check(tenant: TenantId, number: string, { apiKeyId, counted = false }: Charge = {}): void {
    this.#checkLimits(SERVER, this.#common, tenant, number, counted);
    this.#checkLimits(TENANT, this.#own.get(tenant), tenant, number, counted);
    if (apiKeyId !== undefined) this.#checkLimits(KEY, this.#own.get(apiKeyId), apiKeyId, number, counted);
  }

  placed(tenant: TenantId, apiKeyId?: ApiKeyId): () => void {
    const atMs = this.#clock.nowMs();
    const accounts = accountsOf(tenant, apiKeyId);
    for (const account of accounts) this.#timesOf(account).push(atMs);
    let counted = true;
    return () => {
      if (counted) for (const account of accounts) removeLast(this.#timesOf(account), atMs);
      counted = false;
    };
  }

  #checkLimits(limited: Limited, limits: TollLimits | undefined, account: Account, number: string, counted: boolean): void {
    if (!limits) return;
    checkDestination(limited, limits, number);
    if (counted) return;
    this.#checkRate(limited, account, limits.callsPerHour, HOUR_MS, 'hour');
    this.#checkRate(limited, account, limits.callsPerDay, DAY_MS, 'day');
  }

  #checkRate({ code, who }: Limited, account: Account, limit: number | undefined, spanMs: number, span: string): void {
    if (limit === undefined) return;
    const nowMs = this.#clock.nowMs();
    const times = this.#timesOf(account);
    // The limit is reached while the call that many before the next one is still within the span.
    const decisive = limit === 0 ? nowMs : times.at(-limit);
    if (decisive === undefined || decisive <= nowMs - spanMs) return;
    throw new AppError(code, `${limit} calls within a ${span}`, {
      publicMessage: `As many calls and texts as ${who} within one ${span} (${limit}) have been placed`,
      retryAfterMs: decisive + spanMs - nowMs,
    });
  }

  #timesOf(account: Account): number[] {
    const times = this.#placed.get(account) ?? [];
    this.#placed.set(account, times);
    const sinceMs = this.#clock.nowMs() - DAY_MS;
    const current = times.findIndex((atMs) => atMs > sinceMs);
    if (current !== 0) times.splice(0, current < 0 ? times.length : current);
    return times;
  }
}

const accountsOf = (tenant: TenantId, apiKeyId: ApiKeyId | undefined): Account[] =>
  apiKeyId === undefined ? [tenant] : [tenant, apiKeyId];

function removeLast(times: number[], atMs: number): void {
  const at = times.lastIndexOf(atMs);
  if (at >= 0) times.splice(at, 1);
}

function checkDestination(
  { setting }: Limited,
  { allowedPrefixes = ['+'], deniedPrefixes = [] }: TollLimits,
  number: string,
): void {
  const begins = (prefix: string): boolean => number.startsWith(prefix);
  if (allowedPrefixes.some(begins) && !deniedPrefixes.some(begins)) return;
  throw new AppError('destination_not_allowed', 'number outside the allowed prefixes, or within a denied one', {
    publicMessage: `This number may not be called (allowed and denied prefixes: ${setting})`,
    faults: [{ field: 'to_number', message: 'may not be called' }],
  });
}
