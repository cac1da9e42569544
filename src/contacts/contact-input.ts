import { z } from 'zod';
import type { ContactId } from '../core/ids.js';
import type { Contact, ContactDraft, ContactFilter, ContactPatch, ContactSelection } from '../domain/contact.js';
import { isE164 } from '../domain/phone-number.js';

/** What an operator says of a contact, in every dialect that knows contacts. */
export const MAX_IMPORTED = 10_000;
/** By one selection. */
export const MAX_SELECTED = 10_000;
const MAX_CUSTOM_FIELDS = 100;

const plain = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[^\0\p{Surrogate}]*$/u, 'has characters that are not allowed');
const word = (maxLength: number) => plain(maxLength).refine((text) => text.trim() !== '', 'must not be empty');

const Phone = z
  .string()
  .refine(isE164, 'must be an E.164 number such as +1234567890')
  .meta({ pattern: '^\\+[1-9]\\d{1,14}$', example: '+442071234567' });

const FIELDS = {
  phone: Phone,
  name: word(200).nullable().meta({ example: 'Ann Smith' }),
  email: z.email().max(320).nullable().meta({ example: 'ann@example.com' }),
  tags: z
    .array(word(100))
    .max(50)
    .transform((tags) => [...new Set(tags)])
    .meta({ type: 'array', items: { type: 'string' }, example: ['newsletter'] }),
  custom_fields: z
    .record(word(100), z.union([plain(5000), z.number(), z.boolean(), z.null()]))
    .refine((fields) => Object.keys(fields).length <= MAX_CUSTOM_FIELDS, `must not have more than ${MAX_CUSTOM_FIELDS} fields`)
    .meta({
      description: 'By names of your own; they fill `{{placeholders}}` in the texts when a campaign calls the contact.',
      example: { appointment: 'Monday at nine' },
    }),
};

export const ContactCreate = z
  .strictObject({
    phone: FIELDS.phone,
    name: FIELDS.name.optional(),
    email: FIELDS.email.optional(),
    tags: FIELDS.tags.default([]),
    custom_fields: FIELDS.custom_fields.default({}),
    do_not_call: z
      .boolean()
      .default(false)
      .meta({ description: 'True puts the number on the do-not-call list; false leaves the list as it is.' }),
  })
  .meta({ id: 'ContactCreate' });

export const ContactPatchBody = z
  .strictObject({
    ...FIELDS,
    do_not_call: z.boolean().meta({ description: 'Puts the number on the do-not-call list, or takes it off.' }),
  })
  .partial()
  .meta({
    id: 'ContactPatch',
    description: 'Only the fields that change; lists and objects are replaced as a whole, null clears.',
  });

export const ContactsImport = z
  .strictObject({ contacts: z.array(ContactCreate).min(1).max(MAX_IMPORTED) })
  .meta({ id: 'ContactsImport' });
/** The same, for bodies whose contacts are looked at one by one. */
export const ContactsImportBody = z.strictObject({ contacts: z.array(z.unknown()).min(1).max(MAX_IMPORTED) });

const time = z.iso.datetime();

export const ContactResource = z
  .object({
    id: z.uuid(),
    phone: Phone,
    name: z.union([z.string(), z.null()]),
    email: z.union([z.string(), z.null()]),
    tags: z.array(z.string()),
    custom_fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    do_not_call: z.boolean().meta({ description: 'Whether the number is on the do-not-call list now, however it came there.' }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Contact' });

export const IMPORT_REJECTIONS = ['invalid', 'duplicate', 'already_a_contact'] as const;

export const ContactsImported = z
  .object({
    created: z.number().int().meta({ example: 1 }),
    updated: z.number().int().meta({ description: 'Contacts that were there and were merged with.', example: 0 }),
    rejected: z.number().int().meta({ description: 'How many were not taken; without `partial` none.', example: 1 }),
    rejections: z
      .array(
        z.object({
          at: z.string().meta({ description: 'Place and field, as in errors.', example: 'row 3, column phone' }),
          phone: z.union([z.string(), z.null()]).meta({ example: '+15550123' }),
          reason: z.enum(IMPORT_REJECTIONS),
          message: z.string().meta({ example: 'is a contact already' }),
        }),
      )
      .meta({ description: 'At most the first 1000.' }),
  })
  .meta({ id: 'ContactsImported' });

/** Of a list. */
export const CONTACT_FILTER = {
  search: word(100).optional().meta({ description: 'Part of a name, phone number or e-mail address.' }),
  tag: word(100).optional().meta({ description: 'Only contacts with this tag.' }),
  do_not_call: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .meta({ description: 'Only those whose number is on the do-not-call list, or is not.', type: 'boolean' }),
};

const flag = (description: string) =>
  z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .meta({ description, type: 'boolean', default: false });

export const ContactsImportQuery = z.object({
  partial: flag('Take those that can be taken and tell about the rest, instead of all or none.'),
  update: flag('Merge into contacts that are there already, instead of refusing them.'),
});

/** Whom a campaign is to call. */
export const ContactSelectionBody = z
  .strictObject({
    contact_ids: z.array(z.uuid()).min(1).max(MAX_SELECTED).optional(),
    contact_filter: z
      .strictObject({ search: CONTACT_FILTER.search, tag: CONTACT_FILTER.tag })
      .optional()
      .meta({ description: 'All contacts for whom it holds; an empty one means everybody.', example: { tag: 'newsletter' } }),
  })
  .refine((body) => (body.contact_ids === undefined) !== (body.contact_filter === undefined), {
    path: ['contact_ids'],
    error: 'or contact_filter must be given, and not both',
  })
  .meta({ id: 'ContactSelection' });

export const toContactDraft = (body: z.output<typeof ContactCreate>): ContactDraft => ({
  number: body.phone,
  name: body.name ?? undefined,
  email: body.email ?? undefined,
  tags: body.tags,
  customFields: body.custom_fields,
  doNotCall: body.do_not_call,
});

/** Fields that were not sent are absent, fields that were cleared are undefined. */
export const toContactPatch = (body: z.output<typeof ContactPatchBody>): ContactPatch => ({
  ...(body.phone !== undefined && { number: body.phone }),
  ...(body.name !== undefined && { name: body.name ?? undefined }),
  ...(body.email !== undefined && { email: body.email ?? undefined }),
  ...(body.tags !== undefined && { tags: body.tags }),
  ...(body.custom_fields !== undefined && { customFields: body.custom_fields }),
  ...(body.do_not_call !== undefined && { doNotCall: body.do_not_call }),
});

export const toContactFilter = ({
  search,
  tag,
  do_not_call: doNotCall,
}: {
  search?: string | undefined;
  tag?: string | undefined;
  do_not_call?: boolean | undefined;
}): ContactFilter => ({ search, tag, doNotCall });

export const toContactSelection = ({
  contact_ids: ids,
  contact_filter: filter,
}: z.output<typeof ContactSelectionBody>): ContactSelection =>
  ids === undefined ? { filter: filter ?? {} } : { ids: [...new Set(ids.map((id) => id.toLowerCase()))] as ContactId[] };

export const presentContact = (contact: Contact): z.input<typeof ContactResource> => ({
  id: contact.id,
  phone: contact.number,
  name: contact.name ?? null,
  email: contact.email ?? null,
  tags: [...contact.tags],
  custom_fields: { ...contact.customFields },
  do_not_call: contact.doNotCall,
  created_at: new Date(contact.createdAtMs).toISOString(),
  updated_at: new Date(contact.updatedAtMs).toISOString(),
});
