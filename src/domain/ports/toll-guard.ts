import type { TenantId } from '../../core/ids.js';

/** What a tenant, or the whole server, may spend on calls out. What is absent is no limit. */
export type TollLimits = {
  /** Numbers that may be called begin with one of these. */
  allowedPrefixes?: readonly string[] | undefined;
  /** And with none of these. */
  deniedPrefixes?: readonly string[] | undefined;
  /** Calls placed, transfers to others included, within any hour and any day. */
  callsPerHour?: number | undefined;
  callsPerDay?: number | undefined;
};

/** Keeps a stolen key or a mistake from running up a bill. Every way that leads to a number asks it. */
export interface TollGuard {
  /**
   * Whether a call to this E.164 number may be placed now.
   *
   * @throws AppError `destination_not_allowed` or `call_limit_reached`.
   */
  check(tenant: TenantId, number: string): void;
  /** A call is being placed. @returns what takes that back when it is not. */
  placed(tenant: TenantId): () => void;
}
