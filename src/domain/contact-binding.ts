import type { PhoneId, TenantId, TrunkId } from '../core/ids.js';
import type { Peer } from './ports/telephony.js';

/** Who registers: a phone, or a trunk of the kind `accept`. */
export type AccountOwner = { kind: 'phone'; id: PhoneId } | { kind: 'trunk'; id: TrunkId };

/** Where an account can be reached for a while (RFC 3261 section 10.3). */
export type ContactBinding = {
  owner: AccountOwner;
  tenantId: TenantId;
  /** What makes two registrations the same contact: the instance (RFC 5626) where it is told, otherwise the URI. */
  key: string;
  uri: string;
  /** Preference, from 0 to 1. */
  q: number;
  /** Where the REGISTER came from: requests to the contact go there, whatever address its URI has. */
  source: Peer;
  /** URIs of proxies in between (RFC 3327), as Route headers have them. */
  path: readonly string[];
  userAgent: string | undefined;
  callId: string;
  sequence: number;
  registeredAtMs: number;
  refreshedAtMs: number;
  expiresAtMs: number;
};
