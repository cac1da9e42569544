import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type ContactId, newContactId, type TenantId } from '../core/ids.js';
import type { Contact, ContactDraft, ContactFilter, ContactPatch } from '../domain/contact.js';
import type { AddressBook, WhenKnown } from '../domain/ports/address-book.js';
import type { Listed, Page } from '../domain/ports/repositories.js';

/** Why a contact that is well written is not taken. */
export type Unwanted = 'duplicate' | 'already_a_contact';
export type ImportCheck = { wanted: ContactDraft[]; unwanted: { index: number; reason: Unwanted }[] };

/** A tenant's address book, as operators keep it. */
export class ContactService {
  readonly #book: AddressBook;
  readonly #clock: Clock;

  constructor(deps: { book: AddressBook; clock: Clock }) {
    this.#book = deps.book;
    this.#clock = deps.clock;
  }

  /** @throws AppError `conflict` when there is a contact of this number. */
  async create(tenant: TenantId, draft: ContactDraft): Promise<Contact> {
    const id = newContactId();
    await this.#book.save(tenant, [{ ...draft, id }], 'refuse', this.#clock.nowMs());
    return this.get(tenant, id);
  }

  /** @throws AppError `not_found` */
  async get(tenant: TenantId, id: ContactId): Promise<Contact> {
    return found(await this.#book.find(tenant, id, this.#clock.nowMs()));
  }

  list(tenant: TenantId, filter: ContactFilter, page: Page): Promise<Listed<Contact>> {
    return this.#book.list(tenant, filter, page, this.#clock.nowMs());
  }

  /** @throws AppError `not_found`, or `conflict` when another contact has the number. */
  async patch(tenant: TenantId, id: ContactId, patch: ContactPatch): Promise<Contact> {
    return found(await this.#book.patch(tenant, id, patch, this.#clock.nowMs()));
  }

  /** Campaigns that have the contact already go on with it, and a number that is not to be called stays so. @throws AppError `not_found` */
  async delete(tenant: TenantId, id: ContactId): Promise<void> {
    found((await this.#book.delete(tenant, id)) || undefined);
  }

  /** Which of these would be taken: those whose number stands here first, and is in no contact unless they are merged. */
  async check(tenant: TenantId, drafts: readonly ContactDraft[], whenKnown: WhenKnown): Promise<ImportCheck> {
    const numbers = [...new Set(drafts.map(({ number }) => number))];
    const known = whenKnown === 'refuse' ? await this.#book.known(tenant, numbers) : new Set<string>();
    const seen = new Set<string>();
    const check: ImportCheck = { wanted: [], unwanted: [] };
    for (const [index, draft] of drafts.entries()) {
      const { number } = draft;
      const reason = known.has(number) ? 'already_a_contact' : seen.has(number) ? 'duplicate' : undefined;
      seen.add(number);
      if (reason === undefined) check.wanted.push(draft);
      else check.unwanted.push({ index, reason });
    }
    return check;
  }

  /** All or none. @throws AppError `conflict` when one that was to be new is not any more. */
  addAll(tenant: TenantId, drafts: readonly ContactDraft[], whenKnown: WhenKnown): Promise<{ created: number; updated: number }> {
    const contacts = drafts.map((draft) => ({ ...draft, id: newContactId() }));
    return this.#book.save(tenant, contacts, whenKnown, this.#clock.nowMs());
  }
}

function found<T>(contact: T | undefined): T {
  if (contact !== undefined) return contact;
  throw new AppError('not_found', 'no such contact', { publicMessage: 'Contact not found' });
}
