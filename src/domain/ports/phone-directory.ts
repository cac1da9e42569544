import type { TenantId } from '../../core/ids.js';

/** How one registered contact is reached. */
export type RegisteredTarget = {
  /** The Request-URI: the contact as it was registered. */
  uri: string;
  /** SIP URI of the next hop: where the registration came from, over the same connection where there was one. Absent with a path. */
  proxy: string | undefined;
  /** Headers that the way needs (Route, RFC 3327). */
  headers: Readonly<Record<string, string>>;
  /** From 0 to 1; the highest is tried first, equals at once. */
  q: number;
};

/** Phones as callers name them. */
export interface PhoneNames {
  /** The tenant's enabled phone that is called so, by its user name or by its number in E.164: its user name. */
  userOf(tenant: TenantId, called: string): string | undefined;
}

/** Addresses of record of phones that register to us. */
export interface PhoneDirectory {
  /**
   * The contacts of the tenant's phone `user`, the preferred ones first; none while it is not registered.
   *
   * @returns undefined when the tenant has no enabled phone of that name.
   */
  resolve(tenant: TenantId, user: string): readonly RegisteredTarget[] | undefined;
  /** The user of `sip:user@one-of-our-domains`, with a port only if it is ours; undefined for any other text. */
  localUser(target: string): string | undefined;
}
