import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import {
  type AuthenticationWatch,
  type DigestAlgorithm,
  type DigestChallenge,
  type ProvableRequest,
} from '../domain/ports/authentication.js';
import type { Account, Accounts } from './accounts.js';
import { NOBODY, provesPassword } from './digest-check.js';
import { Nonces } from './nonces.js';

export type Proof =
  | { is: 'proven'; account: Account }
  /** Nothing was proven yet, or with a nonce that is used up. */
  | { is: 'challenge'; challenges: readonly DigestChallenge[] }
  /** The password is wrong, or there is no such user: which of the two, only the log and the watch are told. */
  | { is: 'refused' };

export type AuthenticatorDeps = {
  realm: string;
  /** What challenges offer, in this order. */
  digest: readonly DigestAlgorithm[];
  accounts: Pick<Accounts, 'byUser'>;
  clock: Clock;
  log: Logger;
  watch: AuthenticationWatch;
};

/** Has others prove who they are by digest (RFC 3261 section 22, RFC 7616, RFC 8760). */
export class Authenticator {
  readonly #deps: AuthenticatorDeps;
  readonly #nonces: Nonces;

  constructor(deps: AuthenticatorDeps) {
    this.#deps = deps;
    this.#nonces = new Nonces(deps.clock);
  }

  /** Whether a request claims to be somebody of ours at all. */
  claims({ credentials }: Pick<ProvableRequest, 'credentials'>): boolean {
    return credentials.some(({ realm }) => realm === this.#deps.realm);
  }

  check(request: ProvableRequest): Proof {
    const { realm, accounts, log, watch } = this.#deps;
    const answer = request.credentials.find((credentials) => credentials.realm === realm);
    if (!answer) return { is: 'challenge', challenges: this.challenges(false) };
    const account = accounts.byUser(answer.username);
    // Unknown users take the same way as known ones: scanners read the clock, too.
    const proven = provesPassword(answer, request.method, account?.hashes ?? NOBODY);
    if (!proven || !account) {
      const cause = account ? 'wrong_password' : 'unknown_user';
      const { source, method } = request;
      log.warn({ source: source.address, method, cause }, 'authentication failed');
      watch.failed({ source, method, user: answer.username, cause });
      return { is: 'refused' };
    }
    const fresh = this.#nonces.use(answer.nonce, Number.parseInt(answer.nonceCount ?? '', 16));
    // Only who knows the password learns that it was the nonce.
    return fresh ? { is: 'proven', account } : { is: 'challenge', challenges: this.challenges(true) };
  }

  challenges(stale: boolean): readonly DigestChallenge[] {
    const nonce = this.#nonces.issue();
    const { realm, digest } = this.#deps;
    return digest.map((algorithm) => ({ realm, nonce, algorithm, stale }));
  }
}
