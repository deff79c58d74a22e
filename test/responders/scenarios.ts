import { CloudTrailClient, PutEventSelectorsCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateDetectorCommand,
  DeleteDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { readTrigger, type Trigger } from '../../responders/trigger';
import { called, type Local } from './local';
import { memberId, region } from './responding';
import { newTrail } from './trail';

/** Makes a resource in the member account, does to it what a responder answers to, and gives the event of that. */
export type Scenario = (local: Local) => Promise<Trigger>;

let number = 0;
const next = () => {
  number += 1;
  return number;
};

const tagged = (ResourceType: 'security-group' | 'instance', guard: string) => [
  { ResourceType, Tags: [{ Key: 'guard', Value: guard }] },
];

async function openGroup(local: Local, guard: string, launch = false): Promise<Trigger> {
  const ec2 = local.client(EC2Client);
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: `web-${next()}`,
      Description: 'web',
      TagSpecifications: tagged('security-group', guard),
    }),
  );
  if (launch) {
    await ec2.send(
      new RunInstancesCommand({
        ImageId: await newImage(local),
        MinCount: 1,
        MaxCount: 1,
        SecurityGroupIds: [GroupId],
      }),
    );
  }
  const { SecurityGroupRules = [] } = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '0.0.0.0/0',
    }),
  );
  const items = SecurityGroupRules.map(({ SecurityGroupRuleId, IpProtocol, FromPort, ToPort, CidrIpv4 }) => ({
    securityGroupRuleId: SecurityGroupRuleId,
    ipProtocol: IpProtocol,
    fromPort: FromPort,
    toPort: ToPort,
    cidrIpv4: CidrIpv4,
  }));
  return called(
    'security-group-open-to-world',
    'ec2',
    'AuthorizeSecurityGroupIngress',
    { groupId: GroupId },
    { securityGroupRuleSet: { items } },
  );
}

async function newImage(local: Local): Promise<string> {
  const { ImageId = '' } = await local
    .client(EC2Client)
    .send(new RegisterImageCommand({ Name: `image-${next()}`, RootDeviceName: '/dev/xvda' }));
  return ImageId;
}

async function launched(local: Local, guard: string): Promise<Trigger> {
  const imageId = await newImage(local);
  const { Instances = [] } = await local.client(EC2Client).send(
    new RunInstancesCommand({
      ImageId: imageId,
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: tagged('instance', guard),
    }),
  );
  const items = Instances.map(({ InstanceId }) => ({ instanceId: InstanceId, imageId }));
  return called('unapproved-image', 'ec2', 'RunInstances', {}, { instancesSet: { items } });
}

async function newDetector(local: Local): Promise<string> {
  const guardduty = local.client(GuardDutyClient);
  const { DetectorIds = [] } = await guardduty.send(new ListDetectorsCommand({}));
  const made = DetectorIds[0] ?? (await guardduty.send(new CreateDetectorCommand({ Enable: true }))).DetectorId;
  return made ?? '';
}

async function detectorSuspended(local: Local): Promise<Trigger> {
  const DetectorId = await newDetector(local);
  await local.client(GuardDutyClient).send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
  return called('guardduty-disabled', 'guardduty', 'UpdateDetector', { detectorId: DetectorId, enable: false });
}

async function detectorDeleted(local: Local): Promise<Trigger> {
  const DetectorId = await newDetector(local);
  await local.client(GuardDutyClient).send(new DeleteDetectorCommand({ DetectorId }));
  return called('guardduty-disabled', 'guardduty', 'DeleteDetector', { detectorId: DetectorId });
}

/** An account has five trails at most: the same one again and again. */
let trail: string | undefined;

async function trailIn(local: Local): Promise<string> {
  if (trail !== undefined) {
    return trail;
  }
  const name = `trail-${next()}-${Date.now()}`;
  trail = await newTrail(local.client(S3Client), local.client(CloudTrailClient), name, { accountId: memberId });
  return trail;
}

async function trailStopped(local: Local): Promise<Trigger> {
  const name = await trailIn(local);
  await local.client(CloudTrailClient).send(new StopLoggingCommand({ Name: name }));
  return called('trail-stopped', 'cloudtrail', 'StopLogging', { name });
}

async function selectorsWeakened(local: Local): Promise<Trigger> {
  const trailName = await trailIn(local);
  await local.client(CloudTrailClient).send(
    new PutEventSelectorsCommand({
      TrailName: trailName,
      EventSelectors: [{ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true, DataResources: [] }],
    }),
  );
  return called('trail-selectors-weakened', 'cloudtrail', 'PutEventSelectors', { trailName });
}

async function keyExposed(local: Local): Promise<Trigger> {
  const iam = local.client(IAMClient);
  const UserName = `eve-${next()}`;
  await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const updatedAt = new Date().toISOString();
  const accessKeyDetails = { accessKeyId: AccessKey?.AccessKeyId, userName: UserName, userType: 'IAMUser' };
  const detail = {
    id: `finding-${UserName}`,
    type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
    accountId: memberId,
    region,
    updatedAt,
    resource: { resourceType: 'AccessKey', accessKeyDetails },
    service: {},
  };
  const event = { id: `event-${UserName}`, source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail };
  return readTrigger(event, 'aws') as Trigger;
}

async function objectRemoved(local: Local): Promise<Trigger> {
  const s3 = local.client(S3Client);
  const Bucket = `papers-${next()}-${Date.now()}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a.pdf', Body: 'a' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a.pdf' }));
  return called('s3-objects-removed', 's3', 'DeleteObject', { bucketName: Bucket, key: 'a.pdf' });
}

/** Every strategy that acts, with what it needs of the account. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  revoke: (local) => openGroup(local, 'revoke'),
  'quarantine, nothing attached': (local) => openGroup(local, 'quarantine'),
  'quarantine, an interface attached': (local) => openGroup(local, 'quarantine', true),
  terminate: (local) => launched(local, 'terminate'),
  stop: (local) => launched(local, 'stop'),
  isolate: (local) => launched(local, 'isolate'),
  'restore a suspended detector': detectorSuspended,
  'restore a deleted detector': detectorDeleted,
  'restore a stopped trail': trailStopped,
  'restore selectors': selectorsWeakened,
  deactivate: keyExposed,
  'restore objects': objectRemoved,
};

/** YAML of the section `responders` under which every scenario acts. */
export const enforcing = `  enabled: all
  buckets: ["papers-*"]
  breaker: {actions: 1000, minutes: 1}
  images: {awsServices: false}
  enforce:
    - {responders: [guard-switched-off, removed-objects], strategy: restore, accounts: ["${memberId}"]}
    - {responders: [exposed-access-key], strategy: deactivate, accounts: ["${memberId}"]}
    - {responders: [opened-security-group], strategy: revoke, tags: {guard: revoke}}
    - {responders: [opened-security-group], strategy: quarantine, tags: {guard: quarantine}}
    - {responders: [unapproved-image], strategy: terminate, tags: {guard: terminate}}
    - {responders: [unapproved-image], strategy: stop, tags: {guard: stop}}
    - {responders: [unapproved-image], strategy: isolate, tags: {guard: isolate}}
`;
