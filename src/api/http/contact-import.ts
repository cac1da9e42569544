import type { z } from 'zod';
import {
  ContactCreate,
  ContactsImportBody,
  type ContactsImported,
  MAX_IMPORTED,
  toContactDraft,
} from '../../contacts/contact-input.js';
import type { ContactService, Unwanted } from '../../contacts/contact-service.js';
import { AppError, type FieldFault } from '../../core/errors.js';
import type { TenantId } from '../../core/ids.js';
import type { ContactDraft } from '../../domain/contact.js';
import { writtenNumber } from '../../domain/phone-number.js';
import { cellName, columnAmong, parseCsv } from './csv-table.js';
import { faultsOf, parseInput } from './parse.js';

const MAX_FAULTS = 20;
const MAX_REJECTIONS = 1000;
const PHONE_COLUMNS = ['phone', 'number', 'to_number'];
const OWN_COLUMNS = ['name', 'email', 'tags', 'do_not_call'];

/** What stands between the tags of a cell. */
const TAG_SEPARATOR = /\s*[;|]\s*/;

const MESSAGES: Readonly<Record<Unwanted, string>> = {
  duplicate: 'stands here twice',
  already_a_contact: 'is a contact already',
};

/** One entry of what was sent, and how faults name its number. */
type Entry = { phoneField: string } & ({ draft: ContactDraft } | { faults: FieldFault[]; phone: string | undefined });

/**
 * Takes in a list of contacts: JSON, or CSV with a header row, which the parser of bodies has left as text. All of them or, with `partial`,
 * those that are well written and wanted.
 *
 * @throws AppError `invalid_request` that names each place at fault.
 */
export async function importContacts(
  contacts: ContactService,
  tenant: TenantId,
  body: unknown,
  { partial, update }: { partial: boolean; update: boolean },
): Promise<z.input<typeof ContactsImported>> {
  const rejections: z.input<typeof ContactsImported>['rejections'] = [];
  const faults: FieldFault[] = [];
  const drafts: ContactDraft[] = [];
  const fields: string[] = [];
  for (const entry of typeof body === 'string' ? csvEntries(body) : jsonEntries(body)) {
    if ('draft' in entry) {
      drafts.push(entry.draft);
      fields.push(entry.phoneField);
      continue;
    }
    faults.push(...entry.faults);
    const [{ field: at, message } = { field: entry.phoneField, message: 'is invalid' }] = entry.faults;
    rejections.push({ at, phone: entry.phone ?? null, reason: 'invalid', message });
  }
  const whenKnown = update ? 'merge' : 'refuse';
  const { wanted, unwanted } = await contacts.check(tenant, drafts, whenKnown);
  for (const { index, reason } of unwanted) {
    const at = fields[index] ?? '';
    faults.push({ field: at, message: MESSAGES[reason] });
    rejections.push({ at, phone: drafts[index]?.number ?? null, reason, message: MESSAGES[reason] });
  }
  if (!partial && faults.length > 0) {
    throw new AppError('invalid_request', 'contacts cannot all be taken', { faults: faults.slice(0, MAX_FAULTS) });
  }
  const { created, updated } = await contacts.addAll(tenant, wanted, whenKnown);
  return { created, updated, rejected: rejections.length, rejections: rejections.slice(0, MAX_REJECTIONS) };
}

const jsonEntries = (body: unknown): Entry[] =>
  parseInput(ContactsImportBody, body).contacts.map((contact, index) =>
    entryOf(contact, (field) => (field === 'body' ? `contacts.${index}` : `contacts.${index}.${field}`)),
  );

/** Columns that are not a contact's own are custom fields by their names. */
function csvEntries(csv: string): Entry[] {
  const table = parseCsv(csv, { maxRows: MAX_IMPORTED });
  if (table.rows.length === 0) {
    throw new AppError('invalid_request', 'no rows', {
      faults: [{ field: 'body', message: 'must have a row under the header' }],
    });
  }
  const phoneColumn = columnAmong(table, PHONE_COLUMNS);
  const own = new Map(OWN_COLUMNS.map((name) => [name, table.columns.find((column) => column.toLowerCase() === name)]));
  const custom = table.columns.filter((column) => column !== phoneColumn && ![...own.values()].includes(column));
  return table.rows.map(({ row, cells }) => {
    const cell = (column: string | undefined): string | undefined =>
      (column === undefined ? undefined : cells.get(column)) || undefined;
    const phone = cell(phoneColumn) ?? '';
    const contact = {
      phone: writtenNumber(phone) ?? phone,
      name: cell(own.get('name')),
      email: cell(own.get('email')),
      tags: cell(own.get('tags'))?.split(TAG_SEPARATOR).filter(Boolean),
      do_not_call: flagOf(cell(own.get('do_not_call'))),
      custom_fields: Object.fromEntries(custom.flatMap((column) => (cell(column) ? [[column, cell(column)]] : []))),
    };
    return entryOf(contact, (field) => {
      const [first = '', ...rest] = field.split('.');
      const column = first === 'phone' ? phoneColumn : first === 'custom_fields' ? rest.join('.') : (own.get(first) ?? '');
      return column === '' ? `row ${row}` : cellName(row, column);
    });
  });
}

/** As people write it in a table; what it is not stays a fault. */
function flagOf(cell: string | undefined): unknown {
  if (cell === undefined) return undefined;
  if (/^(true|yes|1)$/i.test(cell)) return true;
  return /^(false|no|0)$/i.test(cell) ? false : cell;
}

function entryOf(contact: unknown, fieldName: (field: string) => string): Entry {
  const phoneField = fieldName('phone');
  const parsed = ContactCreate.safeParse(contact);
  if (parsed.success) return { phoneField, draft: toContactDraft(parsed.data) };
  const faults = faultsOf(parsed.error).map(({ field, message }) => ({ field: fieldName(field), message }));
  const { phone } = (typeof contact === 'object' && contact !== null ? contact : {}) as { phone?: unknown };
  return { phoneField, faults, phone: typeof phone === 'string' ? phone.slice(0, 40) : undefined };
}
