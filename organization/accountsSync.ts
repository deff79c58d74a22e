import { type CsvRow, readCsvRows } from './csvRows';
import type { OrganizationAccount } from './members';

/** One difference between `accounts.csv` and the organization, and what becomes of the row. */
export interface SyncChange {
  readonly kind: 'add' | 'close' | 'rename' | 'email' | 'move';
  readonly accountId: string;
  /** Line in the file as it is; an added row has none. */
  readonly line?: number;
  readonly from?: string;
  readonly to?: string;
}

/** `accounts.csv` brought up to date. */
export interface Synced {
  /** The new text; the old one to the byte when nothing has changed. */
  readonly text: string;
  /** In the order of the file, added rows last. Every dropped row is a `close`. */
  readonly changes: readonly SyncChange[];
  /** Rows of accounts that the organization does not have: kept, as they may be outside on purpose. */
  readonly outside: readonly string[];
  /** The lines that go and come, with `-` and `+`, for a person. */
  readonly diff: readonly string[];
}

/** An account of the organization, with the path of its unit where it was asked for. */
export type ListedAccount = OrganizationAccount & { readonly ou?: string };

/**
 * Compares the text of an `accounts.csv` with the organization: accounts that are new are added at the end, rows of closed
 * and suspended accounts go, names, e-mails and units follow. Comments, order, and columns of one's own stay as they are,
 * as does every row in which nothing has changed.
 *
 * @throws GarrisonError `accounts.syntax` when the text is not CSV
 */
export function syncAccounts(text: string, organization: readonly ListedAccount[], file = 'accounts.csv'): Synced {
  const lines = text.split(/(?<=\n)/);
  const rows = readCsvRows(text, file);
  const header = headerOf(rows[0]);
  const known = new Map(organization.map((account) => [account.id, account]));
  const body = header.named ? rows.slice(1) : rows;
  const changes: SyncChange[] = [];
  const diff: string[] = [];
  const outside: string[] = [];
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const replace = (row: CsvRow, fields?: readonly string[]) => {
    diff.push(...lines.slice(row.start, row.end).map((line) => `-${line.trimEnd()}`));
    const replacement = fields ? `${serialized(fields)}${lineEnd}` : '';
    lines.splice(row.start, row.end - row.start, replacement, ...Array(row.end - row.start - 1).fill(''));
    if (fields) {
      diff.push(`+${serialized(fields)}`);
    }
  };
  for (const row of body) {
    const id = row.fields[header.accountId] ?? '';
    const account = known.get(id);
    if (!account) {
      outside.push(id);
      continue;
    }
    const own = changesOf(row, account, header);
    changes.push(...own);
    if (own.length > 0) {
      replace(row, own[0]?.kind === 'close' ? undefined : updated(row.fields, account, header));
    }
  }
  const present = new Set(body.map(({ fields }) => fields[header.accountId]));
  const added = organization.filter(({ id, status }) => status === 'ACTIVE' && !present.has(id));
  for (const account of added) {
    const fields = updated(Array(header.width).fill(''), account, header);
    changes.push({ kind: 'add', accountId: account.id, to: account.email });
    diff.push(`+${serialized(fields)}`);
    const last = lines.at(-1) ?? '';
    lines.push(`${last === '' || last.endsWith('\n') ? '' : lineEnd}${serialized(fields)}${lineEnd}`);
  }
  return { text: lines.join(''), changes, outside, diff };
}

interface Header {
  readonly named: boolean;
  readonly width: number;
  readonly accountId: number;
  readonly email: number;
  /** -1 when there is no such column. */
  readonly name: number;
  readonly ou: number;
}

function headerOf(first: CsvRow | undefined): Header {
  const names = (first?.fields ?? []).map((field) => field.toLowerCase());
  if (!names.includes('accountid')) {
    const width = Math.max(2, names.length);
    return { named: false, width, accountId: 0, email: 1, name: -1, ou: -1 };
  }
  const column = (name: string) => names.indexOf(name);
  const [accountId, email] = [column('accountid'), column('email')];
  return { named: true, width: names.length, accountId, email, name: column('name'), ou: column('ou') };
}

function changesOf({ fields, start }: CsvRow, account: ListedAccount, header: Header): SyncChange[] {
  const common = { accountId: account.id, line: start + 1 };
  if (account.status !== 'ACTIVE' && !account.status.startsWith('PENDING_ACTIVATION')) {
    return [{ ...common, kind: 'close', from: account.status }];
  }
  const { email, name, ou } = header;
  const pairs = [
    { kind: 'rename', from: fields[name], to: account.name },
    { kind: 'email', from: fields[email], to: account.email },
    { kind: 'move', from: fields[ou], to: account.ou },
  ] as const;
  return pairs.flatMap(({ kind, from, to }) => (isSame(kind, from, to) ? [] : [{ ...common, kind, from, to }]));
}

function isSame(kind: SyncChange['kind'], from: string | undefined, to: string | undefined): boolean {
  if (from === undefined || !to) {
    return true;
  }
  return kind === 'email' ? from.toLowerCase() === to.toLowerCase() : from === to;
}

function updated(fields: readonly string[], account: ListedAccount, header: Header): string[] {
  const next = [...fields];
  const put = (index: number, value: string | undefined) => {
    if (index >= 0 && value) {
      next[index] = value;
    }
  };
  put(header.accountId, account.id);
  if (!isSame('email', fields[header.email], account.email)) {
    put(header.email, account.email);
  }
  put(header.name, account.name);
  put(header.ou, account.ou);
  return next;
}

function serialized(fields: readonly string[]): string {
  return fields
    .map((field) => (/[",\r\n]|^[\s#]|\s$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',');
}
