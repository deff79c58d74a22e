import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadAccounts, mostAccounts, parseAccounts } from '../../organization/accountsFile';
import { type GarrisonError, GarrisonErrors } from '../../organization/errors';
import { temporaryFolder } from '../support/temporaryFolder';

function problemsOf(text: string): GarrisonError[] {
  try {
    parseAccounts(text);
  } catch (error) {
    return [...(error as GarrisonErrors).problems];
  }
  return [];
}

function codes(text: string): string[] {
  return problemsOf(text).map(({ code, place }) => `${place.line} ${code}`);
}

describe('a clean file', () => {
  test('is read with a header, in any order of columns', () => {
    expect(parseAccounts('ou,email,accountId,name\nWorkloads/Production,a@example.com,000000000001,shop\n')).toEqual([
      { id: '000000000001', email: 'a@example.com', name: 'shop', ou: 'Workloads/Production', line: 2 },
    ]);
  });

  test('is read in the headerless two-column form', () => {
    expect(parseAccounts('123456789012,aws+1@example.com\n123456789013,aws+2@example.com')).toMatchObject([
      { id: '123456789012', email: 'aws+1@example.com', line: 1 },
      { id: '123456789013', email: 'aws+2@example.com', line: 2 },
    ]);
  });

  test('may hold a byte order mark, CRLF, quotes, blank lines and comments', () => {
    const text =
      '\uFEFF# ours\r\naccountId,email,name\r\n\r\n"123456789012","a@example.com","shop, production"\r\n  \r\n# end\r\n';
    expect(parseAccounts(text)).toMatchObject([{ id: '123456789012', name: 'shop, production', line: 4 }]);
  });
});

describe('bad rows', () => {
  test.each([
    ['an id that is not 12 digits', '12345,a@example.com', '2 accounts.id'],
    ['an id in scientific notation', '1.23457E+11,a@example.com', '2 accounts.id.mangled'],
    ['an id in scientific notation with a comma', '"1,23457E+11",a@example.com', '2 accounts.id.mangled'],
    ['an id that lost a leading zero', '12345678901,a@example.com', '2 accounts.id.zeros'],
    ['an address without a domain', '123456789012,a@b', '2 accounts.email'],
    ['an empty address', '123456789012,', '2 accounts.email'],
    ['a column too many', '123456789012,a@example.com,x', '2 accounts.columns'],
  ])('%s is reported', (_, row, expected) => {
    expect(codes(`accountId,email\n${row}\n`)).toEqual([expected]);
  });

  test('are all reported at once, in the order of their lines', () => {
    const text =
      'accountId,email\n1,a@example.com\n123456789012,nobody\n123456789013,b@example.com\n123456789013,c@example.com\n123456789014,B@Example.com\n';
    expect(codes(text)).toEqual(['2 accounts.id', '3 accounts.email', '5 accounts.duplicate', '6 accounts.duplicate']);
  });

  test('say the line, the value and what to do', () => {
    const [problem] = problemsOf('accountId,email\n1.23457E+11,a@example.com\n');
    expect(problem?.message).toContain('accounts.csv:2: the account id "1.23457E+11"');
    expect(problem?.remedy).toMatch(/Format the column as text/);
  });

  test('a lost zero is shown put back', () => {
    expect(problemsOf('12345678901,a@example.com')[0]?.remedy).toContain('012345678901');
  });

  test('hidden characters are shown as escapes and long values are cut', () => {
    const [problem] = problemsOf(`accountId,email\n${'\u202E'}${'9'.repeat(500)},a@example.com\n`);
    expect(problem?.message).toContain('\\u{202e}');
    expect(problem?.message.length).toBeLessThan(200);
  });

  test('two problems of one row are both reported', () => {
    expect(codes('accountId,email\n12,nobody\n')).toEqual(['2 accounts.id', '2 accounts.email']);
  });
});

describe('a file as a whole', () => {
  test.each([
    ['empty', '', '1 accounts.empty'],
    ['only comments', '# nothing\n\n', '1 accounts.empty'],
    ['only a header', 'accountId,email\n', '1 accounts.empty'],
    ['an unknown column', 'accountId,mail\n123456789012,a@example.com', '1 accounts.column'],
    ['a column twice', 'accountId,email,email\n123456789012,a@example.com,b@example.com', '1 accounts.column'],
    ['an open quote', 'accountId,email\n"123456789012,a@example.com\n', '2 accounts.syntax'],
  ])('%s is refused', (_, text, expected) => {
    expect(codes(text)).toContain(expected);
  });

  test('columns of one’s own are kept with their values, empty ones left out', () => {
    const [first, second] = parseAccounts(
      'accountId,owner,email,Cost center\n123456789012,alice,a@example.com,42\n123456789013,,b@example.com,\n',
    );
    expect(first?.columns).toEqual({ owner: 'alice', 'Cost center': '42' });
    expect(second?.columns).toBeUndefined();
  });

  test('a misspelt column is named with the one that was meant', () => {
    expect(problemsOf('acountId,email\n123456789012,a@example.com')[0]?.remedy).toBe('Did you mean accountId?');
  });

  test('more than 10,000 accounts are refused, 10,000 are read', () => {
    const rows = Array.from(
      { length: mostAccounts + 1 },
      (_, index) => `${String(index).padStart(12, '0')},a+${index}@example.com`,
    );
    expect(codes(rows.join('\n'))).toEqual([`${mostAccounts + 1} accounts.many`]);
    expect(parseAccounts(rows.slice(1).join('\n'))).toHaveLength(mostAccounts);
  });

  test('one that is not UTF-8 is refused with the line of the first bad byte', () => {
    const file = join(temporaryFolder(), 'accounts.csv');
    writeFileSync(
      file,
      Buffer.concat([Buffer.from('accountId,email,name\n123456789012,a@example.com,'), Buffer.from([0xfc, 0x0a])]),
    );
    expect(() => loadAccounts(file)).toThrow(
      expect.objectContaining({ code: 'file.encoding', place: { file, line: 2 } }),
    );
  });

  test('one that does not exist is refused with its path', () => {
    expect(() => loadAccounts('/nowhere/accounts.csv')).toThrow(expect.objectContaining({ code: 'file.missing' }));
  });

  test('the accounts that the configuration names must be in it', () => {
    const named = { managementAccount: '100000000001', securityAccount: '100000000002' };
    expect(() => parseAccounts('100000000001,a@example.com', 'accounts.csv', named)).toThrow('100000000002');
  });
});

test('whatever a file holds, the answer is accounts or problems with lines, never another error', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('1', ',', '"', '\n', '\r', '#', 'a', '@', '.', '\u0000', 'é', ' ') }),
      (text) => {
        try {
          parseAccounts(text);
        } catch (error) {
          expect(error).toBeInstanceOf(GarrisonErrors);
          expect((error as GarrisonErrors).problems.every(({ place }) => (place.line ?? 0) >= 1)).toBe(true);
        }
      },
    ),
  );
});

test('a duplicate is named even when its row, or the first one, has another problem', () => {
  const text = '123456789012,nobody\n123456789012,a@example.com\n12,a@example.com\n';
  expect(codes(text)).toEqual(['1 accounts.email', '2 accounts.duplicate', '3 accounts.id', '3 accounts.duplicate']);
});
