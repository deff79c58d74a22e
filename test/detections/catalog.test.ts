import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountDetections } from '../../detections/accountDetections';
import { catalog } from '../../detections/catalog';
import { compileCloudWatch, exactCloudWatch } from '../../detections/compile/cloudwatch';
import { compileEventBridge } from '../../detections/compile/eventbridge';
import { allEngines, engineNames } from '../../detections/engines';
import { signIn } from '../../detections/examples';
import { japanese } from '../../detections/japanese';
import { accountWatchers } from '../../detections/logFile/settings';
import { inLanguage } from '../../detections/mark';
import { outsideTest } from '../../detections/networks';
import { detectionRules } from '../../detections/rollout';
import { configure, type Overrides } from '../../detections/settings';
import { underTrial } from '../../detections/trial';
import { parseFilterPattern } from '../../patterns/cloudwatchLogs';
import { matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';

const folder = join(__dirname, '../../detections/catalog');
const target = { logGroupName: 'trail', topicArn: 'arn:aws:sns:us-east-1:111122223333:alarms' };

test('every file of the catalog is in its list, under the id that it is named after', () => {
  const files = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
  expect(catalog.map(({ id }) => id).sort()).toEqual(files.sort());
});

test('every detection has its words in Japanese, and its rule carries them where alerts are Japanese', () => {
  expect(Object.keys(japanese).sort()).toEqual(catalog.map(({ id }) => id).sort());
  for (const detection of catalog) {
    const saying = inLanguage(configure(detection, {}), 'ja').detection;
    expect(saying.title).toMatch(/[\u3040-\u30FF\u4E00-\u9FFF]/);
    expect(saying.meaning).toMatch(/。$/);
  }
  const [rule] = compileEventBridge(inLanguage(configure(catalog[0] as (typeof catalog)[number], {}), 'ja'));
  expect(rule?.inputTransformer.inputTemplate).toContain(japanese[catalog[0]?.id ?? '']?.title);
});

test('nothing disappears unseen', () => {
  expect(catalog.map(({ id }) => id).sort()).toEqual([
    'account-left',
    'billing-or-support-changed',
    'config-stopped',
    'console-sign-in',
    'domain-transferred',
    'failed-sign-ins',
    'garrison-changed',
    'gateway-changed',
    'guardduty-disabled',
    'guardduty-findings-suppressed',
    'guardduty-membership-changed',
    'iam-access-key-changed',
    'iam-policy-changed',
    'iam-user-changed',
    'kms-key-disabled',
    'mfa-deactivated',
    'network-acl-changed',
    'organization-changed',
    'privileged-role-used',
    'root-activity',
    'root-sign-in',
    'route-table-changed',
    's3-bucket-policy-changed',
    's3-objects-removed',
    's3-protection-removed',
    'security-group-changed',
    'security-group-open-to-world',
    'service-control-policy-changed',
    'sign-in-outside-networks',
    'sign-in-without-mfa',
    'trail-changed',
    'trail-selectors-weakened',
    'trail-stopped',
    'unapproved-image',
    'unauthorized-calls',
    'vpc-changed',
  ]);
});

test.each(catalog)('$id says what it means and shows itself at work', (detection) => {
  expect(detection.title).not.toMatch(/\.$/);
  expect(detection.meaning).toMatch(/\.$/);
  expect(detection.runbook.length).toBeGreaterThan(0);
  expect(detection.references.attack.every((technique) => /^T\d{4}(\.\d{3})?$/.test(technique))).toBe(true);
  expect(detection.firing.length).toBeGreaterThan(0);
  expect(detection.quiet.length).toBeGreaterThan(0);
  expect(detection.fields.filter((path) => /token|credential/i.test(path))).toEqual([]);
});

test.each(catalog)('$id is told apart by every engine on its examples', (detection) => {
  const engines = allEngines(underTrial(detection));
  for (const name of engineNames) {
    const run = engines[name];
    if (!('refused' in run)) {
      expect([name, detection.firing.map(({ record }) => run(record))]).toEqual([
        name,
        detection.firing.map(() => true),
      ]);
      expect([name, detection.quiet.map(({ record }) => run(record))]).toEqual([
        name,
        detection.quiet.map(() => false),
      ]);
    }
  }
});

test('EventBridge can say everything; the others refuse with a reason', () => {
  const refusals = catalog.flatMap((detection) => {
    const engines = allEngines(underTrial(detection));
    return engineNames.flatMap((name) => ('refused' in engines[name] ? [`${detection.id} ${name}`] : []));
  });
  expect(refusals.sort()).toEqual([
    'security-group-open-to-world cloudwatch',
    'security-group-open-to-world elasticsearch (ecs)',
    'unapproved-image cloudwatch',
    'unapproved-image elasticsearch (ecs)',
  ]);
});

test('a wider form holds wherever the detection does', () => {
  for (const detection of catalog.filter(({ nearest }) => nearest)) {
    const configured = underTrial(detection);
    const wider = compileEventBridge(configured, { nearest: true });
    expect(wider.length).toBeGreaterThan(0);
    expect(() => compileCloudWatch(configured, { ...target, nearest: true })).not.toThrow();
  }
});

/** The rules of every detection that can be without parameters of one's own. */
const everyRule = () =>
  catalog
    .map((detection) => configure(detection, {}))
    .filter(({ needs }) => needs === undefined)
    .flatMap((configured) => compileEventBridge(configured));

test('the whole catalog is there for a rollout, each rule within the quota', () => {
  const rules = everyRule();
  expect(new Set(rules.map(({ detectionId }) => detectionId)).size).toBe(catalog.length - 2);
  expect(rules.filter(({ eventPatternText }) => eventPatternText.length > 2048)).toEqual([]);
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});

test('networks of both families that begin with the same digits are refused, as EventBridge would mix them up', () => {
  const detection = catalog.find(({ id }) => id === 'sign-in-outside-networks') as (typeof catalog)[number];
  const configured = configure(detection, { [detection.id]: { networks: ['32.1.0.0/16', '2001:db8::/32'] } });
  expect(() => compileEventBridge(configured)).toThrow(/begin with the same digits/);
});

test('what the alert queue receives is JSON, and holds no response of STS', () => {
  for (const { inputTransformer, detectionId } of everyRule()) {
    const filled = inputTransformer.inputTemplate.replace(/<[\w.]+>/g, '{}');
    expect(JSON.parse(filled)).toMatchObject({ detection: { id: detectionId }, event: {} });
  }
  const privileged = everyRule().find(({ detectionId }) => detectionId === 'privileged-role-used');
  expect(JSON.stringify(privileged?.inputTransformer)).not.toMatch(/responseElements|events.event.json/);
});

test('a CIDR block that does not end with an octet cannot be left out by a metric filter', () => {
  const detection = catalog.find(({ id }) => id === 'sign-in-outside-networks') as (typeof catalog)[number];
  const configured = configure(detection, { [detection.id]: { networks: ['198.51.100.0/25'] } });
  expect(() => compileCloudWatch(configured, target)).toThrow('198.51.100.0/25 ends within a part of the address');
  expect(() => compileEventBridge(configured)).not.toThrow();
});

test.each([
  [['2001:db8::/32'], 1],
  [['203.0.113.0/24', '10.0.0.0/8', '2001:db8::/32'], 2],
  [['52.1.2.3', '100.64.0.0/10', '2600:1f14:1::/64', '2a02:26f7::5'], 5],
])('addresses outside of %j are told in %i rules, though their families are not kept apart', (networks, count) => {
  const detection = catalog.find(({ id }) => id === 'sign-in-outside-networks') as (typeof catalog)[number];
  const rules = compileEventBridge(configure(detection, { [detection.id]: { networks } }));
  const patterns = rules.map(({ eventPatternText }) => parseEventPattern(eventPatternText));
  const near =
    '32.1.13.184 32.1.13.185 203.0.113.9 203.0.114.0 10.9.8.7 52.1.2.3 52.1.2.4 100.64.0.1 100.128.0.1 38.0.31.20 42.2.38.247 ' +
    '2001:db8::7 2001:db9:: 2001:db7:ffff::1 cb00:7100::1 a00::1 a12::1 3401:203::1 6440::1 2600:1f14:1::9 2600:1f14:1:1::9 ' +
    '2a02:26f7::5 2a02:26f7::6 ::1 fe80::1 0.0.0.0 255.255.255.255';
  const outside = outsideTest(networks);
  for (const sourceIPAddress of [...near.split(' '), 'AWS Internal', 'signin.amazonaws.com']) {
    const event = { 'detail-type': 'AWS Console Sign In via CloudTrail', detail: signIn({ sourceIPAddress }) };
    expect([sourceIPAddress, patterns.some((pattern) => matchesEventPattern(pattern, event))]).toEqual([
      sourceIPAddress,
      outside(sourceIPAddress),
    ]);
  }
  expect(rules.map(({ eventPatternText }) => eventPatternText.length > 2048)).toEqual(Array(count).fill(false));
});

test('read-only events get the rule state that lets them through', () => {
  const states = Object.fromEntries(
    ['privileged-role-used', 'root-activity', 'trail-stopped'].map((id) => [
      id,
      compileEventBridge(configure(catalog.find((one) => one.id === id) as (typeof catalog)[number]))[0]?.state,
    ]),
  );
  expect(states).toEqual({
    'privileged-role-used': 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    'root-activity': 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    'trail-stopped': 'ENABLED',
  });
});

describe('the filters that controls prescribe', () => {
  const exact = catalog.flatMap((detection) => exactCloudWatch(configure(detection), target));

  test('there is one for each of Security Hub’s fourteen controls, and for CIS’s fifteenth', () => {
    const controls = exact.map(({ control }) => control);
    for (let number = 1; number <= 14; number += 1) {
      expect(controls).toContain(`CloudWatch.${number}`);
    }
    expect(controls).toContain('CIS 4.15');
  });

  test.each(exact.map((rule) => [rule.control, rule.filters[0]?.filterPattern ?? '']))(
    '%s is a filter pattern',
    (_, pattern) => {
      expect(() => parseFilterPattern(pattern)).not.toThrow();
      expect(pattern).toMatchSnapshot();
    },
  );
});

describe('parameters by organizational unit and account', () => {
  const accounts = [
    ...['111111111111', '222222222222'].map((id) => ({ id, ou: 'Sandbox' })),
    { id: '333333333333', ou: 'Workloads/Production' },
    { id: '444444444444', ou: 'Workloads/Production' },
  ];
  const parameters = catalog.flatMap((detection) =>
    Object.entries(detection.parameters).map(([name, { default: value }]) => ({ detection, name, value })),
  );
  const other = (name: string, value: unknown) => {
    const text: Record<string, string> = { networks: '192.0.2.0/24', images: 'ami-0123456789abcdef0' };
    return typeof value === 'number'
      ? value + 1
      : [...(value as unknown[]), name === 'allowedPorts' ? 8443 : (text[name] ?? 'arn:aws:iam::aws:policy/Another')];
  };

  test.each(parameters.map((one) => [`${one.detection.id}.${one.name}`, one] as const))(
    '%s reaches the rules, the function on log files and the hunt',
    (_, { detection: { id, trial = {}, parameters: all }, name, value }) => {
      const changed = (times: number) =>
        Array.from({ length: times }).reduce<unknown>((before) => other(name, before), value);
      const settings = {
        settings: { [id]: { ...(name in trial ? {} : trial) } },
        organizationalUnits: { Workloads: { [id]: { [name]: changed(1) } } } as Record<string, Overrides>,
        accounts: { '444444444444': { [id]: { [name]: changed(2) } } } as Record<string, Overrides>,
      };
      const expected = [
        [undefined, value],
        [['333333333333'], changed(1)],
        [['444444444444'], changed(2)],
      ];
      const rollout = { enabled: [id], disabled: [], nearest: [], logFiles: { only: false }, ...settings };
      // The roles of one's own rollout are given as they are by default.
      const operators = (all.operators?.default ?? []) as readonly string[];
      const { alerts, logFiles, leftOut } = detectionRules(rollout, { accounts, operators });
      const hunted = accountDetections(settings, accounts).filter((one) => one.id === id);
      const valuesOf = (list: typeof logFiles) => list.map(({ accountIds, settings: own }) => [accountIds, own[name]]);
      expect(leftOut).toEqual([]);
      expect(valuesOf(hunted)).toEqual(expected);
      // Policies come to roles there, which stand in everybody's settings.
      const isAsked = name === 'administratorPolicies';
      expect(valuesOf(logFiles)).toEqual(isAsked ? [expected[0]] : expected);
      const isOff = hunted[0]?.off === true;
      const held = new Set(alerts.map(({ eventPattern }) => JSON.stringify(eventPattern.account)));
      expect(held.size).toBe(isAsked ? 1 : isOff ? 2 : 3);
    },
  );

  test.each(
    parameters
      .filter(({ value }) => Array.isArray(value))
      .map((one) => [`${one.detection.id}.${one.name}`, one] as const),
  )('%s may be empty', (_, { detection: { id, trial = {} }, name }) => {
    const settings = { [id]: { ...trial, [name]: [] } };
    const rollout = { enabled: [id], disabled: [], nearest: [], logFiles: { only: false }, settings };
    const none = { organizationalUnits: {}, accounts: {} };
    expect(() => detectionRules({ ...rollout, ...none }, { accounts, operators: ['Operator'] })).not.toThrow();
  });

  test('a parameter that an account is without switches the detection off there, and only there', () => {
    const id = 'sign-in-outside-networks';
    const settings = {
      settings: { [id]: { networks: ['198.51.100.0/24'] } },
      accounts: { '444444444444': { [id]: { networks: [] } } },
    };
    const rollout = {
      ...{ enabled: [id], disabled: [], nearest: [], organizationalUnits: {}, logFiles: { only: false } },
      ...settings,
    };
    const record = signIn({ sourceIPAddress: '203.0.113.9' });
    const { alerts, logFiles } = detectionRules(rollout, { accounts, operators: [] });
    const hunted = accountDetections(settings, accounts).filter((one) => one.id === id);
    for (const list of [logFiles, hunted]) {
      const firing = accounts.filter((account) =>
        accountWatchers(list).some(({ matches, appliesTo }) => matches(record) && appliesTo(account.id)),
      );
      expect(firing.map((account) => account.id)).toEqual(accounts.slice(0, 3).map((account) => account.id));
    }
    expect(alerts.flatMap(({ eventPattern }) => eventPattern.account)).toEqual(
      accounts.slice(0, 3).map(({ id }) => id),
    );
  });
});

test('docs/detections.md is up to date', () => {
  const { referenceText } =
    jest.requireActual<typeof import('../../detections/reference')>('../../detections/reference');
  expect(readFileSync(join(__dirname, '../../docs/detections.md'), 'utf8')).toContain(referenceText());
});
