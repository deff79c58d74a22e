import { parseAccounts } from '../../organization/accountsFile';
import { type ListedAccount, syncAccounts } from '../../organization/accountsSync';

const listed = (id: string, more: Partial<ListedAccount> = {}): ListedAccount => ({
  id,
  email: `aws+${id}@example.com`,
  name: `name ${id}`,
  status: 'ACTIVE',
  ...more,
});
const [one, two, three] = ['100000000001', '100000000002', '100000000003'] as const;

test('a file that is up to date stays as it is, to the byte', () => {
  const text = `\uFEFF# ours\r\naccountId, email ,note\r\n"${one}" ,aws+${one}@example.com,  keep\r\n\r\n`;
  expect(syncAccounts(text, [listed(one)])).toEqual({ text, changes: [], outside: [], diff: [] });
});

test('new accounts come last, closed ones go, and everything is told', () => {
  const text = `accountId,email,name\n# the first\n${two},aws+${two}@example.com,name ${two}\n${one},aws+${one}@example.com,name ${one}`;
  const synced = syncAccounts(text, [
    listed(one),
    listed(two, { status: 'SUSPENDED' }),
    listed(three, { name: 'a, b' }),
  ]);
  expect(synced.text).toBe(
    `accountId,email,name\n# the first\n${one},aws+${one}@example.com,name ${one}\n${three},aws+${three}@example.com,"a, b"\n`,
  );
  expect(synced.changes).toEqual([
    { kind: 'close', accountId: two, line: 3, from: 'SUSPENDED' },
    { kind: 'add', accountId: three, to: `aws+${three}@example.com` },
  ]);
  expect(synced.diff).toEqual([
    `-${two},aws+${two}@example.com,name ${two}`,
    `+${three},aws+${three}@example.com,"a, b"`,
  ]);
});

test('names, e-mails and units follow; columns of one’s own stay', () => {
  const text = `owner,accountId,email,name,ou\n"Smith, J",${one},old@example.com,old,Old\n`;
  const synced = syncAccounts(text, [listed(one, { ou: 'Workloads/Production' })]);
  expect(synced.text).toBe(
    `owner,accountId,email,name,ou\n"Smith, J",${one},aws+${one}@example.com,name ${one},Workloads/Production\n`,
  );
  expect(synced.changes.map(({ kind, from, line }) => `${kind} ${from} ${line}`)).toEqual([
    'rename old 2',
    'email old@example.com 2',
    'move Old 2',
  ]);
});

test('accounts outside the organization are kept, and named', () => {
  const text = `${one},aws+${one}@example.com\n${two},partner@example.com\n`;
  expect(syncAccounts(text, [listed(one)])).toMatchObject({ text, changes: [], outside: [two] });
});

test('rows over several lines are replaced whole', () => {
  const text = `accountId,email,name\n${one},aws+${one}@example.com,"two\nlines"\n# end\n${two},aws+${two}@example.com,name ${two}\n`;
  const synced = syncAccounts(text, [listed(one), listed(two)]);
  expect(synced.text).toBe(
    `accountId,email,name\n${one},aws+${one}@example.com,name ${one}\n# end\n${two},aws+${two}@example.com,name ${two}\n`,
  );
});

test('an empty file becomes a list, and what is written can be read', () => {
  const { text } = syncAccounts('accountId,email,name,ou\n', [
    listed(one, { name: '"quoted", #1' }),
    listed(two, { name: ' # two ' }),
  ]);
  expect(parseAccounts(text).map(({ id, name }) => ({ id, name }))).toEqual([
    { id: one, name: '"quoted", #1' },
    { id: two, name: ' # two ' },
  ]);
});
