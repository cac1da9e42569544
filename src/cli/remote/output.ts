import type { Remote } from './remote.js';

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What callers say and how they name themselves may hold anything; a terminal obeys some of it. */
export const printable = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');

/** One resource: a line for each field, or JSON. */
export function printRecord({ json }: Remote, record: object): void {
  if (json) {
    print(JSON.stringify(record, undefined, 2));
    return;
  }
  const entries = Object.entries(record);
  const width = Math.max(...entries.map(([name]) => name.length));
  for (const [name, value] of entries)
    print(`${name.padEnd(width)}  ${cell(value).replaceAll('\n', `\n${' '.repeat(width + 2)}`)}`);
}

type Page<Row> = { data: Row[]; meta: { total?: number | null; offset?: number | null } };

/** A page of a list: a table of the columns, with a word on what is left, or JSON. */
export function printPage<Row extends object>(
  { json }: Remote,
  { data, meta }: Page<Row>,
  columns: readonly (keyof Row & string)[],
): void {
  if (json) {
    print(JSON.stringify(data, undefined, 2));
    return;
  }
  const rows = [
    columns.map((column) => column.toUpperCase()),
    ...data.map((row) => columns.map((column) => cell(row[column], true))),
  ];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  for (const row of rows)
    print(
      row
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  const next = (meta.offset ?? 0) + data.length;
  if (typeof meta.total === 'number' && next < meta.total)
    process.stderr.write(`${next} of ${meta.total}; --offset ${next} for more\n`);
}

function cell(value: unknown, oneLine = false): string {
  if (value === null || value === undefined) return '-';
  const text = printable(typeof value === 'string' ? value : JSON.stringify(value));
  return oneLine ? text.replaceAll(/\s+/g, ' ') : text;
}
