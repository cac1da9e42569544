import type { CallId, TenantId } from '../core/ids.js';

/** How a number came on the list. */
export const DO_NOT_CALL_SOURCES = ['api', 'csv', 'caller_voice', 'caller_dtmf', 'import'] as const;
export type DoNotCallSource = (typeof DO_NOT_CALL_SOURCES)[number];

/** How the other party of a call said it. */
export type OptOutSource = Extract<DoNotCallSource, `caller_${string}`>;

/** A number that a tenant's agents do not call. */
export type DoNotCallEntry = {
  tenantId: TenantId;
  /** E.164. */
  number: string;
  reason: string | undefined;
  source: DoNotCallSource;
  /** The call in which the other party asked for it. */
  callId: CallId | undefined;
  createdAtMs: number;
  /** From then on it is as if it was not listed; undefined is for good. */
  expiresAtMs: number | undefined;
};
