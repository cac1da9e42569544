import type { ContactId, TenantId } from '../../core/ids.js';
import type { Contact, ContactDraft, ContactFilter, ContactPatch, ContactSelection } from '../contact.js';
import type { Listed, Page } from './repositories.js';

/**
 * What becomes of a draft whose number is in the book: nothing is saved at all, or it is merged into the contact (what the draft has
 * replaces, custom fields one by one, and the rest stays).
 */
export type WhenKnown = 'refuse' | 'merge';

/** A tenant's contacts. Each method is one transaction, changes of the do-not-call list included. */
export interface AddressBook {
  /** @throws AppError `conflict` for a number that is known, where that is to be refused. */
  save(
    tenant: TenantId,
    drafts: readonly (ContactDraft & { id: ContactId })[],
    whenKnown: WhenKnown,
    nowMs: number,
  ): Promise<{ created: number; updated: number }>;
  find(tenant: TenantId, id: ContactId, nowMs: number): Promise<Contact | undefined>;
  /** Which of these numbers are in the book. */
  known(tenant: TenantId, numbers: readonly string[]): Promise<ReadonlySet<string>>;
  /** Newest first. */
  list(tenant: TenantId, filter: ContactFilter, page: Page, nowMs: number): Promise<Listed<Contact>>;
  /** At most `limit` of them, the oldest first; ids that do not exist are left out. */
  select(tenant: TenantId, selection: ContactSelection, limit: number, nowMs: number): Promise<Contact[]>;
  /** Undefined when there is no such contact. @throws AppError `conflict` when another contact has the number. */
  patch(tenant: TenantId, id: ContactId, patch: ContactPatch, nowMs: number): Promise<Contact | undefined>;
  /** What campaigns, calls and the do-not-call list know of the number stays. False when there is no such contact. */
  delete(tenant: TenantId, id: ContactId): Promise<boolean>;
}
