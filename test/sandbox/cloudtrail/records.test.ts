import {
  CloudTrailClient,
  CreateTrailCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  EC2Client,
  ModifySecurityGroupRulesCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateDetectorCommand, GuardDutyClient, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { catalog } from '../../../detections/catalog';
import { allEngines } from '../../../detections/engines';
import type { CloudTrailRecord } from '../../../detections/record';
import { underTrial } from '../../../detections/trial';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const account = '100000000001';
const region = 'us-east-1';
let sandbox: RunningSandbox;
let QueueUrl: string | undefined;

const configuration = () => ({
  endpoint: sandbox.endpoint,
  region,
  credentials: sandbox.management,
  forcePathStyle: true,
});

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: account, email: 'root@example.com' }] });
});
afterAll(() => sandbox.close());

/** A rule that carries every CloudTrail event of the account into a queue. */
async function listen(): Promise<void> {
  const sqs = new SQSClient(configuration());
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'records' }))).QueueUrl;
  const Arn = `arn:aws:sqs:${region}:${account}:records`;
  const statement = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:*', Resource: Arn };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const events = new EventBridgeClient(configuration());
  const EventPattern = JSON.stringify({ 'detail-type': ['AWS API Call via CloudTrail'] });
  await events.send(new PutRuleCommand({ Name: 'records', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'records', Targets: [{ Id: '1', Arn }] }));
  await heard();
}

/** The records that have come since the last time. */
async function heard(): Promise<CloudTrailRecord[]> {
  await sandbox.world.idle();
  const sqs = new SQSClient(configuration());
  const records: CloudTrailRecord[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
    );
    if (Messages.length === 0) {
      return records;
    }
    records.push(...Messages.map(({ Body }) => JSON.parse(Body ?? '{}').detail as CloudTrailRecord));
  }
}

const engines = catalog.map((detection) => ({ id: detection.id, ...allEngines(underTrial(detection)) }));

/** The detections that fire on a record, by their own matcher and by the rule that EventBridge has. */
function firing(record: CloudTrailRecord | undefined): string[] {
  const says = (engine: (typeof engines)[number]['matcher']) =>
    typeof engine === 'function' && engine(record as CloudTrailRecord);
  return engines.filter(({ matcher, eventbridge }) => says(matcher) && says(eventbridge)).map(({ id }) => id);
}

/** The record of a call of this name; the last of them. */
function named(records: readonly CloudTrailRecord[], eventName: string): CloudTrailRecord {
  const found = records.filter((record) => record.eventName === eventName).at(-1);
  if (!found) {
    throw new Error(`No ${eventName} among ${records.map((record) => record.eventName).join(', ')}.`);
  }
  return found;
}

const world = '0.0.0.0/0';

test('an opened security group is told in each of its three shapes', async () => {
  await listen();
  const ec2 = new EC2Client(configuration());
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' }));
  const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  const { SecurityGroupRules } = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ ...tcp(22), IpRanges: [{ CidrIp: world }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }],
    }),
  );
  const [listed] = await heard().then((all) => all.slice(-1));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, ...tcp(3389), CidrIp: world }));
  const [short] = await heard();
  const SecurityGroupRuleId = SecurityGroupRules?.[0]?.SecurityGroupRuleId;
  const SecurityGroupRule = { ...tcp(5432), CidrIpv4: world };
  const change = { GroupId, SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule }] };
  await ec2.send(new ModifySecurityGroupRulesCommand(change));
  const [modified] = await heard();
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, ...tcp(443), CidrIp: world }));
  const [allowed] = await heard();

  expect(listed).toMatchObject({
    eventSource: 'ec2.amazonaws.com',
    requestParameters: {
      groupId: GroupId,
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 22,
            toPort: 22,
            groups: {},
            ipRanges: { items: [{ cidrIp: world }] },
            ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] },
            prefixListIds: {},
          },
        ],
      },
    },
    responseElements: {
      _return: true,
      securityGroupRuleSet: { items: [{ securityGroupRuleId: SecurityGroupRuleId }, {}] },
    },
  });
  expect(short?.requestParameters).toEqual({
    groupId: GroupId,
    ipPermissions: {},
    ipProtocol: 'tcp',
    fromPort: 3389,
    toPort: 3389,
    cidrIp: world,
  });
  expect(modified?.requestParameters).toEqual({
    ModifySecurityGroupRulesRequest: {
      GroupId,
      SecurityGroupRule: {
        SecurityGroupRuleId,
        SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIpv4: world },
        tag: 1,
      },
    },
  });
  for (const record of [listed, short, modified]) {
    expect(firing(record)).toContain('security-group-open-to-world');
  }
  expect(firing(allowed)).not.toContain('security-group-open-to-world');
});

test('launches tell images and instances, by whomever they are made', async () => {
  const ec2 = new EC2Client(configuration());
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
  const ImageId = Images?.[0]?.ImageId;
  const { Instances } = await ec2.send(
    new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' }),
  );
  await fetch(`${sandbox.endpoint}/_ec2/launch`, {
    method: 'POST',
    body: JSON.stringify({ accountId: account, region, request: { ImageId, InstanceType: 't3.micro' } }),
  });
  await ec2.send(new RunInstancesCommand({ ImageId, MinCount: 1, MaxCount: 1, DryRun: true })).catch(() => undefined);
  const launches = (await heard()).filter(({ eventName }) => eventName === 'RunInstances');
  expect(launches).toHaveLength(3);
  const [own, scaled, tried] = ['IAMUser', 'AssumedRole']
    .map((type) =>
      launches.find(({ userIdentity, errorCode }) => (userIdentity as { type: string }).type === type && !errorCode),
    )
    .concat(launches.find(({ errorCode }) => errorCode));
  expect(own).toMatchObject({
    requestParameters: { instancesSet: { items: [{ imageId: ImageId, minCount: 1, maxCount: 1 }] } },
    responseElements: { instancesSet: { items: [{ instanceId: Instances?.[0]?.InstanceId, imageId: ImageId }] } },
  });
  expect(scaled).toMatchObject({
    sourceIPAddress: 'autoscaling.amazonaws.com',
    userIdentity: {
      arn: `arn:aws:sts::${account}:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling`,
      invokedBy: 'autoscaling.amazonaws.com',
    },
  });
  expect(tried?.errorCode).toBe('Client.DryRunOperation');
  expect([own, scaled, tried].map((record) => firing(record).includes('unapproved-image'))).toEqual([
    true,
    true,
    false,
  ]);
});

const trusting = (bucket: string) => {
  const service = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' } };
  const arn = `arn:aws:s3:::${bucket}`;
  const Statement = [
    { ...service, Action: 's3:GetBucketAcl', Resource: arn },
    {
      ...service,
      Action: 's3:PutObject',
      Resource: `${arn}/*`,
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement });
};

test('guards that are switched off fire their detections', async () => {
  const trail = new CloudTrailClient(configuration());
  const s3 = new S3Client(configuration());
  await s3.send(new CreateBucketCommand({ Bucket: 'trail-logs' }));
  await s3.send(new PutBucketPolicyCommand({ Bucket: 'trail-logs', Policy: trusting('trail-logs') }));
  await trail.send(new CreateTrailCommand({ Name: 'watch', S3BucketName: 'trail-logs', IsMultiRegionTrail: true }));
  await trail.send(new StartLoggingCommand({ Name: 'watch' }));
  await trail.send(new StopLoggingCommand({ Name: 'watch' }));
  const guardduty = new GuardDutyClient(configuration());
  const { DetectorId } = await guardduty.send(new CreateDetectorCommand({ Enable: true }));
  await guardduty.send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
  const iam = new IAMClient(configuration());
  await iam.send(new CreateUserCommand({ UserName: 'kim' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'kim' }));
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }));
  const device = { UserName: 'kim', SerialNumber: VirtualMFADevice?.SerialNumber };
  await iam.send(
    new EnableMFADeviceCommand({ ...device, AuthenticationCode1: '123456', AuthenticationCode2: '654321' }),
  );
  await iam.send(new DeactivateMFADeviceCommand(device));
  const records = await heard();

  expect(named(records, 'StopLogging')).toMatchObject({
    eventSource: 'cloudtrail.amazonaws.com',
    requestParameters: { name: 'watch' },
    responseElements: null,
  });
  expect(named(records, 'CreateTrail').responseElements).toMatchObject({
    trailARN: `arn:aws:cloudtrail:${region}:${account}:trail/watch`,
    s3BucketName: 'trail-logs',
  });
  expect(named(records, 'PutBucketPolicy').requestParameters).toMatchObject({
    bucketName: 'trail-logs',
    bucketPolicy: JSON.parse(trusting('trail-logs')),
  });
  expect(named(records, 'CreateAccessKey').responseElements).toEqual({
    accessKey: expect.objectContaining({ accessKeyId: AccessKey?.AccessKeyId, status: 'Active', userName: 'kim' }),
  });
  expect(JSON.stringify(records)).not.toContain(AccessKey?.SecretAccessKey);
  expect(firing(named(records, 'StopLogging'))).toContain('trail-stopped');
  expect(firing(named(records, 'UpdateDetector'))).toContain('guardduty-disabled');
  expect(firing(named(records, 'DeactivateMFADevice'))).toContain('mfa-deactivated');
  expect(firing(named(records, 'CreateAccessKey'))).toContain('iam-access-key-changed');
  expect(firing(named(records, 'PutBucketPolicy'))).toContain('s3-bucket-policy-changed');
});

test('what happens to objects is heard only where a trail selects it', async () => {
  const s3 = new S3Client(configuration());
  const trail = new CloudTrailClient(configuration());
  for (const Bucket of ['papers', 'others']) {
    await s3.send(new CreateBucketCommand({ Bucket }));
  }
  const put = (Bucket: string, Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
  await put('papers', 'a.pdf');
  await s3.send(new DeleteObjectCommand({ Bucket: 'papers', Key: 'a.pdf' }));
  expect((await heard()).map(({ eventName }) => eventName)).toEqual(['CreateBucket', 'CreateBucket']);

  const DataResources = [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::papers/'] }];
  await trail.send(
    new PutEventSelectorsCommand({
      TrailName: 'watch',
      EventSelectors: [{ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true, DataResources }],
    }),
  );
  await trail.send(new StartLoggingCommand({ Name: 'watch' }));
  await heard();
  await put('others', 'a.pdf');
  await put('papers', 'b.pdf');
  await s3.send(new DeleteObjectCommand({ Bucket: 'papers', Key: 'b.pdf' }));
  await s3.send(new DeleteObjectsCommand({ Bucket: 'papers', Delete: { Objects: [{ Key: 'c.pdf' }] } }));
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: 'papers',
      LifecycleConfiguration: { Rules: [{ ID: 'all', Status: 'Enabled', Filter: {}, Expiration: { Days: 1 } }] },
    }),
  );
  const records = await heard();
  expect(records.map(({ eventName }) => eventName)).toEqual(
    expect.arrayContaining(['PutObject', 'DeleteObject', 'DeleteObjects', 'PutBucketLifecycle']),
  );
  expect(records).toHaveLength(4);
  expect(named(records, 'DeleteObject')).toMatchObject({
    eventCategory: 'Data',
    managementEvent: false,
    readOnly: false,
    requestParameters: { bucketName: 'papers', key: 'b.pdf' },
    resources: [{ type: 'AWS::S3::Object', ARN: 'arn:aws:s3:::papers/b.pdf' }, { accountId: account }],
  });
  expect(firing(named(records, 'DeleteObject'))).toContain('s3-objects-removed');
  expect(firing(named(records, 'DeleteObjects'))).toContain('s3-objects-removed');
});

test('the event history tells the calls, the latest first', async () => {
  const trail = new CloudTrailClient(configuration());
  const look = async (AttributeKey: string, AttributeValue: string) => {
    const LookupAttributes = [{ AttributeKey: AttributeKey as 'EventName', AttributeValue }];
    return (await trail.send(new LookupEventsCommand({ LookupAttributes }))).Events ?? [];
  };
  const [stopped, ...more] = await look('EventName', 'StopLogging');
  expect(more).toEqual([]);
  expect(stopped).toMatchObject({
    Username: 'administrator',
    ReadOnly: 'false',
    EventSource: 'cloudtrail.amazonaws.com',
  });
  expect(JSON.parse(stopped?.CloudTrailEvent ?? '')).toMatchObject({ eventID: stopped?.EventId });
  expect((await look('ResourceName', 'kim')).map(({ EventName }) => EventName)).toEqual([
    'DeactivateMFADevice',
    'EnableMFADevice',
    'CreateAccessKey',
    'CreateUser',
  ]);
  await expect(look('Colour', 'red')).rejects.toMatchObject({ name: 'InvalidLookupAttributesException' });
});
