import type { Trunk } from '../trunk.js';
import type { Credentials } from './telephony.js';

/** Where requests to a trunk go, and who we are there. */
export type TrunkAccess = Pick<Trunk, 'host' | 'port' | 'transport' | 'username' | 'nat'> & {
  credentials: Credentials | undefined;
  /** Where its requests go; it stands in none of them. */
  nextHop: string;
};

/** A failure before the registrar could say anything has the status 408 or 503, as RFC 3261 section 8.1.3.1 has it. */
export type RegisterOutcome =
  | { accepted: true; expiresS: number; registrar: { address: string; port: number } }
  | {
      accepted: false;
      status: number;
      reason: string;
      /** We answered a challenge and were refused all the same. */
      credentialsRefused: boolean;
      /** Of a 423: what is the least the registrar grants. */
      minExpiresS: number | undefined;
      retryAfterS: number | undefined;
    };

/** Our address at one registrar (RFC 3261 section 10). */
export interface Binding {
  /**
   * Registers, refreshes, or with 0 takes back. One at a time.
   *
   * @throws AppError `signalling_unavailable`.
   */
  register(expiresS: number): Promise<RegisterOutcome>;
}

export interface TrunkSignalling {
  openBinding(access: TrunkAccess): Binding;
  /**
   * Asks the trunk's server whether it is there (OPTIONS); resolves with the status of its answer, or 408 or 503 for none.
   *
   * @throws AppError `signalling_unavailable`.
   */
  ping(access: TrunkAccess): Promise<number>;
}
