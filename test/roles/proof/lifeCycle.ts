import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { managementId, type Ran, securityId, type TestOrganization } from '../../support/localOrganization';

export const memberId = '100000000011';
const newcomerId = '100000000012';
const region = 'us-east-1';

/** A step of the rehearsal, as somebody would take it. */
export interface Step {
  readonly name: string;
  run(): Promise<Ran>;
  /** Exit codes with which the rehearsal goes on. */
  readonly expected: readonly number[];
}

/** Everything that `garrison.yaml` can switch on that changes what a role may do. */
function configuration(endpoint: string, route: 'invitation' | 'auto' | 'policy', more = ''): string {
  return `managementAccount: "${managementId}"
securityAccount: "${securityId}"
homeRegion: ${region}
regions: [${region}]
roles: {tags: {team: security}}
guardduty:
  route: ${route}
  plans: {S3_DATA_EVENTS: ENABLED}
${route === 'invitation' ? '' : '  autoEnable: NEW\n'}${more}
notifier:
  slack: {botToken: {parameter: /garrison/slack/token}, channel: C0ALERTS01, apiUrl: "${endpoint}/_slack/api"}
  alarmEmails: [security@example.com]
  digest: {threshold: 0}
detections:
  enabled: [security-group-open-to-world, guardduty-disabled, trail-stopped, trail-selectors-weakened, mfa-deactivated, s3-objects-removed, privileged-role-used, root-sign-in, root-activity]
  logFiles: {bucket: acme-trail-logs, bucketAccount: "${memberId}", prefix: AWSLogs/, topicArn: "arn:aws:sns:${region}:${securityId}:acme-trail-files"}
responders:
  enabled: all
  buckets: [papers-*]
  enforce: [{responders: [opened-security-group], strategy: revoke, accounts: ["${memberId}"], approval: true}]
attestation: {enabled: true}
`;
}

const settings = (name: string, file: string) => `  filters:
    - {name: known-scanner, description: ${name}, criteria: {severity: {lessThan: 2}}}
  trustedIpLists: [{name: offices, file: ${file}}]
  threatLists: [{name: bad, file: ${file}}]
`;

/** The steps of a whole life, in order; each takes up where the one before it left off. */
export function lifeCycle(organization: TestOrganization): Step[] {
  const { sandbox, files } = organization;
  const configFile = files[1] as string;
  const folder = dirname(configFile);
  const configure = (...given: Parameters<typeof configuration> extends [string, ...infer Rest] ? Rest : never) =>
    writeFileSync(configFile, configuration(sandbox.endpoint, ...given));
  const step = (
    as: 'management' | 'security',
    command: string,
    { expected = [0], before }: { expected?: readonly number[]; before?: () => Promise<void> | void } = {},
  ): Step => ({
    name: command,
    expected,
    async run() {
      await before?.();
      return organization.garrison(as, ...command.split(' '));
    },
  });
  const lists = (name: string) => {
    mkdirSync(join(folder, 'lists'), { recursive: true });
    writeFileSync(join(folder, 'lists', `${name}.txt`), `192.0.2.${name.length}/32\n`);
    return settings(name, `lists/${name}.txt`);
  };
  return [
    step('management', 'bootstrap', {
      before: async () => {
        configure('invitation', lists('first'));
        await secrets(organization);
      },
    }),
    step('security', 'plan --summary', { expected: [2] }),
    step('security', 'apply'),
    step('security', 'verify --drift'),
    step('security', `drill --all-cells --timeout 20`),
    step('security', 'findings'),
    step('security', 'responders log'),
    step('security', 'responders images', { expected: [0, 1, 2] }),
    step('security', 'attest announce --person bob@example.com --purpose Release --ticket OPS-7 --for 2h'),
    step('security', 'attest pending', { expected: [0, 2] }),
    step('security', `attest export --format json --output ${join(folder, 'attested.json')}`),
    step('security', 'attest verify'),
    step('security', 'accounts sync', { expected: [0, 2] }),
    step('management', 'bootstrap', { before: () => configure('auto', lists('second-list')) }),
    step('security', 'apply --yes'),
    step('management', 'bootstrap', { before: () => configure('policy') }),
    step('security', 'apply --yes'),
    step('security', `offboard ${newcomerId} --yes`),
    step('security', `onboard ${newcomerId}`),
    step('security', 'remove --yes --delete-record'),
    step('management', 'remove --yes'),
  ];
}

async function secrets({ sandbox }: TestOrganization): Promise<void> {
  const client = { region, endpoint: sandbox.endpoint, credentials: sandbox.security };
  const ssm = new SSMClient(client);
  await new SNSClient(client).send(new CreateTopicCommand({ Name: 'acme-trail-files' }));
  const { signingSecret } = (await (await fetch(`${sandbox.endpoint}/_slack/app`)).json()) as { signingSecret: string };
  for (const [Name, Value] of [
    ['/garrison/slack/token', 'xoxb-garrison'],
    ['/garrison/slack/signing-secret', signingSecret],
  ]) {
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
  }
}
