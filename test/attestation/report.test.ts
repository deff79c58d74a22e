import { announce } from '../../attestation/questions/announce';
import { answerQuestion } from '../../attestation/questions/answer';
import { questionsFrom } from '../../attestation/questions/question';
import type { Entry } from '../../attestation/record/chain';
import { verify } from '../../attestation/record/verify';
import { csvOf } from '../../attestation/report/csv';
import { jsonOf } from '../../attestation/report/json';
import { type Report, reportOf } from '../../attestation/report/report';
import { parseConfig } from '../../organization/config';
import { announcementOf } from '../../scripts/attest/announce';
import { parseHead } from '../../scripts/attest/heads';
import { htmlOf } from '../../scripts/attest/html';
import { pendingOf, pendingTable } from '../../scripts/attest/pending';
import { periodOf } from '../../scripts/attest/period';
import { account, rootCall, saml } from './events';
import { configWith } from './model';
import { Scene } from './scene';

const hostile = '=HYPERLINK("https://evil.example")<script>alert(1)</script>';
let entries: Entry[];
let report: Report;

beforeAll(async () => {
  const scene = new Scene();
  const tools = { ...scene.tools, settings: scene.settings };
  const window = { from: scene.now, until: new Date(scene.now.getTime() + 3_600_000) };
  const announcement = {
    purpose: 'Release',
    ticket: 'OPS-9',
    by: { name: 'Erin' },
    sourceId: 's',
    at: scene.now,
    ...window,
  };
  await announce({ person: { identity: 'erin@example.com' }, ...announcement }, tools);
  await scene.handle([
    saml('alice@example.com'),
    saml('alice@example.com', { time: '2026-11-21T10:20:00Z' }),
    saml('erin@example.com', { time: '2026-11-21T10:15:00Z' }),
    saml(hostile, { time: '2026-11-21T10:30:00Z' }),
    rootCall('CreateUser', { time: '2026-12-01T00:00:00Z' }),
  ]);
  const [question = ''] = scene.questionIds;
  for (const [purpose, slackEventId] of [
    ['First', 'a'],
    [`${hostile}\n"quoted", second`, 'b'],
  ] as const) {
    const person = { slackUser: 'U0ALICE001', name: 'Alice' };
    await answerQuestion({ question, person, purpose, ticket: 'OPS-7', slackEventId, at: scene.after(5).now }, tools);
  }
  await scene.after(300).timer();
  entries = [];
  for await (const entry of scene.table.from(1)) {
    entries.push(entry);
  }
  const verification = verify([...scene.table.stored.values()], [await scene.table.tail()]);
  const [from, to] = [new Date('2026-11-01'), new Date('2026-12-01')];
  report = reportOf(entries, { from, to, now: to, accounts: [{ id: account, name: 'payments' }], verification });
});

test('a report has the uses of its period, each with the answer that counts', () => {
  expect(report.uses.map(({ use, status, answer }) => [use.person.key.slice(0, 5), status, answer?.version])).toEqual([
    ['alice', 'answered', 2],
    ['erin@', 'announced', undefined],
    ['alice', 'answered', 2],
    ['=HYPE', 'open', undefined],
  ]);
  expect(report.questions.map(({ answers }) => answers.length)).toEqual([2, 0]);
});

test('CSV is a row for each use, and no spreadsheet runs what is in it', () => {
  const text = csvOf(report);
  const records = text.trim().split(/\r\n/);
  expect(records[0]).toMatch(/^entry,time,person,account,accountName,.*,purpose,ticket,/);
  expect(text).toContain(`"'=HYPERLINK(""https://evil.example"")<script>alert(1)</script>\n""quoted"", second"`);
  expect(text.split('2026-11-21T10:').length).toBeGreaterThan(4);
});

test('JSON has every version, and says whether the record verified', () => {
  const value = JSON.parse(jsonOf(report));
  expect(value).toMatchObject({ verified: true, findings: [], uses: [{ status: 'answered' }, {}, {}, {}] });
  expect(value.questions[0].answers.map(({ purpose }: { purpose: string }) => purpose.slice(0, 5))).toEqual([
    'First',
    '=HYPE',
  ]);
  expect(value.questions[1].steps).toMatchObject([{ kind: 'escalation' }]);
});

test('HTML runs nothing, shows what is hostile as text, and replaced versions as such', () => {
  const html = htmlOf(report);
  expect(html).not.toMatch(/<script|<img|https?:\/\/(?!evil)/);
  expect(html).toContain("default-src 'none'");
  expect(html).toContain('&lt;script&gt;');
  expect(html).toMatch(/version 1 \(replaced\)/);
  expect(html).toContain('<b>Verified.</b>');
  const broken = {
    ...report.verification,
    findings: [{ kind: 'altered' as const, number: 3, text: 'entry 3 was altered' }],
  };
  expect(htmlOf({ ...report, verification: broken })).toContain('<b>Not as it was written.</b>');
});

test('what is pending says who, where, and how long', () => {
  const open = questionsFrom(entries).filter(({ answers }) => answers.length === 0);
  const rows = pendingOf(open, entries, {
    accounts: [{ id: account, name: 'payments' }],
    now: new Date('2026-11-21T12:00:00Z'),
  });
  expect(rows).toMatchObject([{ uses: 1, waitingHours: 2, accountName: 'payments' }, { person: `root of ${account}` }]);
  expect(pendingTable(rows)).toMatch(/2 questions are without an answer\.\n$/);
  expect(pendingTable([])).toBe('Every question has its answer.\n');
});

test('a period is of whole days, or of times', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  expect(periodOf({}, now)).toEqual({ from: new Date('2026-11-01'), to: now });
  expect(periodOf({ from: '2026-10-01', to: '2026-10-31' }, now)).toEqual({
    from: new Date('2026-10-01'),
    to: new Date('2026-11-01'),
  });
  expect(() => periodOf({ from: '2026-02-30' }, now)).toThrow(/--from 2026-02-30 is no day/);
  expect(() => periodOf({ from: '2026-10-02', to: '2026-10-01' }, now)).toThrow(/is not after/);
});

test('an end of the chain is a number and a hash', () => {
  expect(parseHead(`12:${'AB'.repeat(32)}`)).toEqual({ number: 12, hash: 'ab'.repeat(32) });
  expect(() => parseHead('12')).toThrow(/is no end of the record/);
});

test('an announcement is checked before it is sent', async () => {
  const config = parseConfig(configWith('  ticket: { pattern: "OPS-\\\\d+" }'));
  const now = new Date('2026-11-21T10:00:00Z');
  const given = { person: 'a@example.com', purpose: 'x', ticket: 'OPS-1', for: '2h' };
  expect(await announcementOf(given, config, now)).toMatchObject({
    identity: 'a@example.com',
    until: '2026-11-21T12:00:00.000Z',
  });
  for (const [wrong, code] of [
    [{ ...given, for: '9h' }, 'option.until'],
    [{ ...given, for: 'long' }, 'option.for'],
    [{ ...given, from: '2026-11-21' }, 'option.from'],
    [{ ...given, ticket: 'x' }, 'option.ticket'],
    [{ ...given, ticket: undefined }, 'option.ticket'],
    [{ ...given, purpose: ' ' }, 'option.purpose'],
  ] as const) {
    await expect(announcementOf(wrong, config, now)).rejects.toMatchObject({ code });
  }
});
