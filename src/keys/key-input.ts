import { AppError } from '../core/errors.js';
import { isScope, SCOPES, type Scope } from '../domain/api-key.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';

const MAX_NAME_LENGTH = 200;

/** @throws AppError `invalid_request` for one that is blank or a novel. */
export function keyName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= MAX_NAME_LENGTH) return trimmed;
  throw fault('name', `must have 1 to ${MAX_NAME_LENGTH} characters`);
}

/**
 * Each once, in the order of the list; undefined is all, those of later versions too.
 *
 * @throws AppError `invalid_request` for none at all, or one that does not exist.
 */
export function keyScopes(scopes: readonly string[] | undefined): readonly Scope[] | undefined {
  if (scopes === undefined) return undefined;
  if (scopes.length === 0 || !scopes.every(isScope)) throw fault('scopes', `must be one or more of ${SCOPES.join(', ')}`);
  return SCOPES.filter((scope) => scopes.includes(scope));
}

/** @throws AppError `invalid_request` for a time that has come already, or is none. */
export function keyExpiry(expiresAtMs: number | undefined, nowMs: number): number | undefined {
  if (expiresAtMs === undefined || (Number.isSafeInteger(expiresAtMs) && expiresAtMs > nowMs)) return expiresAtMs;
  throw fault('expiresAt', 'must be a time to come');
}

const PREFIX = /^\+(?:[1-9]\d{0,14})?$/;

/** @throws AppError `invalid_request` for what is no number of calls or no beginning of a number. */
export function keyLimits(limits: TollLimits | undefined): TollLimits | undefined {
  if (!limits) return undefined;
  const { allowedPrefixes, deniedPrefixes, callsPerHour, callsPerDay } = limits;
  for (const [field, calls] of Object.entries({ callsPerHour, callsPerDay })) {
    if (calls !== undefined && (!Number.isSafeInteger(calls) || calls < 0))
      throw fault(field, 'must be a whole number, 0 or more');
  }
  for (const [field, prefixes] of Object.entries({ allowedPrefixes, deniedPrefixes })) {
    if (prefixes?.some((prefix) => !PREFIX.test(prefix))) throw fault(field, 'must be + and the first digits of a number');
  }
  return limits;
}

const fault = (field: string, message: string): AppError =>
  new AppError('invalid_request', `key ${field} ${message}`, { faults: [{ field, message }] });
