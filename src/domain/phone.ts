import type { PhoneId, TenantId } from '../core/ids.js';
import type { SrtpPolicy } from './ports/media.js';

/**
 * How a phone's calls are taken for its own: `digest` asks each INVITE for the password, `binding` lets those in that come from where
 * the phone is registered.
 */
export const CALL_PROOFS = ['digest', 'binding'] as const;
export type CallProof = (typeof CALL_PROOFS)[number];

/** Whom a phone may call: agents alone, other phones of the organisation too, or numbers outside as well, as far as calls out may go. */
export const PHONE_REACHES = ['agents', 'phones', 'anywhere'] as const;
export type PhoneReach = (typeof PHONE_REACHES)[number];

export type PhoneSettings = {
  /** User part of its address of record, and user name of its digest. One on the whole server. */
  username: string;
  displayName: string | undefined;
  callProof: CallProof;
  mayCall: PhoneReach;
  /** How many contacts may be registered at once; one more takes the place of the oldest. */
  maxContacts: number;
  /** Its caller's number, in E.164. */
  number: string | undefined;
  /** Undefined: as the server does. */
  srtp: SrtpPolicy | undefined;
};

/** A telephone or softphone that registers to us. */
export type Phone = PhoneSettings & {
  id: PhoneId;
  tenantId: TenantId;
  enabled: boolean;
  /** Sealed for this phone's id. */
  sealedPassword: string;
  /** Grows by one with every change. */
  version: number;
  createdAtMs: number;
  updatedAtMs: number;
};
