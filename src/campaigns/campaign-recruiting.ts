import { MAX_SELECTED } from '../contacts/contact-input.js';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { ApiKeyId, CampaignId, ContactId, TenantId } from '../core/ids.js';
import type { Campaign, CampaignContactDraft, CampaignSettings } from '../domain/campaign.js';
import type { Contact, ContactSelection } from '../domain/contact.js';
import type { AddressBook } from '../domain/ports/address-book.js';
import type { CampaignService, Unwanted } from './campaign-service.js';

export type CampaignRecruitingDeps = {
  campaigns: CampaignService;
  book: Pick<AddressBook, 'select'>;
  clock: Clock;
};

/** Who of those who were selected is called, and who is not and why. */
export type Recruited = { added: number; skipped: { contactId: ContactId; number: string; reason: Unwanted }[] };

/** Has campaigns call people of the address book. Each becomes a contact of the campaign's own, as they are at that moment. */
export class CampaignRecruiting {
  readonly #deps: CampaignRecruitingDeps;

  constructor(deps: CampaignRecruitingDeps) {
    this.#deps = deps;
  }

  /** Makes a draft with those who may be called. @throws AppError `agent_not_found`, or `invalid_request` as `add` does. */
  async create(
    tenant: TenantId,
    settings: CampaignSettings,
    selection: ContactSelection,
    by?: ApiKeyId,
  ): Promise<{ campaign: Campaign; recruited: Recruited }> {
    const { drafts, recruited } = await this.#recruit(tenant, undefined, selection, by);
    return { campaign: await this.#deps.campaigns.create(tenant, settings, by, drafts), recruited };
  }

  /**
   * Adds those who are no contacts of the campaign yet and may be called.
   *
   * @throws AppError `not_found`, `conflict` when the campaign is over, or `invalid_request` for a contact that does not exist or a selection
   * of too many.
   */
  async add(tenant: TenantId, id: CampaignId, selection: ContactSelection, by?: ApiKeyId): Promise<Recruited> {
    const { drafts, recruited } = await this.#recruit(tenant, id, selection, by);
    if (drafts.length > 0) await this.#deps.campaigns.addContacts(tenant, id, drafts, by);
    return recruited;
  }

  async #recruit(tenant: TenantId, id: CampaignId | undefined, selection: ContactSelection, by: ApiKeyId | undefined) {
    const { campaigns, book, clock } = this.#deps;
    if (id !== undefined) await campaigns.get(tenant, id);
    const selected = await book.select(tenant, selection, MAX_SELECTED + 1, clock.nowMs());
    checkWhole(selection, selected);
    const { wanted, unwanted } = await campaigns.check(tenant, id, selected.map(toDraft), by);
    const skipped = unwanted.flatMap(({ index, reason }) => {
      const contact = selected[index];
      return contact ? [{ contactId: contact.id, number: contact.number, reason }] : [];
    });
    return { drafts: wanted, recruited: { added: wanted.length, skipped } };
  }
}

function checkWhole(selection: ContactSelection, selected: readonly Contact[]): void {
  if (selected.length > MAX_SELECTED) {
    throw fault('contact_filter', `holds for more than ${MAX_SELECTED} contacts`);
  }
  if ('filter' in selection) return;
  const known = new Set(selected.map(({ id }) => id));
  const missing = selection.ids.findIndex((id) => !known.has(id));
  if (missing !== -1) throw fault(`contact_ids.${missing}`, 'is no contact');
}

const fault = (field: string, message: string): AppError =>
  new AppError('invalid_request', `selection: ${field} ${message}`, { faults: [{ field, message }] });

/** An e-mail address of a custom field's name goes before the contact's own. */
const toDraft = ({ number, name, email, customFields }: Contact): CampaignContactDraft => ({
  number,
  name,
  variables: { ...(email !== undefined && { email }), ...customFields },
});
