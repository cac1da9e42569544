import type { TrunkId } from '../core/ids.js';
import type { Phone } from '../domain/phone.js';
import type { DigestChallenge } from '../domain/ports/authentication.js';
import type { Caller, CallerRequest, InboundCallers } from '../domain/ports/inbound-callers.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { Account, Accounts } from './accounts.js';
import type { Authenticator } from './authenticator.js';
import { dialledNumber } from './dialled-number.js';
import type { Locations } from './locations.js';

export type CallersDeps = {
  accounts: Pick<Accounts, 'byOwner'>;
  authenticator: Pick<Authenticator, 'claims' | 'check' | 'challenges'>;
  locations: Pick<Locations, 'at'>;
  phone: (id: Phone['id']) => Phone | undefined;
  overTrunk: (id: TrunkId, invite: CallerRequest) => Arrival | undefined;
};

/** Tells by digest, or by where they are registered, who of ours calls. */
export class Callers implements InboundCallers {
  readonly #deps: CallersDeps;

  constructor(deps: CallersDeps) {
    this.#deps = deps;
  }

  identify(invite: CallerRequest): Caller {
    const { authenticator } = this.#deps;
    if (authenticator.claims(invite)) {
      const proof = authenticator.check(invite);
      if (proof.is === 'proven') return this.#caller(proof.account, invite);
      return proof.is === 'challenge' ? { is: 'unproven', challenges: proof.challenges } : proof;
    }
    const here = this.#registeredAt(invite);
    if (here.length === 0) return { is: 'unknown' };
    const trusted = here.find(({ user, callProof }) => callProof === 'binding' && user === invite.from.user);
    return trusted ? this.#caller(trusted, invite) : { is: 'unproven', challenges: authenticator.challenges(false) };
  }

  challenges(): readonly DigestChallenge[] {
    return this.#deps.authenticator.challenges(false);
  }

  #registeredAt({ source }: CallerRequest): Account[] {
    return this.#deps.locations.at(source).flatMap(({ owner }) => this.#deps.accounts.byOwner(owner.id) ?? []);
  }

  #caller(account: Account, invite: CallerRequest): Caller {
    const { owner } = account;
    const arrival = owner.kind === 'trunk' ? this.#deps.overTrunk(owner.id, invite) : this.#byPhone(owner.id, invite);
    return arrival ? { is: 'known', arrival } : { is: 'refused' };
  }

  #byPhone(id: Phone['id'], { requestUser, from }: CallerRequest): Arrival | undefined {
    const phone = this.#deps.phone(id);
    // Its own name or none: nobody calls as somebody else.
    if (!phone || (from.user !== phone.username && from.user !== 'anonymous')) return undefined;
    const called = requestUser === undefined ? undefined : dialledNumber(requestUser, phone.number);
    return {
      tenantId: phone.tenantId,
      trunk: undefined,
      phone,
      wanted: requestUser === undefined ? [] : [requestUser],
      calledNumbers: called === undefined ? [] : [called],
      callerNumber: phone.number,
      maxConcurrentCalls: undefined,
      terms: { srtp: phone.srtp },
    };
  }
}
