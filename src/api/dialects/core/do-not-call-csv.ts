import type { FieldFault } from '../../../core/errors.js';
import type { DoNotCallDraft } from '../../../do-not-call/do-not-call-service.js';
import { writtenNumber } from '../../../domain/phone-number.js';
import { badCsv, cellName, columnAmong, parseCsv } from '../../http/csv-table.js';
import { faultsOf } from '../../http/parse.js';
import { DoNotCallRow, MAX_ENTRIES, toDoNotCallDraft } from './do-not-call-schema.js';

/** Names that a column with telephone numbers may have. */
export const NUMBER_COLUMNS = ['number', 'phone', 'to_number'];

/**
 * The rows of a list of numbers; of its other columns only `reason` and `expires_at` mean something.
 *
 * @throws AppError `invalid_request` that names each row and column at fault.
 */
export function doNotCallDraftsOf(csv: string): DoNotCallDraft[] {
  const table = parseCsv(csv, { maxRows: MAX_ENTRIES });
  const numberColumn = columnAmong(table, NUMBER_COLUMNS);
  const faults: FieldFault[] = [];
  if (table.rows.length === 0) faults.push({ field: 'body', message: 'must have a row under the header' });
  const drafts = table.rows.flatMap(({ row, cells }) => {
    const number = cells.get(numberColumn) ?? '';
    const parsed = DoNotCallRow.safeParse({
      number: writtenNumber(number) ?? number,
      reason: cells.get('reason') || undefined,
      expires_at: cells.get('expires_at') || undefined,
    });
    if (parsed.success) return [toDoNotCallDraft(parsed.data)];
    for (const { field, message } of faultsOf(parsed.error)) {
      faults.push({ field: cellName(row, field === 'number' ? numberColumn : field), message });
    }
    return [];
  });
  if (faults.length > 0) throw badCsv(faults);
  return drafts;
}
