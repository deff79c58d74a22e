import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, loadConfig, parseConfig } from '../../organization/config';
import { notifierSchema } from '../../organization/config/notifier';
import { GarrisonErrors } from '../../organization/errors';
import { settingsOf } from '../notifier/settings';

const root = join(__dirname, '..', '..');
const least = 'managementAccount: "100000000001"\nsecurityAccount: "100000000002"\nhomeRegion: eu-central-1\n';

function messagesOf(text: string): string[] {
  try {
    parseConfig(text);
  } catch (error) {
    expect(error).toBeInstanceOf(GarrisonErrors);
    return (error as GarrisonErrors).problems.map(({ message, remedy }) => `${message}. ${remedy}`);
  }
  return [];
}

test('the least configuration names two accounts and a region; the rest has defaults', () => {
  expect(parseConfig(least)).toMatchObject({
    partition: 'aws',
    regions: 'all',
    roles: { suffix: 'Security', permissions: 'least-privilege', accountAccessRole: 'OrganizationAccountAccessRole' },
    guardduty: { findingPublishingFrequency: 'FIFTEEN_MINUTES', invitationEmails: false },
    notifier: { minimumSeverity: 4 },
  });
});

test('the configuration of the rehearsal is valid', () => {
  expect(loadConfig(join(root, 'garrison.yaml')).managementAccount).toBe('100000000001');
});

test('an account id without quotes keeps its leading zeros', () => {
  expect(parseConfig(least.replace('"100000000001"', '012345678901')).managementAccount).toBe('012345678901');
});

test('the partition follows from the home region', () => {
  expect(parseConfig(least.replace('eu-central-1', 'cn-north-1')).partition).toBe('aws-cn');
  expect(parseConfig(least.replace('eu-central-1', 'us-gov-west-1')).partition).toBe('aws-us-gov');
});

describe('problems', () => {
  test('come all at once, each with line, column and path', () => {
    const messages = messagesOf(
      'managementAccount: "1"\nroles:\n  permissions: all\nregions: [eu-west-1, eu-west-1]\n',
    );
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringContaining('garrison.yaml:1:20: managementAccount "1" must be 12 digits'),
        expect.stringContaining('garrison.yaml:3:16: roles.permissions "all" is not one of'),
        expect.stringMatching(/securityAccount is missing/),
        expect.stringMatching(/homeRegion is missing/),
      ]),
    );
  });

  test('never show a secret that stands where its name belongs', () => {
    const webhook = 'https://hooks.slack.com/services/T0/B0/hunter2';
    for (const slack of [
      `webhook: ${webhook}`,
      `webhookParameter: ${webhook}`,
      'botToken: xoxb-hunter2',
      `mention: ${webhook}`,
    ]) {
      const [message] = messagesOf(`${least}notifier: { slack: { ${slack} } }\n`);
      expect(message).toContain('garrison secret set');
      expect(message).not.toContain('hunter2');
    }
  });

  test('an unknown key is named with the one that was meant', () => {
    expect(messagesOf(`${least}homeRegin: x\n`)[0]).toMatch(
      /garrison.yaml:4:12: homeRegin is not known. Did you mean homeRegion\?/,
    );
    expect(messagesOf(`${least}roles: {sufix: x}\n`)[0]).toMatch(/roles.sufix is not known. Did you mean suffix\?/);
  });

  test.each([
    [
      'a region of another partition',
      'regions: [cn-north-1]',
      /regions.0 "cn-north-1" is not a region of the partition aws/,
    ],
    ['a region twice', 'regions: [eu-west-1, eu-west-1]', /names a region twice/],
    [
      'two runtime monitoring plans',
      'guardduty: {plans: {EKS_RUNTIME_MONITORING: ENABLED, RUNTIME_MONITORING: ENABLED}}',
      /excludes RUNTIME_MONITORING/,
    ],
    ['broken YAML', 'regions: [', /garrison.yaml:5:1/],
    ['a key twice', 'homeRegion: eu-west-1', /garrison.yaml:4:1: Map keys must be unique/],
    ['an alias of nothing', 'regions: *none', /garrison.yaml:1:1: .*none/],
    [
      'aliases that multiply',
      `x: &a [${'1,'.repeat(20)}]\ny: &b [${'*a,'.repeat(20)}]\nz: [${'*b,'.repeat(20)}]`,
      /garrison.yaml:1:1: Excessive alias count/,
    ],
    ['a role suffix that IAM would refuse', 'roles: {suffix: "a b"}', /roles.suffix "a b" must be/],
  ])('%s is refused', (_, line, expected) => {
    expect(messagesOf(`${least}${line}\n`).join('\n')).toMatch(expected);
  });

  test('the management account cannot be the security account', () => {
    expect(messagesOf(least.replace('100000000002', '100000000001')).join()).toMatch(
      /must not be the management account/,
    );
  });
});

test('garrison.schema.json is what the schema in the code makes (npm run generate)', () => {
  expect(JSON.parse(readFileSync(join(root, 'garrison.schema.json'), 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(configJsonSchema())),
  );
});

describe('the section notifier', () => {
  test.each([
    [
      'two ways to Slack',
      { slack: { webhookParameter: '/a', botToken: { parameter: '/b' }, channel: 'C0X' } },
      /only one of/,
    ],
    ['a bot token without a channel', { slack: { botToken: { parameter: '/b' } } }, /belong together/],
    ['a route to nowhere', { routes: [{ to: 'nowhere' }] }, /no destination nowhere/],
    [
      'a silence that also sends',
      { routes: [{ to: 'slack', silence: { reason: 'why', until: '2026-01-01' } }] },
      /has no to/,
    ],
    ['a silence without an end', { routes: [{ silence: { reason: 'why' } }] }, /until/],
    ['a mention that is none', { slack: { mention: '@everyone' } }, /user group/],
    ['an unknown member', { route: [] }, /route/],
    [
      'a destination named slack',
      { destinations: { slack: { type: 'sns', topicArn: 'arn:aws:sns:us-east-1:100000000002:x' } } },
      /taken/,
    ],
  ])('refuses %s', (_, notifier, why) => {
    expect(JSON.stringify(notifierSchema.safeParse(notifier).error?.issues)).toMatch(why);
  });

  test('is complete without a word', () => {
    expect(settingsOf(undefined)).toMatchObject({
      destinations: {
        slack: { type: 'slack-webhook', secret: { kind: 'parameter', name: '/garrison/slack/webhook' } },
      },
      minimumSeverity: 4,
      deduplication: { windows: { Low: 86_400, Medium: 28_800, High: 3_600, Critical: 900 } },
    });
  });

  test('takes durations and names of bands', () => {
    const settings = settingsOf({ minimumSeverity: 'High', deduplication: { windows: { High: '2h' } } });
    expect([settings.minimumSeverity, settings.deduplication.windows.High]).toEqual([7, 7_200]);
  });
});
