import fc from 'fast-check';
import { decide, explain } from '../../notifier/routes';
import { matchesWildcard } from '../../notifier/wildcard';
import { wantedRules } from '../../organization/config/detectionPatterns';
import { findingPattern } from '../../organization/config/notifierPatterns';
import { matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';
import { silenceLines, silenceNotes } from '../../scripts/notifier/silences';
import { alertOf, findingEvent, ruleOf } from './corpus';
import { contextOf, settingsOf } from './settings';

const now = new Date('2026-11-20T12:00:00Z');

async function decided(notifier: object, finding: Readonly<Record<string, unknown>> = {}) {
  return decide(await alertOf(findingEvent(finding)), contextOf(notifier), now);
}

describe('a route', () => {
  test.each([
    ['severity', { severity: 'High' }, { severity: 'Critical' }],
    ['several severities', { severity: ['High', 'Critical'] }, { severity: ['Low', 'Medium'] }],
    ['finding type', { findingType: 'CryptoCurrency:*' }, { findingType: 'CryptoCurrency:S3/*' }],
    ['account id', { account: '123456789012' }, { account: '111122223333' }],
    ['account name', { account: 'shop-*' }, { account: 'shop' }],
    ['organizational unit, with what is below it', { ou: 'Workloads' }, { ou: 'Work' }],
    ['region', { region: ['us-*', 'eu-*'] }, { region: 'us-*' }],
    ['all members together', { severity: 'High', ou: 'Workloads/*' }, { severity: 'High', ou: 'Sandboxes' }],
  ])('matches by %s', async (_, matching, differing) => {
    const routes = (when: object) => ({ routes: [{ when, mention: 'here' }] });
    expect(await decided(routes(matching))).toMatchObject({ kind: 'send', route: 'route 1', mention: 'here' });
    expect(await decided(routes(differing))).toMatchObject({ kind: 'send', route: undefined, mention: 'none' });
  });

  test('matches by detection', async () => {
    const body = { detection: { id: 'root-sign-in', title: 't', severity: 'high' }, event: findingEvent() };
    const context = contextOf({ routes: [{ name: 'root', when: { detection: 'root-*' } }] });
    expect(decide(await alertOf(body), context, now)).toMatchObject({ route: 'root' });
  });

  test('wins when it is the first that matches, and the explanation says why', async () => {
    const context = contextOf({
      routes: [
        { name: 'other region', when: { region: 'us-*' } },
        { name: 'over', when: {}, silence: { reason: 'maintenance', until: '2026-11-19' } },
        { name: 'high', when: { severity: 'High' }, mention: 'S0PRODUCTION' },
        { name: 'rest' },
      ],
    });
    const alert = await alertOf(findingEvent());
    expect(decide(alert, context, now)).toMatchObject({
      route: 'high',
      mention: 'S0PRODUCTION',
      destinations: ['slack'],
    });
    expect(explain(alert, context, now)).toEqual([
      {
        route: 'other region',
        verdict: 'differs',
        differs: { member: 'region', wanted: ['us-*'], found: 'eu-central-1' },
      },
      { route: 'over', verdict: 'expired' },
      { route: 'high', verdict: 'matches' },
      { route: 'rest', verdict: 'notReached' },
    ]);
  });

  test('silences until the end of its last day, UTC', async () => {
    const context = contextOf({ routes: [{ silence: { reason: 'penetration test', until: '2026-11-20' } }] });
    const alert = await alertOf(findingEvent());
    expect(decide(alert, context, new Date('2026-11-20T23:59:59Z')).kind).toBe('silenced');
    expect(decide(alert, context, new Date('2026-11-21T00:00:00Z')).kind).toBe('send');
  });

  test('may want what is below the minimum', async () => {
    expect(await decided({}, { severity: 3.9 })).toEqual({ kind: 'belowMinimum', minimum: 4 });
    expect(
      await decided({ routes: [{ when: { severity: 'Low', account: 'shop-*' } }] }, { severity: 3.9 }),
    ).toMatchObject({ kind: 'send' });
  });
});

describe('the EventBridge patterns', () => {
  const delivered = (notifier: object, finding: Readonly<Record<string, unknown>>, time = '2026-11-20T12:00:00Z') => {
    const { pattern } = findingPattern(settingsOf(notifier));
    return matchesEventPattern(parseEventPattern(JSON.stringify(pattern)), { ...findingEvent(finding), time });
  };

  test('deliver what is at or above the minimum severity, compared as numbers', () => {
    expect([3.9, 4, 4.0, 8.5, 10].map((severity) => delivered({}, { severity }))).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  test('deliver of the lower bands only what a route wants', () => {
    const notifier = {
      minimumSeverity: 'High',
      routes: [{ when: { severity: 'Medium', account: 'shop-production', findingType: 'Recon:*' } }],
    };
    const type = 'Recon:EC2/Portscan';
    expect(delivered(notifier, { severity: 5, type })).toBe(true);
    expect(delivered(notifier, { severity: 5 })).toBe(false);
    expect(delivered(notifier, { severity: 2, type })).toBe(false);
    expect(delivered(notifier, { severity: 5, type, accountId: '111122223333' })).toBe(false);
  });

  const recon = 'Recon:EC2/Portscan';
  const silence = { reason: 'noise', until: '2026-12-31' };

  test.each([
    ['its type', { findingType: 'Recon:*' }, { type: 'Backdoor:EC2/C&CActivity.B' }],
    ['its account, by name', { account: 'shop-*' }, { accountId: '111122223333' }],
    ['its organizational unit', { ou: 'Workloads' }, { accountId: '111122223333' }],
    ['its region', { region: ['eu-*'] }, { region: 'us-east-1' }],
    ['its severity', { severity: ['Medium', 'High'] }, { severity: 9.5 }],
    ['all of these', { findingType: 'Recon:*', ou: 'Workloads', severity: 'High' }, { severity: 5 }],
  ])('do not deliver what a silence drops by %s, until it ends', (_, when, differing) => {
    const notifier = { routes: [{ when, silence }] };
    const finding = { type: recon, severity: 8, accountId: '123456789012', region: 'eu-central-1' };
    expect(delivered(notifier, finding)).toBe(false);
    expect(delivered(notifier, { ...finding, ...differing })).toBe(true);
    const times = ['2025-12-31T23:00:00Z', '2026-12-31T12:00:00Z', '2027-01-01T00:00:00Z', '2030-06-01T00:00:00Z'];
    expect(times.map((time) => delivered(notifier, finding, time))).toEqual([false, true, true, true]);
  });

  test('deliver what a route before the silence takes, and nothing that an earlier silence drops', () => {
    const notifier = {
      routes: [
        { when: { region: 'us-east-1' }, silence },
        { when: { severity: 'Critical' }, mention: 'here' },
        { when: { findingType: 'Recon:*' }, silence },
      ],
    };
    const region = 'eu-central-1';
    expect(delivered(notifier, { type: recon, severity: 9, region })).toBe(true);
    expect(delivered(notifier, { type: recon, severity: 8, region })).toBe(false);
    expect(delivered(notifier, { type: recon, severity: 9, region: 'us-east-1' })).toBe(false);
  });

  test('deliver all that the notifier would send, whatever the routes', async () => {
    const some = <Value>(values: readonly Value[]) =>
      fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
    const when = fc.record({
      severity: some(['Low', 'Medium', 'High', 'Critical']),
      findingType: some(['Recon:*', recon, 'Backdoor:*']),
      account: some(['shop-*', '111122223333', 'nobody']),
      ou: some(['Workloads', 'Sandboxes']),
      region: some(['eu-*', 'us-east-1']),
    });
    const until = fc.constantFrom('2026-11-19', '2026-11-20', '2026-11-30', '2027-01-31');
    const route = fc.record({ when, silence: fc.option(until, { nil: undefined }) });
    const finding = fc.record({
      severity: fc.constantFrom(2, 4, 5, 7, 8.9, 9),
      type: fc.constantFrom(recon, 'Backdoor:EC2/Spambot'),
      accountId: fc.constantFrom('123456789012', '111122223333', '444455556666'),
      region: fc.constantFrom('eu-central-1', 'us-east-1'),
    });
    const property = fc.asyncProperty(fc.array(route, { maxLength: 4 }), finding, async (routes, given) => {
      const notifier = {
        // As YAML gives it: what is not there is not there.
        routes: JSON.parse(
          JSON.stringify(
            routes.map((one) => ({ ...one, silence: one.silence && { reason: 'noise', until: one.silence } })),
          ),
        ),
      };
      const { kind } = await decided(notifier, given);
      return kind !== 'send' || delivered(notifier, given);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('leave to the notifier what they have no room for, within 2,048 characters', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      name: `s${index}`,
      when: { findingType: [`Recon:EC2/${index}*`, `Trojan:EC2/${index}`] },
      silence,
    }));
    const { pattern, unsaid } = findingPattern(settingsOf({ routes: many }));
    expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2_048);
    expect([unsaid.length > 0, unsaid.includes('s0'), unsaid.at(-1)]).toEqual([true, false, 's29']);
  });
});

describe('the rules of detections', () => {
  const callOf = (accountId: string, time: string) => ({
    source: 'aws.iam',
    'detail-type': 'AWS API Call via CloudTrail',
    account: accountId,
    region: 'us-east-1',
    time,
    detail: {
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      eventID: 'e',
      eventTime: time,
      awsRegion: 'us-east-1',
      recipientAccountId: accountId,
    },
  });
  const delivered = (notifier: object, id: string, severity: string, event: object) =>
    wantedRules([ruleOf(id, severity)], settingsOf(notifier)).rules.some(({ eventPattern }) =>
      matchesEventPattern(parseEventPattern(JSON.stringify(eventPattern)), event as never),
    );

  test('are not there for what is below the minimum and nobody asks for', () => {
    const call = callOf('123456789012', '2026-11-20T12:00:00Z');
    expect(delivered({}, 'vpc-changed', 'low', call)).toBe(false);
    expect(delivered({ minimumSeverity: 1 }, 'vpc-changed', 'low', call)).toBe(true);
    expect(delivered({ routes: [{ when: { severity: 'Low' } }] }, 'vpc-changed', 'low', call)).toBe(true);
    expect(
      delivered({ routes: [{ when: { severity: 'Low', detection: 'root-*' } }] }, 'vpc-changed', 'low', call),
    ).toBe(false);
  });

  test('leave out what a silence drops, until its last month', () => {
    const routes = [
      { when: { detection: 'root-*', account: 'sandbox-*' }, silence: { reason: 'a test', until: '2027-03-05' } },
    ];
    const [alice, shop] = ['111122223333', '123456789012'];
    expect(delivered({ routes }, 'root-activity', 'high', callOf(alice, '2027-02-28T23:59:59Z'))).toBe(false);
    expect(delivered({ routes }, 'root-activity', 'high', callOf(alice, '2027-03-01T00:00:00Z'))).toBe(true);
    expect(delivered({ routes }, 'root-activity', 'high', callOf(shop, '2027-02-28T23:59:59Z'))).toBe(true);
    expect(delivered({ routes }, 'mfa-deactivated', 'high', callOf(alice, '2027-02-28T23:59:59Z'))).toBe(true);
  });

  test('deliver all that the notifier would send, whatever the routes', async () => {
    const when = fc.record(
      {
        detection: fc.constantFrom('root-activity', 'root-*', 'vpc-changed'),
        severity: fc.constantFrom('Low', 'High'),
        account: fc.constantFrom('123456789012', 'sandbox-*', '999999999999'),
        ou: fc.constantFrom('Sandboxes', 'Workloads'),
        region: fc.constantFrom('us-east-1', 'eu-*'),
      },
      { requiredKeys: [] },
    );
    const silence = fc.record({
      reason: fc.constant('a test'),
      until: fc.constantFrom('2026-10-31', '2026-11-19', '2026-11-20', '2026-12-01', '2027-01-01'),
    });
    const route = fc.oneof(fc.record({ when }), fc.record({ when, silence }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(route, { maxLength: 4 }),
        fc.constantFrom(['root-activity', 'high'] as const, ['vpc-changed', 'low'] as const),
        fc.constantFrom('123456789012', '111122223333', '999999999999'),
        async (routes, [id, severity], account) => {
          const event = callOf(account, now.toISOString());
          const alert = await alertOf({ detection: { id, title: 'A title', severity }, event });
          const sent = decide(alert, contextOf({ routes }), now).kind === 'send';
          expect(!sent || delivered({ routes }, id, severity, event)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('plan tells of silences that have run out, will soon, or are left to the notifier', () => {
  const silence = (name: string, until: string, when: object = { findingType: 'PenTest:*' }) => ({
    name,
    when,
    silence: { reason: 'a test', until },
  });
  const routes = [
    silence('past', '2026-11-19'),
    silence('today', '2026-11-20'),
    silence('in a fortnight', '2026-12-04'),
    silence('later', '2026-12-05'),
    silence('detection', '2027-12-05', { detection: 'root-activity' }),
    silence('detection in a region', '2027-12-05', { detection: 'root-*', region: 'eu-west-1' }),
  ];
  const notes = silenceNotes(
    settingsOf({ routes }),
    [ruleOf('root-activity', 'high')],
    new Date('2026-11-20T12:00:00Z'),
  );
  expect(notes.map(({ code, route }) => [code, route])).toEqual([
    ['silence.expired', 'past'],
    ['silence.expiring', 'today'],
    ['silence.expiring', 'in a fortnight'],
    ['silence.leftToNotifier', 'detection in a region'],
  ]);
  expect(silenceLines(notes)[0]).toContain('"past" (a test) ended on 2026-11-19: its alerts are sent.');
});

test('wildcards match as they say, in linear time', () => {
  expect(matchesWildcard('a*b*c', 'a-x-b-y-c')).toBe(true);
  expect(matchesWildcard('a*b*c', 'a-x-c')).toBe(false);
  expect(matchesWildcard('ab*ba', 'aba')).toBe(false);
  expect(matchesWildcard('*', '')).toBe(true);
  expect(matchesWildcard('a.c', 'abc')).toBe(false);
  const started = Date.now();
  matchesWildcard('*a'.repeat(500), 'a'.repeat(8_000));
  expect(Date.now() - started).toBeLessThan(200);
});
