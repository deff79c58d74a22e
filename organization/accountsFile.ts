import { CsvError, parse } from 'csv-parse/sync';
import type { Account } from './accounts';
import { GarrisonError, GarrisonErrors } from './errors';
import { readTextFile } from './files';
import { nearest, quoted } from './text';

/** The most accounts that one file may hold: AWS Organizations' own highest quota. */
export const mostAccounts = 10_000;

const columns = ['accountId', 'email', 'name', 'ou'] as const;
type Column = (typeof columns)[number];

/** The accounts whose part the configuration names. */
export interface NamedAccounts {
  readonly managementAccount: string;
  readonly securityAccount: string;
}

interface Row {
  /** From 1, in the file. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Reads and checks `accounts.csv`: with a header (`accountId,email` and optionally `name`, `ou`, in any order) or
 * without one (two columns, account id and e-mail). With `named`, the management and the security account must be in it.
 *
 * @throws GarrisonErrors with every problem of every row, as `accounts.csv:LINE: what, the value, what to do`
 * @throws GarrisonError when the file cannot be read
 */
export function loadAccounts(file: string, named?: NamedAccounts): Account[] {
  return parseAccounts(readTextFile(file, 'the list of accounts (--accounts)'), file, named);
}

/** Checks the text of an `accounts.csv`; `file` is its name for messages. Throws as `loadAccounts` does. */
export function parseAccounts(text: string, file = 'accounts.csv', named?: NamedAccounts): Account[] {
  const problems: GarrisonError[] = [];
  const report: Report = (code, line, what, remedy) =>
    problems.push(new GarrisonError(code, `${file}:${line}: ${what}`, remedy, { file, line }));

  const rows = readRows(text, file);
  const first = rows[0];
  if (!first) {
    throw new GarrisonErrors([
      new GarrisonError(
        'accounts.empty',
        `${file}:1: holds no accounts`,
        'Write one line for each account: accountId,email',
        { file, line: 1 },
      ),
    ]);
  }
  const withHeader = isHeader(first);
  const header = withHeader ? readHeader(first, report) : columns.slice(0, 2);
  const body = withHeader ? rows.slice(1) : rows;
  if (body.length > mostAccounts) {
    report(
      'accounts.many',
      body[mostAccounts]?.line ?? 1,
      `holds ${body.length} accounts`,
      `At most ${mostAccounts} fit in one organization.`,
    );
  } else if (body.length === 0) {
    report('accounts.empty', first.line, 'holds a header and no accounts', 'Write one line for each account below it.');
  }
  const accounts = problems.length > 0 ? [] : body.flatMap((row) => readAccount(row, header, report) ?? []);
  reportDuplicates(accounts, report);
  if (named && problems.length === 0) {
    reportMissing(accounts, named, report);
  }
  if (problems.length > 0) {
    throw new GarrisonErrors(problems.sort((one, other) => (one.place.line ?? 0) - (other.place.line ?? 0)));
  }
  return accounts;
}

type Report = (code: string, line: number, what: string, remedy: string) => void;

function readRows(text: string, file: string): Row[] {
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
    return records
      .map(({ record, info }) => ({ fields: record, line: info.lines }))
      .filter((row) => row.fields.some((field) => field !== ''));
  } catch (cause) {
    const line = cause instanceof CsvError && typeof cause.lines === 'number' ? cause.lines : 1;
    throw new GarrisonErrors([
      new GarrisonError(
        'accounts.syntax',
        `${file}:${line}: is not CSV (${cause instanceof CsvError ? cause.code : 'unreadable'})`,
        'Close every quote that is opened; write a quote inside a quoted field twice.',
        { file, line },
        { cause },
      ),
    ]);
  }
}

/** A header holds a column's name, or at least nothing that could be an account id or an e-mail address. */
function isHeader({ fields }: Row): boolean {
  const named = fields.some((field) => columns.some((column) => column.toLowerCase() === field.toLowerCase()));
  return named || fields.every((field) => !/\d/.test(field) && !field.includes('@'));
}

function readHeader(row: Row, report: Report): (Column | undefined)[] {
  const header = row.fields.map((field) => {
    const column = columns.find((known) => known.toLowerCase() === field.toLowerCase());
    if (!column) {
      const near = nearest(field, columns);
      const remedy = near ? `Did you mean ${near}?` : `Known columns: ${columns.join(', ')}.`;
      report('accounts.column', row.line, `unknown column ${quoted(field)}`, remedy);
    }
    return column;
  });
  for (const column of columns) {
    const times = header.filter((name) => name === column).length;
    if (times > 1) {
      report('accounts.column', row.line, `the column ${column} stands there ${times} times`, 'Keep one of them.');
    }
    if (times === 0 && (column === 'accountId' || column === 'email')) {
      report(
        'accounts.column',
        row.line,
        `the column ${column} is missing`,
        'The header must hold accountId and email.',
      );
    }
  }
  return header;
}

function readAccount(row: Row, header: readonly (Column | undefined)[], report: Report): Account | undefined {
  if (row.fields.length !== header.length) {
    report(
      'accounts.columns',
      row.line,
      `has ${row.fields.length} columns where ${header.length} belong: ${quoted(row.fields.join(','))}`,
      'Put a field that holds a comma in quotes; leave an empty field between two commas.',
    );
    return undefined;
  }
  const field = (column: Column) => row.fields[header.indexOf(column)] ?? '';
  const id = checkId(field('accountId'), row.line, report);
  const email = checkEmail(field('email'), row.line, report);
  if (!id || !email) {
    return undefined;
  }
  return {
    id,
    email,
    name: field('name') || undefined,
    ou: field('ou').replace(/^\/|\/$/g, '') || undefined,
    line: row.line,
  };
}

function checkId(value: string, line: number, report: Report): string | undefined {
  if (/^\d{12}$/.test(value)) {
    return value;
  }
  if (/^\d+([.,]\d+)?E\+?\d+$/i.test(value)) {
    report(
      'accounts.id.mangled',
      line,
      `the account id ${quoted(value)} was turned into a number by a spreadsheet, and digits are lost`,
      'Format the column as text, then enter the 12 digits again.',
    );
  } else if (/^\d{9,11}$/.test(value)) {
    report(
      'accounts.id.zeros',
      line,
      `the account id ${quoted(value)} has ${value.length} digits: a spreadsheet may have dropped leading zeros`,
      `If so, write ${value.padStart(12, '0')}, and format the column as text.`,
    );
  } else {
    report(
      'accounts.id',
      line,
      `the account id ${quoted(value)} is not 12 digits`,
      'Write the 12 digits, without spaces or dashes.',
    );
  }
  return undefined;
}

// Local part and domain as Organizations takes them: 6 to 64 characters, no spaces, one @.
const emailPattern = /^[^\s@<>"',;:\\()[\]\p{Cc}\p{Cf}]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/u;

function checkEmail(value: string, line: number, report: Report): string | undefined {
  if (emailPattern.test(value) && value.length <= 254) {
    return value;
  }
  report(
    'accounts.email',
    line,
    `the e-mail ${quoted(value)} is not an address`,
    "Write the account's root e-mail, such as aws+1@example.com.",
  );
  return undefined;
}

function reportDuplicates(accounts: readonly Account[], report: Report): void {
  const ids = new Map<string, Account>();
  const emails = new Map<string, Account>();
  for (const account of accounts) {
    const sameId = ids.get(account.id);
    if (sameId) {
      report(
        'accounts.duplicate',
        account.line,
        `the account id ${account.id} stands in line ${sameId.line} already`,
        'Keep one of the two lines.',
      );
    }
    const email = account.email.toLowerCase();
    const sameEmail = emails.get(email);
    if (sameEmail && !sameId) {
      report(
        'accounts.duplicate',
        account.line,
        `the e-mail ${quoted(account.email)} stands in line ${sameEmail.line} already`,
        'Every AWS account has a root e-mail of its own: correct one of the two.',
      );
    }
    ids.set(account.id, sameId ?? account);
    emails.set(email, sameEmail ?? account);
  }
}

function reportMissing(accounts: readonly Account[], named: NamedAccounts, report: Report): void {
  for (const [part, id] of [
    ['security', named.securityAccount],
    ['management', named.managementAccount],
  ] as const) {
    if (!accounts.some((account) => account.id === id)) {
      report(
        'accounts.missing',
        1,
        `the ${part} account ${id} of garrison.yaml is not in it`,
        'Add its line, or correct garrison.yaml.',
      );
    }
  }
}
