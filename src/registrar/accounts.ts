import type { PhoneId, TenantId, TrunkId } from '../core/ids.js';
import type { AccountOwner } from '../domain/contact-binding.js';
import type { CallProof } from '../domain/phone.js';
import { type PasswordHashes, passwordHashes } from './digest-check.js';

/** Somebody who may register, and call as who they are. */
export type Account = {
  owner: AccountOwner;
  tenantId: TenantId;
  user: string;
  hashes: PasswordHashes;
  maxContacts: number;
  callProof: CallProof;
};
export type AccountDraft = Omit<Account, 'hashes' | 'owner'> & { password: string };

/** The enabled accounts of all tenants, by user name: phones, and trunks that register to us. */
export class Accounts {
  readonly #realm: string;
  readonly #byUser = new Map<string, Account>();
  readonly #byOwner = new Map<PhoneId | TrunkId, Account>();

  constructor(realm: string) {
    this.#realm = realm;
  }

  /** Takes the account up as it is now; undefined: there is none any more. False, and there is none, when another has its user name. */
  changed(owner: AccountOwner, draft: AccountDraft | undefined): boolean {
    const before = this.#byOwner.get(owner.id);
    if (before) {
      this.#byOwner.delete(owner.id);
      this.#byUser.delete(before.user);
    }
    if (!draft) return true;
    if (this.#byUser.has(draft.user)) return false;
    const { password, ...account } = draft;
    const added = { ...account, owner, hashes: passwordHashes(draft.user, this.#realm, password) };
    this.#byOwner.set(owner.id, added);
    this.#byUser.set(draft.user, added);
    return true;
  }

  byUser(user: string): Account | undefined {
    return this.#byUser.get(user);
  }

  byOwner(id: PhoneId | TrunkId): Account | undefined {
    return this.#byOwner.get(id);
  }

  /** Whether somebody other than `id` has the user name. */
  isTaken(user: string, id: PhoneId | TrunkId): boolean {
    const holder = this.#byUser.get(user);
    return holder !== undefined && holder.owner.id !== id;
  }
}
