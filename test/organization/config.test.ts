import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, loadConfig, parseConfig } from '../../organization/config';
import { GarrisonErrors } from '../../organization/errors';

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
