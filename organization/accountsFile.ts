import type { Account } from './accounts';
import { type CsvRow, readCsvRows } from './csvRows';
import { GarrisonError, GarrisonErrors } from './errors';
import { readTextFile } from './files';
import { nearest, quoted } from './text';
import { unitPath } from './unitPaths';

/** The most accounts that one file may hold: AWS Organizations' own highest quota. */
export const mostAccounts = 10_000;

const columns = ['accountId', 'email', 'name', 'ou'] as const;
type Column = (typeof columns)[number];

/** The accounts whose part the configuration names. */
export interface NamedAccounts {
  readonly managementAccount: string;
  readonly securityAccount: string;
}

/**
 * Reads and checks `accounts.csv`: with a header (`accountId,email` and optionally `name`, `ou` and columns of one's own,
 * in any order) or without one (two columns, account id and e-mail). With `named`, the management and the security account must be in it.
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

  const rows = rowsOf(text, file);
  const [top] = rows;
  if (!top) {
    throw new GarrisonErrors([
      new GarrisonError(
        'accounts.empty',
        `${file}:1: holds no accounts`,
        'Write one line for each account: accountId,email',
        { file, line: 1 },
      ),
    ]);
  }
  const withHeader = isHeader(top);
  const header = withHeader ? readHeader(top, report) : columns.slice(0, 2);
  const body = withHeader ? rows.slice(1) : rows;
  if (body.length > mostAccounts) {
    report(
      'accounts.many',
      body[mostAccounts]?.line ?? 1,
      `holds ${body.length} accounts`,
      `At most ${mostAccounts} fit in one organization.`,
    );
  } else if (body.length === 0) {
    report('accounts.empty', top.line, 'holds a header and no accounts', 'Write one line for each account below it.');
  }
  const read = problems.length > 0 ? [] : body.flatMap((row) => readAccount(row, header, report) ?? []);
  reportDuplicates(read, report);
  const accounts = read.filter((account): account is Account => Boolean(account.id && account.email));
  if (named && problems.length === 0) {
    reportMissing(accounts, named, report);
  }
  if (problems.length > 0) {
    throw new GarrisonErrors(problems.sort((one, other) => (one.place.line ?? 0) - (other.place.line ?? 0)));
  }
  return accounts;
}

/** A file that is no CSV is reported like any other problem. */
function rowsOf(text: string, file: string): CsvRow[] {
  try {
    return readCsvRows(text, file);
  } catch (error) {
    throw error instanceof GarrisonError ? new GarrisonErrors([error]) : error;
  }
}

type Report = (code: string, line: number, what: string, remedy: string) => void;

/** A header holds a column's name, or at least nothing that could be an account id or an e-mail address. */
function isHeader({ fields }: CsvRow): boolean {
  const named = fields.some((field) => columns.some((column) => column.toLowerCase() === field.toLowerCase()));
  return named || fields.every((field) => !/\d/.test(field) && !field.includes('@'));
}

/** The header's names; one that looks like a misspelt column of ours is refused, any other is the user's own. */
function readHeader(row: CsvRow, report: Report): string[] {
  const header = row.fields.map((field) => {
    const column = columns.find((known) => known.toLowerCase() === field.toLowerCase());
    // Short words are near to everything.
    const near = column || field.length < 4 ? undefined : nearest(field, columns);
    if (near !== undefined || field === '') {
      const remedy = near ? `Did you mean ${near}?` : 'Give the column a name.';
      report('accounts.column', row.line, `unknown column ${quoted(field)}`, remedy);
    }
    return column ?? field;
  });
  for (const column of new Set([...columns, ...header])) {
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

/** A row of which the id or the e-mail may have been refused already. */
type ReadAccount = Omit<Account, 'id' | 'email'> & Partial<Account>;

function readAccount(row: CsvRow, header: readonly string[], report: Report): ReadAccount | undefined {
  if (row.fields.length !== header.length) {
    report(
      'accounts.columns',
      row.line,
      `has ${row.fields.length} ${row.fields.length === 1 ? 'column' : 'columns'} where ${header.length} belong: ${quoted(row.fields.join(','))}`,
      'Put a field that holds a comma in quotes; leave an empty field between two commas.',
    );
    return undefined;
  }
  const field = (column: Column) => row.fields[header.indexOf(column)] ?? '';
  const own = header.flatMap((column, index) =>
    isOurs(column) || !row.fields[index] ? [] : [[column, row.fields[index]] as const],
  );
  return {
    id: checkId(field('accountId'), row.line, report),
    email: checkEmail(field('email'), row.line, report),
    name: field('name') || undefined,
    ou: unitPath(field('ou')) || undefined,
    ...(own.length > 0 && { columns: Object.fromEntries(own) }),
    line: row.line,
  };
}

function isOurs(column: string): boolean {
  return (columns as readonly string[]).includes(column);
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

// GuardDuty refuses a whole batch for one longer address. Source: API references of Organizations (CreateAccount) and
// GuardDuty (AccountDetail).
const longestEmail = 64;
const emailPattern = /^[^\s@<>"',;:\\()[\]\p{Cc}\p{Cf}]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/u;

function checkEmail(value: string, line: number, report: Report): string | undefined {
  if (emailPattern.test(value) && value.length <= longestEmail) {
    return value;
  }
  report(
    'accounts.email',
    line,
    `the e-mail ${quoted(value)} is not an address`,
    `Write the account's root e-mail, such as aws+1@example.com (at most ${longestEmail} characters).`,
  );
  return undefined;
}

function reportDuplicates(accounts: readonly ReadAccount[], report: Report): void {
  const ids = new Map<string, number>();
  const emails = new Map<string, number>();
  for (const { id, email, line } of accounts) {
    const sameId = first(ids, id, line);
    const sameEmail = first(emails, email?.toLowerCase(), line);
    if (sameId !== undefined) {
      report(
        'accounts.duplicate',
        line,
        `the account id ${id} stands in line ${sameId} already`,
        'Keep one of the two lines.',
      );
    } else if (sameEmail !== undefined) {
      report(
        'accounts.duplicate',
        line,
        `the e-mail ${quoted(email)} stands in line ${sameEmail} already`,
        'Every AWS account has a root e-mail of its own: correct one of the two.',
      );
    }
  }
}

/** The line in which the value stood first, if that was another one. */
function first(lines: Map<string, number>, value: string | undefined, line: number): number | undefined {
  const known = value === undefined ? undefined : lines.get(value);
  if (value !== undefined && known === undefined) {
    lines.set(value, line);
  }
  return known;
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
