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
import { managementId, securityId, type TestOrganization } from '../../support/localOrganization';
import { asAdministrator } from '../plant';
import { accounts, configuration, contacts, memberId, newcomerId, region, type Stage } from './configuration';
import type { Template } from './earlierRelease';
import { asOperator, createInstances, leaveEarlierRelease, operatorClient } from './upgrade';

const everywhere = [managementId, securityId, memberId];

/** What people do beside the command: settings, mistakes, changes by hand. */
export class Hands {
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
      new PutObjectCommand({ Bucket: 'findings-of-ours', Key: 'ours/', Body: '-' }),
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
