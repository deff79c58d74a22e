import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  GetTemplateCommand,
  UpdateStackCommand,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateDetectorCommand,
  CreatePublishingDestinationCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListPublishingDestinationsCommand,
  StopMonitoringMembersCommand,
  UpdatePublishingDestinationCommand,
} from '@aws-sdk/client-guardduty';
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { ListPoliciesCommand, OrganizationsClient, UpdatePolicyCommand } from '@aws-sdk/client-organizations';
import { GetBucketEncryptionCommand, GetBucketLocationCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Session } from '../../../organization/sessions';
import { makeExportPlace } from '../../guardduty/exportPlace';
import { managementId, type Ran, securityId, type TestOrganization } from '../../support/localOrganization';
import { asAdministrator } from '../plant';
import type { Template } from './earlierRelease';
import { runManagementStackSet } from './managementStackSet';
import { asOperator, createInstances, leaveEarlierRelease, operatorClient } from './upgrade';

export const members = 2;
export const memberId = '100000000011';
const newcomerId = '100000000012';
const region = 'us-east-1';
const everywhere = [managementId, securityId, memberId];

/** A step of the rehearsal, as somebody would take it. */
export interface Step {
  readonly name: string;
  run(): Promise<Ran>;
  /** Exit codes with which the rehearsal goes on. */
  readonly expected: readonly number[];
  /** Everything stands as configured afterwards. */
  readonly rollsOut?: boolean;
}

interface Stage {
  readonly route: 'invitation' | 'policy';
  /** Name of the lists and what else differs between the two configurations. */
  readonly name: 'first' | 'second';
}

/** Everything that `garrison.yaml` can switch on that changes what a role may do. */
function configuration(endpoint: string, key: string, { route, name }: Stage): string {
  const isFirst = name === 'first';
  return `managementAccount: "${managementId}"
securityAccount: "${securityId}"
homeRegion: ${region}
regions: [${region}]
roles: {tags: {team: security}}
guardduty:
  route: ${route}
${isFirst ? '' : '  autoEnable: NEW\n  policy: {targets: [Workloads]}\n'}
  plans: {S3_DATA_EVENTS: ENABLED}
  filters:
    - {name: known-scanner, description: ${name}, criteria: {severity: {lessThan: 2}}}
${isFirst ? '    - {name: of-the-past, criteria: {severity: {lessThan: 2}}}\n' : ''}
  trustedIpLists: [{name: ${isFirst ? 'offices' : 'branches'}, file: lists/${name}.txt}]
  threatLists: [{name: bad, file: lists/${name}.txt}${isFirst ? ', {name: gone, file: lists/first.txt}' : ''}]
  publishingDestinations: [${isFirst ? '' : `{create: true}, {bucketArn: "arn:aws:s3:::findings-of-ours/ours", kmsKeyArn: "${key}"}`}]
notifier:
  slack: {botToken: {parameter: /garrison/slack/token}, channel: C0ALERTS01, apiUrl: "${endpoint}/_slack/api"}
  alarmEmails: [security@example.com]
  digest: {threshold: 0}
detections:
  enabled: [security-group-open-to-world, privileged-role-used]
${isFirst ? '' : '  settings: {privileged-role-used: {administratorPolicies: ["arn:aws:iam::aws:policy/AdministratorAccess"]}}\n'}  logFiles: {bucket: acme-trail-logs, bucketAccount: "${memberId}", prefix: AWSLogs/, topicArn: "arn:aws:sns:${region}:${securityId}:acme-trail-files"}
responders:
  enabled: [opened-security-group, unapproved-image]
  enforce: [{responders: [opened-security-group], strategy: revoke, accounts: ["${memberId}"], approval: true}]
attestation: {enabled: true, detections: [privileged-role-used]${isFirst ? '' : ', botConcurrency: none'}}
stackSets:
  contacts:
    template: contacts.yaml
    accounts: ["${memberId}"]
    columns: {Owner: owner}
    permissions:
      - sid: Parameters
        actions: [ssm:PutParameter, ssm:DeleteParameter, ssm:GetParameter]
        resources: ["arn:aws:ssm:*:\${AWS::AccountId}:parameter/contact"]
`;
}

const contacts = `
Parameters: {Owner: {Type: String, Default: nobody}}
Resources:
  Contact: {Type: "AWS::SSM::Parameter", Properties: {Name: /contact, Type: String, Value: !Ref Owner}}
`;

function accounts(ids: readonly string[], { name }: Stage): string {
  const rows = ids.map((id) => `${id},aws+${id}@example.com,account-${id.slice(-2)},Workloads,${name}`);
  return `accountId,email,name,ou,owner\n${rows.join('\n')}\n`;
}

/** The steps of a whole life, in order; each takes up where the one before it left off. */
export function lifeCycle(organization: TestOrganization): Step[] {
  const hands = new Hands(organization);
  const done: Ran = { code: 0, stdout: '', stderr: '' };
  const by = (name: string, work: () => Promise<unknown>): Step => ({
    name,
    expected: [0],
    run: () =>
      work().then(
        () => done,
        (error: Error) => ({ code: 1, stdout: '', stderr: error.message }),
      ),
  });
  const step = (as: 'management' | 'security', command: string, expected: readonly number[] = [0]): Step => ({
    name: `garrison ${command}`,
    expected,
    rollsOut: command.startsWith('apply'),
    run: () => organization.garrison(as, ...command.split(' ')),
  });
  return [
    by('(the first configuration)', () => hands.prepare()),
    by('a stack set of the management account', () => runManagementStackSet(organization, [securityId, memberId])),
    step('management', 'bootstrap'),
    by('(an earlier release)', () => hands.earlierRelease()),
    step('security', 'apply'),
    by('(changes by hand)', () => hands.changeThings()),
    step('security', 'verify --drift', [2]),
    step('security', `drill --account ${securityId} --account ${memberId} --timeout 20`),
    step('security', 'findings'),
    step('security', 'responders log'),
    step('security', 'responders images', [0, 2]),
    step('security', 'attest announce --person bob@example.com --purpose Release --ticket OPS-7 --for 2h'),
    step('security', `attest export --format json --output ${join(hands.folder, 'attested.json')}`),
    step('security', 'accounts sync', [0, 2]),
    by('cdk deploy', () => hands.cdkDeploy()),
    step('security', `offboard ${newcomerId} --yes`),
    by('(the second configuration)', () => hands.reconfigure()),
    step('management', 'bootstrap'),
    step('security', 'apply --yes'),
    by('(settings and a policy changed by hand)', () => hands.changeSettings()),
    step('security', 'apply'),
    step('security', `onboard ${newcomerId}`),
    step('security', 'remove --yes --delete-record --delete-findings'),
    step('management', 'remove --yes'),
  ];
}

/** What people do beside the command: settings, mistakes, changes by hand. */
class Hands {
  readonly folder: string;
  private key = '';

  constructor(private readonly organization: TestOrganization) {
    this.folder = dirname(organization.files[1] as string);
  }

  private as(accountId: string) {
    return asAdministrator(this.organization.sandbox, accountId);
  }

  private configure(stage: Stage): void {
    const { sandbox, accountIds } = this.organization;
    mkdirSync(join(this.folder, 'lists'), { recursive: true });
    writeFileSync(join(this.folder, 'lists', `${stage.name}.txt`), `192.0.2.${stage.name.length}/32\n`);
    writeFileSync(join(this.folder, 'contacts.yaml'), contacts);
    writeFileSync(join(this.folder, 'garrison.yaml'), configuration(sandbox.endpoint, this.key, stage));
    writeFileSync(join(this.folder, 'accounts.csv'), accounts(accountIds, stage));
  }

  async prepare(): Promise<void> {
    const { sandbox } = this.organization;
    const security = await this.as(securityId);
    this.key = await this.placeForFindings('findings-of-ours');
    await new S3Client({ ...security, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: 'findings-of-ours', Key: 'ours/', Body: '' }),
    );
    this.configure({ route: 'invitation', name: 'first' });
    const ssm = new SSMClient(security);
    const { signingSecret } = (await (await fetch(`${sandbox.endpoint}/_slack/app`)).json()) as {
      signingSecret: string;
    };
    for (const [Name, Value] of [
      ['/garrison/slack/token', 'xoxb-garrison'],
      ['/garrison/slack/signing-secret', signingSecret],
    ]) {
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
    }
    const sns = new SNSClient(security);
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'acme-trail-files' }));
    await sns.send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: announcing(TopicArn) }),
    );
  }

  /** A bucket that GuardDuty may write to. @returns ARN of the key that it may use */
  private async placeForFindings(bucket: string): Promise<string> {
    const configuration = { ...(await this.as(securityId)), forcePathStyle: true };
    const client: Session['client'] = (kind) => new kind(configuration as never);
    return makeExportPlace({ accountId: securityId, client } as Session, bucket);
  }

  /** With roles in the way, so that instances fail; and a detector that somebody has switched off. */
  async earlierRelease(): Promise<void> {
    const inTheWay = await Promise.all(everywhere.map(async (id) => new IAMClient(await this.as(id))));
    const RoleName = 'GarrisonResponder';
    const AssumeRolePolicyDocument = announcing('*')
      .replace(/"Resource":"\*",?/, '')
      .replace('sns:Publish', 'sts:AssumeRole');
    await Promise.all(inTheWay.map((iam) => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))));
    await leaveEarlierRelease(this.organization, {
      'garrison-member-roles': [managementId, memberId],
      'garrison-detectors': everywhere,
      'garrison-event-rules': [securityId],
      'garrison-detection-rules': everywhere,
    });
    const roles = { 'garrison-responder-roles': everywhere };
    const operator = await operatorClient(this.organization);
    await createInstances(operator, roles, /already exists/);
    await Promise.all(inTheWay.map((iam) => iam.send(new DeleteRoleCommand({ RoleName }))));
    await createInstances(operator, roles);
    const guardDuty = new GuardDutyClient(await asOperator(this.organization.sandbox));
    const { DetectorIds: [DetectorId] = [] } = await guardDuty.send(new ListDetectorsCommand({}));
    await guardDuty.send(
      new CreatePublishingDestinationCommand({
        DetectorId,
        DestinationType: 'S3',
        DestinationProperties: { DestinationArn: 'arn:aws:s3:::findings-of-ours', KmsKeyArn: this.key },
        Tags: { garrison: 'destination' },
      }),
    );
    await new GuardDutyClient(await this.as(newcomerId)).send(new CreateDetectorCommand({ Enable: false }));
    // An invitation is refused where GuardDuty is off.
    const refused = { service: 'guardduty', operation: 'AcceptAdministratorInvitation', account: newcomerId };
    this.organization.sandbox.faults.add({
      ...refused,
      kind: 'error',
      code: 'BadRequestException',
      status: 400,
      count: 1,
    });
  }

  /** A rule is switched off; groups are opened, and told of on their accounts' buses. */
  async changeThings(): Promise<void> {
    const events = new EventBridgeClient(await this.as(memberId));
    const { Rules: [rule] = [] } = await events.send(new ListRulesCommand({ NamePrefix: 'garrison-' }));
    await events.send(new DisableRuleCommand({ Name: rule?.Name }));
    for (const accountId of [managementId, securityId, newcomerId]) {
      const ec2 = new EC2Client(await this.as(accountId));
      const { SecurityGroups: [group] = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
      const rule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group?.GroupId, ...rule }));
    }
    await this.told([managementId, securityId, newcomerId]);
  }

  /** Waits until alerts have told of these accounts. @throws Error when they do not */
  private async told(accountIds: readonly string[]): Promise<void> {
    for (let look = 0; look < 200; look++) {
      const messages = await (await fetch(`${this.organization.sandbox.endpoint}/_slack/messages`)).text();
      if (accountIds.every((id) => messages.includes(id))) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no alert told of ${accountIds.join(', ')} within ten seconds`);
  }

  /** What the CDK CLI asks of the assets' bucket before it publishes there. */
  async cdkDeploy(): Promise<void> {
    const s3 = new S3Client({ ...(await asOperator(this.organization.sandbox)), forcePathStyle: true });
    const Bucket = `garrison-assets-${securityId}-${region}`;
    await s3.send(new GetBucketLocationCommand({ Bucket }));
    await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  }

  /** A list's file, where findings are published, a template that says the same in other words, and a policy. */
  async changeSettings(): Promise<void> {
    writeFileSync(join(this.folder, 'lists', 'second.txt'), '198.51.100.0/24\n');
    const security = await this.as(securityId);
    const guardDuty = new GuardDutyClient(security);
    const { DetectorIds: [DetectorId] = [] } = await guardDuty.send(new ListDetectorsCommand({}));
    const { Destinations: [found] = [] } = await guardDuty.send(new ListPublishingDestinationsCommand({ DetectorId }));
    const KmsKeyArn = await this.placeForFindings('findings-elsewhere');
    const DestinationProperties = { DestinationArn: 'arn:aws:s3:::findings-elsewhere', KmsKeyArn };
    await guardDuty.send(
      new UpdatePublishingDestinationCommand({
        DetectorId,
        DestinationId: found?.DestinationId,
        DestinationProperties,
      }),
    );
    await new S3Client({ ...security, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: `garrison-findings-${securityId}-${region}`, Key: 'AWSLogs/one', Body: '{}' }),
    );
    await sayOtherwise(new CloudFormationClient(security));
    await this.changePolicy();
  }

  async reconfigure(): Promise<void> {
    this.configure({ route: 'policy', name: 'second' });
    const guardDuty = new GuardDutyClient(await this.as(securityId));
    const { DetectorIds: [DetectorId] = [] } = await guardDuty.send(new ListDetectorsCommand({}));
    await guardDuty.send(new StopMonitoringMembersCommand({ DetectorId, AccountIds: [memberId] }));
  }

  private async changePolicy(): Promise<void> {
    const organizations = new OrganizationsClient(await this.as(managementId));
    const { Policies: [policy] = [] } = await organizations.send(
      new ListPoliciesCommand({ Filter: 'GUARDDUTY_POLICY' }),
    );
    const Content = JSON.stringify({
      guardduty: { enablement: { default: { foundational: { status: { '@@assign': 'enabled' } } } } },
    });
    await organizations.send(new UpdatePolicyCommand({ PolicyId: policy?.Id, Content }));
  }
}

/** Leaves the record's stack as it is, under a template that is written in another way: nothing is to be changed. */
async function sayOtherwise(client: CloudFormationClient): Promise<void> {
  const StackName = 'garrison-record';
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName }));
  const [id = '', group] =
    Object.entries((JSON.parse(TemplateBody) as Template).Resources).find(
      ([, { Type }]) => Type === 'AWS::Logs::LogGroup',
    ) ?? [];
  const written = (RetentionInDays: unknown) => {
    const template = JSON.parse(TemplateBody) as { Resources: Record<string, unknown> };
    template.Resources[id] = { ...group, Properties: { ...group?.Properties, RetentionInDays } };
    return JSON.stringify(template);
  };
  const days = group?.Properties?.RetentionInDays;
  for (const retention of [1, { 'Fn::Select': ['0', [days]] }]) {
    await client.send(new UpdateStackCommand({ StackName, TemplateBody: written(retention) }));
    await waitUntilStackUpdateComplete({ client, maxWaitTime: 10, minDelay: 0.01, maxDelay: 0.05 }, { StackName });
  }
}

/** The policy of a topic to which CloudTrail may announce files, and that says nothing of others. */
function announcing(Resource: string): string {
  const Principal = { Service: 'cloudtrail.amazonaws.com' };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Resource, Action: 'sns:Publish' }],
  });
}
