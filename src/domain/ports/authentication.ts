import type { Peer } from './telephony.js';

/** RFC 8760: what we challenge with, the strongest first. */
export const DIGEST_ALGORITHMS = ['SHA-256', 'MD5'] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/** What one Authorization or Proxy-Authorization header says (RFC 7616 section 3.4), as it came. */
export type DigestResponse = {
  username: string;
  realm: string;
  nonce: string;
  uri: string;
  /** As written; absent is MD5. */
  algorithm: string | undefined;
  qop: string | undefined;
  nonceCount: string | undefined;
  cnonce: string | undefined;
  response: string;
};

/** A WWW-Authenticate or Proxy-Authenticate header. */
export type DigestChallenge = { realm: string; nonce: string; algorithm: DigestAlgorithm; stale: boolean };

/** A request that proves who sent it, or does not yet. */
export type ProvableRequest = {
  readonly method: string;
  readonly source: Peer;
  /** Of all its Authorization and Proxy-Authorization headers. */
  readonly credentials: readonly DigestResponse[];
};

/** Somebody said who they are and could not prove it. What they claim is not told to them, whether there is such a user or not. */
export type AuthenticationFailure = {
  source: Peer;
  method: string;
  /** As claimed. */
  user: string;
  cause: 'unknown_user' | 'wrong_password';
};

/** Whoever bans those who guess passwords. */
export interface AuthenticationWatch {
  failed(failure: AuthenticationFailure): void;
}
