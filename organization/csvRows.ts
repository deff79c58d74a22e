import { CsvError, parse } from 'csv-parse/sync';
import { GarrisonError } from './errors';

/** A row of a CSV file that holds something, without the blanks around its fields. */
export interface CsvRow {
  readonly fields: readonly string[];
  /** From 1: the row's line in the file, its last one when a quoted field holds line breaks. */
  readonly line: number;
  /** Lines, from 0, that the row takes up: `end` is the one after it. */
  readonly start: number;
  readonly end: number;
}

/**
 * The rows of a CSV text; a byte order mark, blank lines and lines that begin with `#` are left out. `file` is its
 * name for messages.
 *
 * @throws GarrisonError `accounts.syntax` when the text is not CSV
 */
export function readCsvRows(text: string, file: string): CsvRow[] {
  try {
    const records = parse(text, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records.filter(({ record }) => record.some((field) => field !== '')).map(row);
  } catch (cause) {
    const line = cause instanceof CsvError && typeof cause.lines === 'number' ? cause.lines : 1;
    throw new GarrisonError(
      'accounts.syntax',
      `${file}:${line}: is not CSV (${cause instanceof CsvError ? cause.code : 'unreadable'})`,
      'Close every quote that is opened; write a quote inside a quoted field twice.',
      { file, line },
      { cause },
    );
  }
}

function row({ record, info }: { record: string[]; info: { lines: number } }): CsvRow {
  const breaks = record.join('').split('\n').length - 1;
  return { fields: record, line: info.lines, start: info.lines - 1 - breaks, end: info.lines };
}
