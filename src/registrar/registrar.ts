import type { Clock } from '../core/clock.js';
import { background, type Logger } from '../core/log.js';
import type { IncomingRegister } from '../domain/ports/registrar-signalling.js';
import type { Account } from './accounts.js';
import type { Authenticator } from './authenticator.js';
import { type ExpiryLimits, type Update, updateOf } from './contact-update.js';
import type { Locations } from './locations.js';

/** How a REGISTER was answered. */
export const REGISTER_RESULTS = ['accepted', 'challenged', 'refused', 'malformed', 'failed'] as const;
export type RegisterResult = (typeof REGISTER_RESULTS)[number];

export type RegistrarDeps = {
  authenticator: Pick<Authenticator, 'check'>;
  locations: Locations;
  limits: ExpiryLimits;
  clock: Clock;
  log: Logger;
  onAnswer: (result: RegisterResult) => void;
};

/** Answers REGISTER (RFC 3261 section 10.3). */
export class Registrar {
  readonly #deps: RegistrarDeps;

  constructor(deps: RegistrarDeps) {
    this.#deps = deps;
  }

  onRegister(register: IncomingRegister): void {
    background(this.#answer(register).then(this.#deps.onAnswer), 'answering a REGISTER', this.#deps.log);
  }

  async #answer(register: IncomingRegister): Promise<RegisterResult> {
    const { wish } = register;
    if (!wish) {
      register.refuse(400);
      return 'malformed';
    }
    const proof = this.#deps.authenticator.check(register);
    if (proof.is === 'challenge') {
      register.challenge(proof.challenges);
      return 'challenged';
    }
    // Who proves to be one may not register for another (step 4).
    if (proof.is === 'refused' || proof.account.user !== wish.user) {
      register.refuse(403);
      return 'refused';
    }
    try {
      return await this.#update(register, proof.account);
    } catch (error) {
      this.#deps.log.error({ err: error }, 'registration not stored');
      register.refuse(500, { 'Retry-After': '30' });
      return 'failed';
    }
  }

  async #update(register: IncomingRegister, account: Account): Promise<RegisterResult> {
    const { locations, limits, clock } = this.#deps;
    const { wish, source } = register;
    let update: Update | undefined;
    await locations.change(account.owner, (present) => {
      update = wish && updateOf(present, wish, { account, source, nowMs: clock.nowMs(), limits });
      return update?.is === 'change' ? update : { put: [], removed: [] };
    });
    if (update?.is === 'refused') {
      register.refuse(update.status, update.headers);
      return 'refused';
    }
    const nowMs = clock.nowMs();
    register.accept(
      locations
        .of(account.owner.id)
        .map(({ uri, q, expiresAtMs }) => ({ uri, q, expiresS: Math.ceil((expiresAtMs - nowMs) / 1000) })),
    );
    return 'accepted';
  }
}
