import type { PhoneId, TenantId } from '../../core/ids.js';
import type { AccountOwner, ContactBinding } from '../contact-binding.js';
import type { Phone } from '../phone.js';
import type { Listed, Page } from './repositories.js';

export interface PhoneRepository {
  /** @throws AppError `conflict` when a phone of this user name exists. */
  insert(phone: Phone): Promise<void>;
  /** Replaces the row whose version is `phone.version - 1`. @throws AppError `conflict` when somebody else changed it first, or the name is taken. */
  update(phone: Phone): Promise<void>;
  /** Its contacts go with it. */
  delete(tenant: TenantId, id: PhoneId): Promise<boolean>;
  find(tenant: TenantId, id: PhoneId): Promise<Phone | undefined>;
  findByUsername(tenant: TenantId, username: string): Promise<Phone | undefined>;
  list(tenant: TenantId, page: Page): Promise<Listed<Phone>>;
  /** The enabled ones of all tenants, oldest first. */
  enabled(): Promise<Phone[]>;
}

/** What is registered, for the next start. */
export interface ContactRepository {
  all(): Promise<ContactBinding[]>;
  /** One request's changes to one account, wholly or not at all. */
  change(owner: AccountOwner, change: { put: readonly ContactBinding[]; removed: readonly string[] }): Promise<void>;
}
