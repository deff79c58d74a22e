import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  AcceptAdministratorInvitationCommand,
  ArchiveFindingsCommand,
  CreateDetectorCommand,
  CreateFilterCommand,
  CreateIPSetCommand,
  CreateMembersCommand,
  CreateSampleFindingsCommand,
  DeleteFilterCommand,
  GetDetectorCommand,
  GetFilterCommand,
  GetFindingsCommand,
  GetFindingsStatisticsCommand,
  GetIPSetCommand,
  GuardDutyClient,
  InviteMembersCommand,
  ListFindingsCommand,
  ListInvitationsCommand,
  ListIPSetsCommand,
  ListMalwareScansCommand,
  ListTagsForResourceCommand,
  StartMalwareScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateDetectorCommand,
  UpdateFilterCommand,
} from '@aws-sdk/client-guardduty';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';
import { injectFinding } from '../../../sandbox/guardduty';

const region = 'eu-central-1';
const [management, security, member] = ['100000000001', '100000000002', '100000000003'];
const email = (id: string) => `root+${id}@example.com`;

let sandbox: RunningSandbox;
let guardduty: GuardDutyClient;

beforeAll(async () => {
  const accounts = [management, security, member].map((id) => ({ id, email: email(id) }));
  sandbox = await createSandbox({ accounts, securityAccount: security });
  guardduty = new GuardDutyClient(configuration());
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function configuration(credentials: object = sandbox.security) {
  return { endpoint: sandbox.endpoint, region, credentials: credentials as never };
}

async function inMember(): Promise<GuardDutyClient> {
  const sts = new STSClient(configuration(sandbox.management));
  const RoleArn = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return new GuardDutyClient(
    configuration({
      accessKeyId: Credentials?.AccessKeyId,
      secretAccessKey: Credentials?.SecretAccessKey,
      sessionToken: Credentials?.SessionToken,
    }),
  );
}

async function detectorIn(client = guardduty): Promise<string> {
  const { DetectorId } = await client.send(new CreateDetectorCommand({ Enable: true }));
  return DetectorId as string;
}

/** A queue that gets every GuardDuty event of the security account's default bus. */
async function eventQueue(): Promise<() => Promise<Record<string, unknown>[]>> {
  const sqs = new SQSClient(configuration());
  const events = new EventBridgeClient(configuration());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'findings' }));
  const QueueArn = (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })))
    .Attributes?.QueueArn as string;
  const Statement = [
    { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: QueueArn },
  ];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const EventPattern = JSON.stringify({ source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] });
  await events.send(new PutRuleCommand({ Name: 'findings', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'findings', Targets: [{ Id: 'queue', Arn: QueueArn }] }));
  return async () => {
    await sandbox.world.idle();
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body }) => JSON.parse(Body as string));
  };
}

async function enrolMember(DetectorId: string): Promise<GuardDutyClient> {
  const theirs = await inMember();
  const own = await detectorIn(theirs);
  const AccountDetails = [{ AccountId: member, Email: email(member as string) }];
  await guardduty.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
  await guardduty.send(new InviteMembersCommand({ DetectorId, AccountIds: [member as string] }));
  await sandbox.world.idle();
  const { Invitations } = await theirs.send(new ListInvitationsCommand({}));
  const InvitationId = Invitations?.[0]?.InvitationId;
  await theirs.send(
    new AcceptAdministratorInvitationCommand({ DetectorId: own, AdministratorId: security, InvitationId }),
  );
  return theirs;
}

test('a new detector has the plans that AWS switches on, and there is one for each account and region', async () => {
  const DetectorId = await detectorIn();
  const detector = await guardduty.send(new GetDetectorCommand({ DetectorId }));
  expect(detector).toMatchObject({ Status: 'ENABLED', FindingPublishingFrequency: 'SIX_HOURS', Tags: {} });
  expect(Object.fromEntries((detector.Features ?? []).map(({ Name, Status }) => [Name, Status]))).toEqual({
    CLOUD_TRAIL: 'ENABLED',
    DNS_LOGS: 'ENABLED',
    FLOW_LOGS: 'ENABLED',
    S3_DATA_EVENTS: 'ENABLED',
    EKS_AUDIT_LOGS: 'ENABLED',
    EBS_MALWARE_PROTECTION: 'ENABLED',
    RDS_LOGIN_EVENTS: 'ENABLED',
    EKS_RUNTIME_MONITORING: 'DISABLED',
    LAMBDA_NETWORK_LOGS: 'ENABLED',
    RUNTIME_MONITORING: 'DISABLED',
  });
  await expect(detectorIn()).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'The request is rejected because a detector already exists for the current account.',
  });
  await expect(guardduty.send(new GetDetectorCommand({ DetectorId: 'f'.repeat(32) }))).rejects.toMatchObject({
    message: 'The request is rejected because the input detectorId is not owned by the current account.',
  });
});

test('plans are switched with what belongs to them; both runtime plans together are refused', async () => {
  const DetectorId = await detectorIn();
  const update = (Features: object[]) =>
    guardduty.send(new UpdateDetectorCommand({ DetectorId, Features: Features as never }));
  await update([
    { Name: 'S3_DATA_EVENTS', Status: 'DISABLED' },
    {
      Name: 'RUNTIME_MONITORING',
      Status: 'ENABLED',
      AdditionalConfiguration: [{ Name: 'EC2_AGENT_MANAGEMENT', Status: 'ENABLED' }],
    },
  ]);
  const { Features, DataSources } = await guardduty.send(new GetDetectorCommand({ DetectorId }));
  expect(DataSources?.S3Logs?.Status).toBe('DISABLED');
  const runtime = Features?.find(({ Name }) => Name === 'RUNTIME_MONITORING');
  expect(runtime?.AdditionalConfiguration?.map(({ Name, Status }) => [Name, Status])).toEqual([
    ['EKS_ADDON_MANAGEMENT', 'DISABLED'],
    ['ECS_FARGATE_AGENT_MANAGEMENT', 'DISABLED'],
    ['EC2_AGENT_MANAGEMENT', 'ENABLED'],
  ]);
  const both = ['RUNTIME_MONITORING', 'EKS_RUNTIME_MONITORING'].map((Name) => ({ Name, Status: 'ENABLED' }));
  await expect(update(both)).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(update([{ Name: 'NO_SUCH_PLAN', Status: 'ENABLED' }])).rejects.toMatchObject({
    name: 'BadRequestException',
  });
});

test('samples of every type are made, found by criteria, sorted, counted and archived', async () => {
  const DetectorId = await detectorIn();
  await guardduty.send(new CreateSampleFindingsCommand({ DetectorId }));
  const { FindingStatistics } = await guardduty.send(
    new GetFindingsStatisticsCommand({ DetectorId, FindingStatisticTypes: ['COUNT_BY_SEVERITY'] }),
  );
  const counts = FindingStatistics?.CountBySeverity ?? {};
  expect(Object.keys(counts).sort()).toEqual(['2.0', '5.0', '8.0', '9.0']);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBeGreaterThan(150);
  const { FindingIds = [] } = await guardduty.send(
    new ListFindingsCommand({
      DetectorId,
      FindingCriteria: {
        Criterion: {
          severity: { Gte: 8 },
          'resource.resourceType': { Eq: ['S3Bucket'] },
          'service.archived': { Eq: ['false'] },
        },
      },
      SortCriteria: { AttributeName: 'type', OrderBy: 'ASC' },
    }),
  );
  const { Findings = [] } = await guardduty.send(new GetFindingsCommand({ DetectorId, FindingIds }));
  const types = Findings.map(({ Type }) => Type);
  expect(types).toEqual([...types].sort());
  expect(types).toContain('Policy:S3/BucketPublicAccessGranted');
  expect(Findings[0]).toMatchObject({
    AccountId: security,
    Region: region,
    SchemaVersion: '2.0',
    Severity: 8,
    Resource: { S3BucketDetails: [{ Name: 'GeneratedFindingS3Bucket' }] },
    Service: { DetectorId, ServiceName: 'guardduty', Count: 1, AdditionalInfo: { Value: '{"sample":true}' } },
  });
  await guardduty.send(new ArchiveFindingsCommand({ DetectorId, FindingIds: FindingIds.slice(0, 1) }));
  const archived = { Criterion: { 'service.archived': { Equals: ['true'] } } };
  const left = await guardduty.send(new ListFindingsCommand({ DetectorId, FindingCriteria: archived }));
  expect(left.FindingIds).toEqual(FindingIds.slice(0, 1));
  await expect(
    guardduty.send(new CreateSampleFindingsCommand({ DetectorId, FindingTypes: ['No:Such/Type'] })),
  ).rejects.toMatchObject({ message: 'The request is rejected because of invalid finding type is specified.' });
});

test("a member's finding is on its administrator's bus, in EventBridge's words, and among its findings", async () => {
  const DetectorId = await detectorIn();
  const received = await eventQueue();
  const theirs = await enrolMember(DetectorId);
  const { Invitations } = await theirs.send(new ListInvitationsCommand({}));
  expect(Invitations).toMatchObject([{ RelationshipStatus: 'Enabled' }]);
  const id = injectFinding(
    sandbox.world,
    { accountId: member as string, region },
    { Type: 'UnauthorizedAccess:EC2/TorIPCaller', Severity: 8.5 },
  );
  const events = await received();
  expect(events).toMatchObject([
    {
      source: 'aws.guardduty',
      'detail-type': 'GuardDuty Finding',
      account: security,
      region,
      detail: {
        id,
        accountId: member,
        type: 'UnauthorizedAccess:EC2/TorIPCaller',
        severity: 8.5,
        resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-99999999' } },
        service: {
          action: {
            actionType: 'NETWORK_CONNECTION',
            networkConnectionAction: { remoteIpDetails: { ipAddressV4: '198.51.100.0' } },
          },
        },
      },
    },
  ]);
  const { FindingIds } = await guardduty.send(new ListFindingsCommand({ DetectorId }));
  expect(FindingIds).toEqual([id]);
});

test('a suppression rule archives what it matches, and nothing is published', async () => {
  const DetectorId = await detectorIn();
  const received = await eventQueue();
  const FindingCriteria = { Criterion: { type: { Eq: ['Recon:EC2/Portscan'] } } };
  const rule = { DetectorId, Name: 'port-scans', Action: 'ARCHIVE' as const, FindingCriteria };
  await guardduty.send(new CreateFilterCommand(rule));
  await guardduty.send(
    new CreateSampleFindingsCommand({ DetectorId, FindingTypes: ['Recon:EC2/Portscan', 'Trojan:EC2/DropPoint'] }),
  );
  const details = (await received()).map(({ detail }) => detail);
  expect(details).toMatchObject([{ type: 'Trojan:EC2/DropPoint', service: { additionalInfo: { sample: true } } }]);
  await guardduty.send(new UpdateFilterCommand({ DetectorId, FilterName: 'port-scans', Action: 'NOOP', Rank: 1 }));
  const filter = await guardduty.send(new GetFilterCommand({ DetectorId, FilterName: 'port-scans' }));
  expect(filter).toMatchObject({ Name: 'port-scans', Action: 'NOOP', Rank: 1, FindingCriteria });
  await guardduty.send(new DeleteFilterCommand({ DetectorId, FilterName: 'port-scans' }));
  await expect(guardduty.send(new GetFilterCommand({ DetectorId, FilterName: 'port-scans' }))).rejects.toMatchObject({
    message: 'The request is rejected since no such resource found.',
  });
});

test('lists become active; detectors and lists carry tags', async () => {
  const DetectorId = await detectorIn();
  const list = { DetectorId, Name: 'office', Format: 'TXT' as const, Location: 's3://bucket/list.txt', Activate: true };
  const { IpSetId } = await guardduty.send(new CreateIPSetCommand({ ...list, Tags: { team: 'security' } }));
  expect(await guardduty.send(new GetIPSetCommand({ DetectorId, IpSetId }))).toMatchObject({ Status: 'ACTIVATING' });
  await sandbox.world.idle();
  expect(await guardduty.send(new GetIPSetCommand({ DetectorId, IpSetId }))).toMatchObject({ Status: 'ACTIVE' });
  expect((await guardduty.send(new ListIPSetsCommand({ DetectorId }))).IpSetIds).toEqual([IpSetId]);
  const ResourceArn = `arn:aws:guardduty:${region}:${security}:detector/${DetectorId}/ipset/${IpSetId}`;
  await guardduty.send(new TagResourceCommand({ ResourceArn, Tags: { stage: 'test' } }));
  await guardduty.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['team'] }));
  expect((await guardduty.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual({ stage: 'test' });
});

test('an image is scanned for malware once an hour', async () => {
  const [image] = await sandbox.world
    .call<{ Images: { ImageId: string }[] }>(
      'ec2',
      'DescribeImages',
      { Owners: ['amazon'], MaxResults: 5 },
      asService(),
    )
    .then(({ Images }) => Images);
  const ResourceArn = `arn:aws:ec2:${region}:${security}:image/${image?.ImageId}`;
  const scan = (given: object) => guardduty.send(new StartMalwareScanCommand({ ResourceArn, ...given }));
  await expect(scan({})).rejects.toMatchObject({ name: 'BadRequestException' });
  const ScanConfiguration = { Role: `arn:aws:iam::${security}:role/scanner` };
  const { ScanId } = await scan({ ScanConfiguration });
  await expect(scan({ ScanConfiguration })).rejects.toMatchObject({ name: 'ConflictException' });
  await sandbox.world.idle();
  const { Scans } = await guardduty.send(new ListMalwareScansCommand({}));
  expect(Scans).toMatchObject([{ ScanId, ScanStatus: 'COMPLETED', ScanResultStatus: 'NO_THREATS_FOUND' }]);
});

const asService = () => ({
  caller: sandbox.world.serviceCaller('guardduty.amazonaws.com', { accountId: security, arn: '' }),
  region,
});
