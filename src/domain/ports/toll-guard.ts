import type { ApiKeyId, TenantId } from '../../core/ids.js';

/** What a tenant, one of its API keys, or the whole server may spend on calls out. What is absent is no limit. */
export type TollLimits = {
  /** Numbers that may be called begin with one of these. */
  allowedPrefixes?: readonly string[] | undefined;
  /** And with none of these. */
  deniedPrefixes?: readonly string[] | undefined;
  /** Calls placed and texts sent, transfers to others included, within any hour and any day. */
  callsPerHour?: number | undefined;
  callsPerDay?: number | undefined;
};

/** On whose account, beside the tenant's, a call or a text goes. */
export type Charge = {
  /** The key that asked for it; absent when a person or the server itself did. */
  apiKeyId?: ApiKeyId | undefined;
  /** It stands on the account already, so that only where it goes is asked. */
  counted?: boolean;
};

/** Keeps a stolen key or a mistake from running up a bill. Every way that leads to a number asks it. */
export interface TollGuard {
  /**
   * Whether a call to this E.164 number may be placed now.
   *
   * @throws AppError `destination_not_allowed`, `key_limit_reached` by the key's own limits, or `call_limit_reached`.
   */
  check(tenant: TenantId, number: string, charge?: Charge): void;
  /** A call is being placed. @returns what takes that back when it is not. */
  placed(tenant: TenantId, apiKeyId?: ApiKeyId): () => void;
}
