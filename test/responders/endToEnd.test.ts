import {
  CloudTrailClient,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  PutEventSelectorsCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DisassociateFromAdministratorAccountCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { securityId } from '../support/localOrganization';
import { everythingOn } from './everything';
import {
  closed,
  findInstance,
  Groups,
  launchFleet,
  launchInstance,
  newPrefixList,
  opened,
  openToWorld,
} from './member';
import { eventually, ingressOf, memberId, Responding, region } from './responding';

/** Rolled out once: each test makes resources of its own, whose tag `guard` names the strategy. */
let garrison: Responding;
let ec2: EC2Client;
const groups = new Groups(() => ec2);

beforeAll(async () => {
  garrison = await Responding.start(everythingOn);
  ec2 = garrison.member(EC2Client);
});

afterAll(() => garrison?.close());

const newGroup = (tags: Record<string, string>) => groups.make(tags);
const open = (id: string) => openToWorld(ec2, id);
const launch = (tags: Record<string, string>, more: object = {}) => launchInstance(ec2, tags, more);
const instance = (id: string) => findInstance(ec2, id);

async function undo(id: string) {
  return garrison.organization.garrison('security', 'responders', 'undo', id, '--json');
}

test('revoke takes out the offending rules and no others, says so in the thread, and can be undone once', async () => {
  const id = await newGroup({ guard: 'revoke' });
  await open(id);
  const response = await garrison.response(id, 'acted');
  expect(await ingressOf(ec2, id)).toEqual(closed);
  expect(response).toMatchObject({ before: { ingress: opened }, after: { ingress: closed }, accountId: memberId });
  const post = await garrison.post(response.id, /acted/);
  expect(post.thread_ts).toBeDefined();
  expect(post.payload.text).toContain(`garrison responders undo ${response.id}`);

  expect(JSON.parse((await undo(response.id)).stdout)).toMatchObject({ ok: true, kind: 'undone' });
  expect(await ingressOf(ec2, id)).toEqual(opened);
  expect(JSON.parse((await undo(response.id)).stdout)).toMatchObject({ ok: true, kind: 'already' });
  await garrison.post(response.id, /was undone/);
  // What the undo opened again is not closed again.
  expect(await garrison.responses()).toHaveLength(1);
  const log = JSON.parse((await garrison.organization.garrison('security', 'responders', 'log', '--json')).stdout);
  expect(log.responses).toMatchObject([{ id: response.id, undone: { outcome: 'undone' } }]);
});

test('the same event twice acts once, and undo leaves alone what was changed since', async () => {
  const id = await newGroup({ guard: 'revoke' });
  await open(id);
  const response = await garrison.response(id, 'acted');
  const { event, detection } = await garrison.about(response.id);
  await garrison.security(SQSClient).send(
    new SendMessageCommand({
      QueueUrl: `${garrison.organization.sandbox.endpoint}/${securityId}/garrison-responses`,
      MessageBody: JSON.stringify({ event, detection }),
    }),
  );
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: id,
      IpProtocol: 'tcp',
      FromPort: 25,
      ToPort: 25,
      CidrIp: '192.0.2.0/24',
    }),
  );
  await garrison.untilIdle();
  expect((await garrison.responses()).filter(({ target }) => target.resource === id)).toHaveLength(1);
  const { code, stdout } = await undo(response.id);
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 1, ok: false, kind: 'refused' });
});

test('quarantine deletes a group that nothing uses, and undo makes it again', async () => {
  const id = await newGroup({ guard: 'quarantine' });
  await open(id);
  const response = await garrison.response(id, 'acted');
  const named = { Filters: [{ Name: 'group-name', Values: [groups.name] }] };
  expect((await ec2.send(new DescribeSecurityGroupsCommand(named))).SecurityGroups).toEqual([]);
  expect(JSON.parse((await undo(response.id)).stdout)).toMatchObject({ ok: true, kind: 'undone' });
  const [again] = (await ec2.send(new DescribeSecurityGroupsCommand(named))).SecurityGroups ?? [];
  expect(again?.Tags).toContainEqual({ Key: 'guard', Value: 'quarantine' });
  expect(await ingressOf(ec2, again?.GroupId ?? '')).toEqual(opened);
});

test('quarantine moves network interfaces to a closed group first, and undo gives them a group again', async () => {
  const id = await newGroup({ guard: 'quarantine' });
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: await garrison.approvedImage(),
      MinCount: 1,
      MaxCount: 1,
      SecurityGroupIds: [id],
    }),
  );
  await open(id);
  const response = await garrison.response(id, 'acted');
  const machine = Instances[0]?.InstanceId ?? '';
  expect((await instance(machine))?.SecurityGroups).toMatchObject([{ GroupName: 'garrison-closed' }]);
  const closedId = (await instance(machine))?.SecurityGroups?.[0]?.GroupId ?? '';
  expect(await ingressOf(ec2, closedId)).toEqual([]);
  expect(JSON.parse((await undo(response.id)).stdout)).toMatchObject({ ok: true, kind: 'undone' });
  expect((await instance(machine))?.SecurityGroups).toMatchObject([{ GroupName: groups.name }]);
});

test('a prefix list that holds the world is the world, and one that does not is not worth a word', async () => {
  const [world, office] = [
    await newPrefixList(ec2, 'world', '0.0.0.0/1', '128.0.0.0/1'),
    await newPrefixList(ec2, 'office', '192.0.2.0/24'),
  ];
  const rule = (PrefixListId: string) => ({
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    PrefixListIds: [{ PrefixListId }],
  });
  const [one, other] = [await newGroup({ guard: 'revoke' }), await newGroup({ guard: 'revoke' })];
  const IpPermissions = [rule(world), rule(office)];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: one, IpPermissions }));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: other, IpPermissions: [rule(office)] }));
  await garrison.post((await garrison.response(one, 'acted')).id, /revokes tcp 22 from pl-/);
  expect(await ingressOf(ec2, one)).toEqual([`tcp 22 from ${office}`]);
  await garrison.response(other, 'ignored');
  expect(JSON.stringify(await garrison.posts())).not.toContain(other);
});

test('a default group only has its rules revoked', async () => {
  const found = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['default'] }] }),
  );
  const id = found.SecurityGroups?.[0]?.GroupId ?? '';
  await garrison.tag(ec2, id, { guard: 'quarantine' });
  await open(id);
  await garrison.response(id, 'acted');
  expect(await ingressOf(ec2, id)).toEqual(expect.arrayContaining(closed));
  expect(await ingressOf(ec2, id)).not.toContain('tcp 22 from 0.0.0.0/0');
});

test('without enforcement, and where exempt, nothing is touched and everything is told', async () => {
  const [plain, exempt] = [await newGroup({}), await newGroup({ guard: 'revoke', exempt: 'yes' })];
  await open(plain);
  await open(exempt);
  const told = await garrison.response(plain, 'notified');
  await garrison.post(told.id, /leaves it to you/);
  const spared = await garrison.response(exempt, 'exempt');
  await garrison.post(spared.id, /exempt until 2099-12-31: penetration test/);
  expect([await ingressOf(ec2, plain), await ingressOf(ec2, exempt)]).toEqual([opened, opened]);
});

test('in approval mode it asks, waits, and does what a person says', async () => {
  const [one, other] = [await newGroup({ guard: 'ask' }), await newGroup({ guard: 'ask' })];
  await open(one);
  await open(other);
  const asked = [await garrison.response(one, 'waiting'), await garrison.response(other, 'waiting')];
  for (const { id } of asked) {
    const { payload } = await garrison.post(id, /asks before it acts/);
    expect(JSON.stringify(payload.blocks)).toContain(`"action_id":"respond_approve"`);
  }
  expect(await ingressOf(ec2, one)).toEqual(opened);
  await garrison.click(asked[0]?.id ?? '', 'approve', 'U0ALICE001');
  await garrison.click(asked[1]?.id ?? '', 'decline', 'U0BOB00001');
  const decision = (action: string, id: string, name: string) => ({ decision: { action, person: { id, name } } });
  expect(await garrison.response(one, 'acted')).toMatchObject(decision('approve', 'U0ALICE001', 'alice'));
  expect(await garrison.response(other, 'declined')).toMatchObject(decision('decline', 'U0BOB00001', 'bob'));
  await garrison.post(asked[0]?.id ?? '', /Approved by.*alice/);
  expect([await ingressOf(ec2, one), await ingressOf(ec2, other)]).toEqual([closed, opened]);
});

test.each([
  ['terminate', 'terminated'],
  ['stop', 'stopped'],
  ['isolate', 'running'],
])('instances from an image that is not approved: %s', async (strategy, state) => {
  const { id, image } = await launch({ guard: strategy });
  const response = await garrison.response(image, 'acted');
  await garrison.post(response.id, /on no allow list/);
  expect(['shutting-down', 'stopping', state]).toContain((await instance(id))?.State?.Name);
  if (strategy === 'isolate') {
    const { NetworkInterfaces = [] } = await ec2.send(
      new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [id] }] }),
    );
    expect(NetworkInterfaces.map(({ Groups }) => Groups)).toMatchObject([[{ GroupName: 'garrison-closed' }]]);
  }
  const undone = JSON.parse((await undo(response.id)).stdout);
  expect(undone.kind).toBe(strategy === 'terminate' ? 'refused' : 'undone');
});

test('a fleet is answered like everybody else who launches', async () => {
  const ids = await launchFleet(ec2, (await launch({})).image, { guard: 'terminate' });
  expect(ids).toHaveLength(2);
  await eventually(async () => {
    const states = await Promise.all(ids.map(async (id) => (await instance(id))?.State?.Name));
    expect(states.every((state) => state === 'shutting-down' || state === 'terminated')).toBe(true);
  });
});

test('an approved image is not worth a word; one that nobody enforces is told of', async () => {
  const approved = await launch({ guard: 'terminate' }, { Name: `golden-${Date.now()}` });
  const other = await launch({});
  await garrison.post((await garrison.response(other.image, 'notified')).id, /Allowed AMIs is disabled here/);
  await garrison.untilIdle();
  expect((await instance(approved.id))?.State?.Name).toBe('running');
  expect(JSON.stringify(await garrison.posts())).not.toContain(approved.image);
});

test('an exposed access key is deactivated; the root user’s is left to people who are told how', async () => {
  const iam = garrison.member(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: 'eve', Tags: [{ Key: 'guard', Value: 'deactivate' }] }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'eve' }));
  const accessKeyId = AccessKey?.AccessKeyId ?? '';
  garrison.finding('UnauthorizedAccess:IAMUser/MaliciousIPCaller', {
    accessKeyId,
    userName: 'eve',
    userType: 'IAMUser',
  });
  garrison.finding('Policy:IAMUser/RootCredentialUsage', { accessKeyId: '', userName: 'Root', userType: 'Root' }, 2);
  const response = await garrison.response(accessKeyId, 'acted');
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'eve' }));
  expect(AccessKeyMetadata).toMatchObject([{ Status: 'Inactive' }]);
  await garrison.post(response.id, /deactivates the access key/);
  await garrison.post((await garrison.response('root', 'notified')).id, /sign in as root/);
  expect(region).toBe('us-east-1');
});

test('a stopped trail logs again, weakened selectors are strong again, and removed objects come back', async () => {
  const [cloudtrail, s3] = [garrison.member(CloudTrailClient), garrison.member(S3Client)];
  const Name = await garrison.trail('papers-1');
  await s3.send(new CreateBucketCommand({ Bucket: 'papers-1' }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'papers-1', VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new PutObjectCommand({ Bucket: 'papers-1', Key: 'a b.pdf', Body: 'a' }));
  await s3.send(new DeleteObjectCommand({ Bucket: 'papers-1', Key: 'a b.pdf' }));
  await garrison.post((await garrison.response('papers-1', 'acted')).id, /removes the delete marker/);
  expect(
    await (await s3.send(new GetObjectCommand({ Bucket: 'papers-1', Key: 'a b.pdf' }))).Body?.transformToString(),
  ).toBe('a');

  await cloudtrail.send(new StopLoggingCommand({ Name }));
  await garrison.post((await garrison.response(Name, 'acted')).id, /starts the trail/);
  expect((await cloudtrail.send(new GetTrailStatusCommand({ Name }))).IsLogging).toBe(true);
  const EventSelectors = [{ ReadWriteType: 'ReadOnly' as const, IncludeManagementEvents: true, DataResources: [] }];
  await cloudtrail.send(new PutEventSelectorsCommand({ TrailName: Name, EventSelectors }));
  const trigger = 'PutEventSelectors';
  await eventually(async () => {
    const found = (await garrison.responses()).find((each) => each.trigger.name === trigger);
    expect(found?.outcome).toBe('acted');
  });
  const after = await cloudtrail.send(new GetEventSelectorsCommand({ TrailName: Name }));
  expect(after.EventSelectors).toMatchObject([{ ReadWriteType: 'All', IncludeManagementEvents: true }]);
});

test('a detector that was suspended is enabled again; a second factor that was taken away is told of', async () => {
  const [guardduty, iam] = [garrison.member(GuardDutyClient), garrison.member(IAMClient)];
  const { DetectorIds: [DetectorId = ''] = [] } = await guardduty.send(new ListDetectorsCommand({}));
  await guardduty.send(new DisassociateFromAdministratorAccountCommand({ DetectorId }));
  await guardduty.send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
  await garrison.post((await garrison.response(DetectorId, 'acted')).id, /enables the detector/);
  expect((await guardduty.send(new GetDetectorCommand({ DetectorId }))).Status).toBe('ENABLED');

  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'eve' }));
  const SerialNumber = VirtualMFADevice?.SerialNumber ?? '';
  await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
  await garrison.post((await garrison.response(SerialNumber, 'notified')).id, /ask the user/);
});
