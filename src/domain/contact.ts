import type { ContactId, TenantId } from '../core/ids.js';

export type CustomValue = string | number | boolean | null;

/** What is known of somebody; of one number there is one contact. */
export type ContactSettings = {
  /** E.164. */
  number: string;
  name: string | undefined;
  email: string | undefined;
  tags: readonly string[];
  /** By names of the operator's own; they fill `{{placeholders}}` when a campaign calls the contact. */
  customFields: Readonly<Record<string, CustomValue>>;
};

/** Somebody in a tenant's address book. */
export type Contact = ContactSettings & {
  id: ContactId;
  tenantId: TenantId;
  /** Whether the number is on the tenant's do-not-call list, which alone decides. */
  doNotCall: boolean;
  createdAtMs: number;
  updatedAtMs: number;
};

/** `doNotCall` puts the number on the do-not-call list; without it a number that is there stays there. */
export type ContactDraft = ContactSettings & { doNotCall: boolean };

/** Fields that are present replace, even when undefined; `doNotCall: false` takes the number off the list. */
export type ContactPatch = Partial<ContactDraft>;

/** What is absent does not matter; all that is present must hold. */
export type ContactFilter = {
  /** Part of a name, number or e-mail address. */
  search?: string | undefined;
  tag?: string | undefined;
  doNotCall?: boolean | undefined;
};

/** Whom somebody means: these, or all of whom the filter holds. */
export type ContactSelection = { ids: readonly ContactId[] } | { filter: ContactFilter };
