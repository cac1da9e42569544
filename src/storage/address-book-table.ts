import type { Generated, Selectable } from 'kysely';
import { z } from 'zod';
import type { ContactId, TenantId } from '../core/ids.js';
import type { Contact, ContactDraft, ContactPatch } from '../domain/contact.js';

export type AddressBookTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  number: string;
  name: string | null;
  email: string | null;
  tags: string;
  custom_fields: string;
  created_at_ms: number;
  updated_at_ms: number;
};

export const contactRow = (tenant: TenantId, draft: ContactDraft & { id: ContactId }, nowMs: number) => ({
  id: draft.id,
  tenant_id: tenant,
  number: draft.number,
  name: draft.name ?? null,
  email: draft.email ?? null,
  tags: JSON.stringify(draft.tags),
  custom_fields: JSON.stringify(draft.customFields),
  created_at_ms: nowMs,
  updated_at_ms: nowMs,
});

export const contactColumns = (patch: ContactPatch) => ({
  ...('number' in patch && { number: patch.number }),
  ...('name' in patch && { name: patch.name ?? null }),
  ...('email' in patch && { email: patch.email ?? null }),
  ...('tags' in patch && { tags: JSON.stringify(patch.tags) }),
  ...('customFields' in patch && { custom_fields: JSON.stringify(patch.customFields) }),
});

const TagsJson = z.array(z.string());
const FieldsJson = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const toContact = (row: Selectable<AddressBookTable> & { listed: number }): Contact => ({
  id: row.id as ContactId,
  tenantId: row.tenant_id as TenantId,
  number: row.number,
  name: row.name ?? undefined,
  email: row.email ?? undefined,
  tags: TagsJson.parse(JSON.parse(row.tags)),
  customFields: FieldsJson.parse(JSON.parse(row.custom_fields)),
  doNotCall: row.listed === 1,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
