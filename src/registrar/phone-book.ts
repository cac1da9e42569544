import type { TenantId } from '../core/ids.js';
import type { PhoneDirectory, RegisteredTarget } from '../domain/ports/phone-directory.js';
import type { Accounts } from './accounts.js';
import type { Locations } from './locations.js';
import type { IsLocal } from './own-uris.js';
import { targetOf } from './registered-target.js';

const LOCAL_URI = /^sips?:([\w.!~*'()%+-]+)@(\[[^\]]+\]|[^;?:[\]]+)(?::(\d{1,5}))?(?=[;?]|$)/i;

/** Where the phones of a tenant are now. */
export class PhoneBook implements PhoneDirectory {
  readonly #accounts: Pick<Accounts, 'byUser'>;
  readonly #locations: Pick<Locations, 'of'>;
  readonly #isLocal: IsLocal;

  constructor(accounts: Pick<Accounts, 'byUser'>, locations: Pick<Locations, 'of'>, isLocal: IsLocal) {
    this.#accounts = accounts;
    this.#locations = locations;
    this.#isLocal = isLocal;
  }

  resolve(tenant: TenantId, user: string): readonly RegisteredTarget[] | undefined {
    const account = this.#accounts.byUser(user);
    if (account?.tenantId !== tenant || account.owner.kind !== 'phone') return undefined;
    return this.#locations.of(account.owner.id).map(targetOf);
  }

  localUser(target: string): string | undefined {
    const [, user, host = '', port] = LOCAL_URI.exec(target) ?? [];
    const name = host.toLowerCase().replace(/^\[|\]$/g, '');
    return user !== undefined && this.#isLocal(name, port === undefined ? undefined : Number(port)) ? user : undefined;
  }
}
