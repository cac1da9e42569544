import { CsvError, parse } from 'csv-parse/sync';
import { AppError, type FieldFault } from '../../core/errors.js';

/** One record under the header: its place in the file as a spreadsheet counts it (the header is row 1), and its cells by column. */
export type CsvRow = { row: number; cells: ReadonlyMap<string, string> };
export type CsvTable = { columns: readonly string[]; rows: readonly CsvRow[] };

const MAX_COLUMNS = 200;
const MAX_COLUMN_NAME_LENGTH = 200;
const MAX_FAULTS = 20;

/** How faults name a cell. */
export const cellName = (row: number, column: string): string => `row ${row}, column ${column}`;

/**
 * Reads CSV (RFC 4180) with a header row; lines without anything are skipped, and so is the space around cells.
 *
 * @throws AppError `invalid_request` that names the row, and the column where it is one.
 */
export function parseCsv(text: string, limits: { maxRows: number }): CsvTable {
  const records = recordsOf(text);
  const columns = records[0] ?? [];
  const faults = headerFaults(columns);
  const rows: CsvRow[] = [];
  for (const [index, record] of records.entries()) {
    if (index === 0 || isBlank(record)) continue;
    const row = index + 1;
    if (record.length === columns.length) rows.push({ row, cells: new Map(columns.map((name, at) => [name, record[at] ?? ''])) });
    else faults.push({ field: `row ${row}`, message: `has ${record.length} columns, the header has ${columns.length}` });
  }
  if (rows.length > limits.maxRows) faults.unshift({ field: 'body', message: `must not have more than ${limits.maxRows} rows` });
  if (faults.length > 0) throw badCsv(faults);
  return { columns, rows };
}

/** @throws AppError `invalid_request` unless exactly one of `names` is a column. */
export function columnAmong({ columns }: CsvTable, names: readonly string[]): string {
  const found = columns.filter((column) => names.includes(column.toLowerCase()));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const message = found.length === 0 ? `has no column named ${oneOf(names)}` : `has more than one of ${names.join(', ')}`;
  throw badCsv([{ field: 'row 1', message }]);
}

export const badCsv = (faults: readonly FieldFault[]): AppError =>
  new AppError('invalid_request', 'invalid CSV', { faults: faults.slice(0, MAX_FAULTS) });

function recordsOf(text: string): string[][] {
  try {
    // Lengths are compared here, so that each record keeps its row and an empty line is told from a short one.
    return parse(text, { bom: true, trim: true, relax_column_count: true, max_record_size: 100_000 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as { lines?: unknown };
    throw badCsv([{ field: typeof lines === 'number' ? `line ${lines}` : 'body', message: reasonOf(error) }]);
  }
}

function headerFaults(columns: readonly string[]): FieldFault[] {
  if (isBlank(columns)) return [{ field: 'row 1', message: 'must name the columns' }];
  if (columns.length > MAX_COLUMNS) return [{ field: 'row 1', message: `must not have more than ${MAX_COLUMNS} columns` }];
  return columns.flatMap((name, at): FieldFault[] => {
    const field = `row 1, column ${at + 1}`;
    if (name === '') return [{ field, message: 'must have a name' }];
    if (name.length > MAX_COLUMN_NAME_LENGTH) return [{ field, message: `must not be longer than ${MAX_COLUMN_NAME_LENGTH}` }];
    return columns.indexOf(name) < at ? [{ field, message: 'has the name of an earlier column' }] : [];
  });
}

const isBlank = (record: readonly string[]): boolean => record.every((cell) => cell === '');

const oneOf = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;

/** csv-parse repeats the input in its messages, which may hold anything. */
function reasonOf({ code }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'has a quote that is not closed';
    case 'CSV_MAX_RECORD_SIZE':
      return 'is too long';
    default:
      return 'is no valid CSV: a cell with quotes, commas or line breaks must be quoted, and its quotes doubled';
  }
}
