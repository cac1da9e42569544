import type { Unwanted } from '../../../../campaigns/campaign-service.js';
import type { FieldFault } from '../../../../core/errors.js';
import type { CampaignContactDraft } from '../../../../domain/campaign.js';
import { writtenNumber } from '../../../../domain/phone-number.js';
import { cellName, columnAmong, parseCsv } from '../../../http/csv-table.js';
import { faultsOf, parseInput } from '../../../http/parse.js';
import { NUMBER_COLUMNS } from '../do-not-call-csv.js';
import { ContactCreate, ContactsBody, MAX_CONTACTS } from './campaign-schema.js';

/** One entry of what was sent, and how faults name its number. */
export type IntakeEntry = { numberField: string } & (
  | { draft: CampaignContactDraft }
  | { faults: FieldFault[]; number: string | undefined }
);

export const UNWANTED_MESSAGES: Readonly<Record<Unwanted, string>> = {
  duplicate: 'stands here twice',
  already_a_contact: 'is a contact of the campaign already',
  do_not_call: 'is on the do-not-call list',
  number_not_allowed: 'may not be called',
};

/** @throws AppError `invalid_request` when the body as a whole is no list of contacts. */
export function contactsOf(body: unknown): IntakeEntry[] {
  return typeof body === 'string' ? csvContacts(body) : jsonContacts(body);
}

function jsonContacts(body: unknown): IntakeEntry[] {
  return parseInput(ContactsBody, body).contacts.map((contact, index) =>
    entryOf(contact, (field) => (field === 'body' ? `contacts.${index}` : `contacts.${index}.${field}`)),
  );
}

/** The column with the number, one called `name`, and all others as variables by their names. */
function csvContacts(csv: string): IntakeEntry[] {
  const table = parseCsv(csv, { maxRows: MAX_CONTACTS });
  const numberColumn = columnAmong(table, NUMBER_COLUMNS);
  const nameColumn = table.columns.find((column) => column.toLowerCase() === 'name');
  const variableColumns = table.columns.filter((column) => column !== numberColumn && column !== nameColumn);
  return table.rows.map(({ row, cells }) => {
    const cell = (column: string): string => cells.get(column) ?? '';
    const contact = {
      number: writtenNumber(cell(numberColumn)) ?? cell(numberColumn),
      name: (nameColumn !== undefined && cell(nameColumn)) || undefined,
      variables: Object.fromEntries(variableColumns.map((column) => [column, cell(column)])),
    };
    const columnOf = (field: string): string =>
      field === 'number' ? numberColumn : field === 'name' ? (nameColumn ?? field) : field.replace(/^variables\.?/, '');
    return entryOf(contact, (field) => {
      const column = columnOf(field);
      return column === '' ? `row ${row}` : cellName(row, column);
    });
  });
}

function entryOf(contact: unknown, fieldName: (field: string) => string): IntakeEntry {
  const numberField = fieldName('number');
  const parsed = ContactCreate.safeParse(contact);
  if (parsed.success) {
    const { number, name, variables } = parsed.data;
    return { numberField, draft: { number, name: name ?? undefined, variables: variables ?? {} } };
  }
  const faults = faultsOf(parsed.error).map(({ field, message }) => ({ field: fieldName(field), message }));
  const { number } = (typeof contact === 'object' && contact !== null ? contact : {}) as { number?: unknown };
  return { numberField, faults, number: typeof number === 'string' ? number.slice(0, 40) : undefined };
}
