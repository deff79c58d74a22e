import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { watchers } from '../../detections/engine';
import { apiCall, root, signIn } from '../../detections/examples';
import { Anchors } from '../../detections/hunt/anchors';
import { recordsIn } from '../../detections/hunt/records';
import { RecordScanner } from '../../detections/hunt/scanner';
import { bursts } from '../../detections/thresholds';
import { run } from '../../scripts/garrison';
import { temporaryFolder } from '../support/temporaryFolder';
import { corpus, everyRecord } from './support';

const folder = temporaryFolder();

async function garrison(argv: readonly string[], input = '') {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => new PassThrough().on('data', (piece) => (texts[name] += piece));
  const [stdout, stderr] = [stream('stdout'), stream('stderr')];
  const exitCode = await run(argv, { stdout, stderr, stdin: Readable.from([input]), env: {} });
  return { exitCode, ...texts };
}

describe('the scanner', () => {
  const all = watchers();
  const anchors = new Anchors(all);
  const scan = (text: string, pieceLength: number) => {
    const found: string[] = [];
    const scanner = new RecordScanner(anchors, (value) => {
      for (const record of recordsIn(value)) {
        found.push(`${record.eventID} ${[...anchors.watchersOf(record)].sort()}`);
      }
    });
    const bytes = Buffer.from(text);
    for (let begin = 0; begin < bytes.length; begin += pieceLength) {
      scanner.push(bytes.subarray(begin, begin + pieceLength));
    }
    scanner.end();
    return { found, records: scanner.records };
  };
  const records = everyRecord
    .slice(0, 60)
    .map(({ record }, index) => ({ ...record, eventID: `${index} “ü” \\" {}[]` }));
  const wrapped = JSON.stringify({ Records: records });

  test.each([1, 7, 1000, 1_000_000])('finds the same records in pieces of %i bytes', (length) => {
    expect(scan(wrapped, length)).toEqual(scan(wrapped, 1e9));
    expect(scan(wrapped, length).records).toBe(records.length);
  });

  test('takes wrapped records, lists, lines and indented text alike', () => {
    const expected = scan(wrapped, 1e9);
    expect(scan(JSON.stringify(records), 1e9)).toEqual(expected);
    expect(scan(records.map((record) => JSON.stringify(record)).join('\n'), 1e9)).toEqual(expected);
    expect(scan(JSON.stringify({ Records: records }, undefined, 2), 100)).toEqual(expected);
    expect(scan(`\ufeff${wrapped}`, 1e9)).toEqual(expected);
  });

  test('is not misled by what looks like the border between two records', () => {
    const inner = [{ eventVersion: '1' }, { eventVersion: '2', eventName: 'StopLogging' }, { eventVersion: '3' }];
    const own = Array.from({ length: 200 }, (_, index) => ({
      [index % 3 === 0 ? 'eventName' : 'eventVersion']: 'StopLogging',
      ...(index % 5 === 0 && { requestParameters: { list: inner, text: '"},{"eventVersion":' } }),
      eventName: 'StopLogging',
      eventID: String(index),
    }));
    for (const text of [JSON.stringify({ Records: own }), JSON.stringify(own, undefined, 1)]) {
      const found: unknown[] = [];
      const scanner = new RecordScanner(anchors, (value) => found.push(...recordsIn(value)) > 0);
      scanner.push(Buffer.from(text));
      scanner.end();
      expect(found).toEqual(own);
      expect(scanner.records).toBe(own.length);
    }
  });

  test('passes over no record on which a detection fires', () => {
    for (const { record } of everyRecord) {
      const asked = new Set<number>();
      const scanner = new RecordScanner(anchors, (value) => {
        for (const number of recordsIn(value).flatMap((one) => [...anchors.watchersOf(one)])) {
          asked.add(number);
        }
      });
      scanner.push(Buffer.from(JSON.stringify(record)));
      scanner.end();
      const firing = all.flatMap(({ matches }, number) => (matches(record) ? [number] : []));
      expect(firing.filter((number) => !asked.has(number))).toEqual([]);
    }
  });

  test.each(['{"Records":[{"eventName":"x"', 'not json', '{"Records":[1]}', '{"a":'])(
    'says that %s is broken',
    (text) => {
      expect(() => scan(text, 1e9)).toThrow();
    },
  );
});

describe('garrison hunt', () => {
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    writeFileSync(join(folder, 'logs', name), content);
  };
  const failures = Array.from({ length: 6 }, (_, index) =>
    signIn({ eventTime: `2026-11-20T09:0${index}:00Z` }, 'Failure'),
  );

  beforeAll(() => {
    write(
      'a.json',
      JSON.stringify({
        Records: [signIn({ userIdentity: root }), apiCall('ec2.amazonaws.com', 'DescribeInstances'), ...failures],
      }),
    );
    write(
      'b.json.gz',
      gzipSync(
        JSON.stringify({
          Records: [apiCall('cloudtrail.amazonaws.com', 'StopLogging', { eventTime: '2026-01-01T00:00:00Z' })],
        }),
      ),
    );
    write('c.jsonl', `${JSON.stringify(signIn({ sourceIPAddress: '=cmd|calc' }))}\n`);
    write('d.json', '{"Records":[{"eventName":"StopLogging"');
    write('e.json.gz', Buffer.from([0x1f, 0x8b, 0, 0, 1]));
    write('notes.txt', 'not a log');
  });

  test('asks each record by the settings of its account and unit, and says which it cannot', async () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const [bucket, other] = ['111122223333', '444455556666'];
    const removed = (recipientAccountId: string) =>
      apiCall('s3.amazonaws.com', 'DeleteObject', { recipientAccountId, requestParameters: { bucketName: 'logs' } });
    const log = file('by-account.json', JSON.stringify({ Records: [bucket, bucket, other].map(removed) }));
    const settings = (section: string) =>
      file('garrison.yaml', `detections:\n  enabled: all\n  ${section}: {s3-objects-removed: {buckets: [other]}}}\n`);
    const accountsOf = async (...args: string[]) => {
      const { stdout, stderr } = await garrison(['hunt', log, '--json', ...args]);
      const { findings } = JSON.parse(stdout) as { findings: { detection: string; account: string }[] };
      const own = findings.filter(({ detection }) => detection === 's3-objects-removed');
      return { accounts: own.map(({ account }) => account), stderr };
    };
    expect((await accountsOf()).accounts).toEqual([bucket, bucket, other]);
    expect((await accountsOf('--settings', settings(`accounts: {"${bucket}"`))).accounts).toEqual([other]);
    const units = settings('organizationalUnits: {Archive');
    expect((await accountsOf('--settings', units)).stderr).toContain('settings of Archive are left out');
    const csv = file('accounts.csv', `accountId,email,ou\n${bucket},a@example.com,Archive/Logs\n`);
    expect((await accountsOf('--settings', units, '--accounts', csv)).accounts).toEqual([other]);
  });

  test('tells what would have fired, and which files are broken', async () => {
    const { stdout, stderr, exitCode } = await garrison(['hunt', join(folder, 'logs'), '--json']);
    const report = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(
      report.detections.map(({ detection, alerts }: { detection: string; alerts: number }) => [detection, alerts]),
    ).toEqual([
      ['root-sign-in', 1],
      ['trail-stopped', 1],
      ['root-activity', 1],
      ['failed-sign-ins', 1],
      ['trail-changed', 1],
      ['console-sign-in', 2],
    ]);
    expect(report.files).toBe(5);
    expect(report.broken.map(({ file }: { file: string }) => file.slice(-9))).toEqual([
      expect.stringContaining('d.json'),
      'e.json.gz',
    ]);
    expect(stderr).toContain('passed over');
  });

  test('leaves out what is older than --since', async () => {
    const { stdout } = await garrison(['hunt', join(folder, 'logs'), '--json', '--since', '2026-06-01']);
    expect(JSON.parse(stdout).detections.map(({ detection }: { detection: string }) => detection)).not.toContain(
      'trail-stopped',
    );
  });

  test('writes CSV that a spreadsheet does not run, and a page without markup from records', async () => {
    const page = join(folder, 'page.html');
    const { stdout } = await garrison(['hunt', join(folder, 'logs'), '--csv', '--html', page]);
    expect(stdout).toContain(",'=cmd|calc,");
    const evil = join(folder, 'evil.json');
    writeFileSync(evil, JSON.stringify(signIn({ userAgent: '</script><script>alert(1)</script>' })));
    await garrison(['hunt', evil, '--html', page]);
    expect(readFileSync(page, 'utf8')).not.toContain('<script>alert');
  });

  test('--noise says from whom', async () => {
    const { stdout } = await garrison(['hunt', join(folder, 'logs'), '--noise']);
    expect(stdout).toContain('console-sign-in');
    expect(stdout).toContain('user/alice');
  });
});

describe('garrison detections', () => {
  test('match answers each line', async () => {
    const lines = [
      '{"pattern":{"a":[1]},"event":{"a":1}}',
      '{"pattern":{"a":[1]},"event":{"a":2}}',
      '{"pattern":{"a":1},"event":{}}',
      'x',
    ];
    const { stdout } = await garrison(['detections', 'match'], lines.join('\n'));
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.replace(/:.*/, '')),
    ).toEqual(['match', 'no match', 'invalid', 'invalid']);
  });

  test('test finds nothing wrong', async () => {
    const { stdout, exitCode } = await garrison(['detections', 'test']);
    expect(stdout).toMatch(/^\d+ right, 0 wrong, 24 that/);
    expect(exitCode).toBe(0);
  });

  test('compile refuses with the reason, unless the wider form is asked for', async () => {
    const refused = await garrison(['detections', 'compile', '--to', 'cloudwatch', 'security-group-open-to-world']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('cannot look for one element of the list');
    const nearest = await garrison([
      'detections',
      'compile',
      '--to',
      'cloudwatch',
      'security-group-open-to-world',
      '--nearest',
      'security-group-open-to-world',
    ]);
    expect(nearest.exitCode).toBe(0);
    expect(JSON.parse(nearest.stdout).compiled[0].filters[0].filterPattern).toContain('AuthorizeSecurityGroupIngress');
  });

  test('explain says what kept a detection from firing', async () => {
    const { stdout } = await garrison(['detections', 'explain', '-', '--json'], JSON.stringify(signIn()));
    const verdicts = Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
        .map(({ detection, verdict, obstacles }) => [detection, `${verdict} ${obstacles}`]),
    );
    expect(verdicts['console-sign-in']).toBe('fires ');
    expect(verdicts['root-sign-in']).toBe('nearly userIdentity.type is "IAMUser", not "Root"');
    expect(verdicts['trail-stopped']).toBeUndefined();
  });

  test('settings of the account win over those of its unit and of everybody', async () => {
    const file = join(folder, 'settings.yaml');
    writeFileSync(
      file,
      'settings:\n  unauthorized-calls: { count: 3 }\norganizationalUnits:\n  A/B:\n    unauthorized-calls: { count: 4 }\naccounts:\n  "111122223333":\n    unauthorized-calls: { count: 5 }\n',
    );
    const compile = async (...more: string[]) => {
      const { stdout } = await garrison([
        'detections',
        'compile',
        '--to',
        'cloudwatch',
        'unauthorized-calls',
        '--settings',
        file,
        ...more,
      ]);
      return JSON.parse(stdout).compiled[0].alarm.Threshold;
    };
    expect([
      await compile(),
      await compile('--unit', 'A/B/C'),
      await compile('--unit', 'A/B', '--account', '111122223333'),
    ]).toEqual([3, 4, 5]);
    writeFileSync(file, 'settings:\n  unauthorized-calls: { cuont: 3 }\n');
    const wrong = await garrison(['detections', 'compile', '--to', 'cloudwatch', '--settings', file]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([1, expect.stringContaining('cuont')]);
  });

  test('new writes a detection and its test', async () => {
    await garrison(['detections', 'new', 'example-deleted', '--folder', folder]);
    expect(readFileSync(join(folder, 'detections/catalog/example-deleted.ts'), 'utf8')).toContain('exampleDeleted');
    expect((await garrison(['detections', 'new', 'example-deleted', '--folder', folder])).exitCode).toBe(1);
  });
});

describe('thresholds', () => {
  const minutes = (...list: number[]) => list.map((minute) => minute * 60_000);
  const threshold = { count: 3, windowMinutes: 10, per: [] };

  test.each([
    [minutes(0, 5, 9), 1],
    [minutes(9, 0, 5), 1],
    [minutes(0, 5, 10), 0],
    [minutes(0, 1, 2, 3, 4), 1],
    [minutes(0, 1, 2, 60, 61, 62), 2],
    [minutes(0, 1), 0],
    [[], 0],
  ])('%j makes %i bursts', (times, expected) => {
    expect(bursts(times, threshold)).toHaveLength(expected);
  });
});

test('the corpus holds what the README says', () => {
  expect(corpus).toHaveLength(192);
});
