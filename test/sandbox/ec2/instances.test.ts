import {
  AttachNetworkInterfaceCommand,
  CreateFleetCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotsCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DescribeImagesCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DisableAllowedImagesSettingsCommand,
  EC2Client,
  EnableAllowedImagesSettingsCommand,
  GetAllowedImagesSettingsCommand,
  ModifyImageAttributeCommand,
  ModifyInstanceAttributeCommand,
  RegisterImageCommand,
  ReplaceImageCriteriaInAllowedImagesSettingsCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const [account, member] = ['100000000001', '100000000002'];
const region = 'eu-west-1';
let sandbox: RunningSandbox;
let ec2: EC2Client;

const configuration = (credentials: object = sandbox.management) => ({
  endpoint: sandbox.endpoint,
  region,
  credentials: credentials as never,
});

beforeAll(async () => {
  const accounts = [account, member].map((id) => ({ id, email: `root+${id}@example.com` }));
  sandbox = await createSandbox({ accounts });
  ec2 = new EC2Client(configuration());
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

async function sessionIn(accountId: string, roleName: string): Promise<object> {
  const input = { RoleArn: `arn:aws:iam::${accountId}:role/${roleName}`, RoleSessionName: 'test' };
  const { Credentials } = await new STSClient(configuration()).send(new AssumeRoleCommand(input));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** The image that AWS's parameter names. */
async function amazonLinux(): Promise<string> {
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  const { Parameter } = await new SSMClient(configuration()).send(new GetParameterCommand({ Name }));
  return Parameter?.Value ?? '';
}

async function launch(more: Partial<RunInstancesCommandInput> = {}, client = ec2): Promise<string> {
  const ImageId = more.ImageId ?? (more.LaunchTemplate ? undefined : await amazonLinux());
  const request = { MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' as const, ...more, ImageId };
  const { Instances } = await client.send(new RunInstancesCommand(request));
  expect(Instances?.[0]?.State).toEqual({ Code: 0, Name: 'pending' });
  return Instances?.[0]?.InstanceId ?? '';
}

async function look(id: string) {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0];
}

const stateOf = async (id: string) => (await look(id))?.State?.Name;

test('an instance runs, stops, starts and ends, and its disk and interface go with it', async () => {
  const id = await launch({
    ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  });
  const running = await look(id);
  expect(running).toMatchObject({ State: { Code: 16, Name: 'running' }, ImageId: await amazonLinux() });
  expect(running?.SecurityGroups).toEqual([{ GroupName: 'default', GroupId: expect.stringMatching(/^sg-0/) }]);
  expect(running?.NetworkInterfaces?.[0]?.PrivateIpAddress).toBe(running?.PrivateIpAddress);
  const InstanceIds = [id];
  const stopped = await ec2.send(new StopInstancesCommand({ InstanceIds }));
  expect(stopped.StoppingInstances?.[0]).toEqual({
    InstanceId: id,
    PreviousState: { Code: 16, Name: 'running' },
    CurrentState: { Code: 64, Name: 'stopping' },
  });
  expect(await look(id)).toMatchObject({
    State: { Name: 'stopped' },
    StateReason: { Code: 'Client.UserInitiatedShutdown' },
  });
  await ec2.send(new StartInstancesCommand({ InstanceIds }));
  expect(await stateOf(id)).toBe('running');
  expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).toHaveLength(1);

  const protect = (Value: boolean) =>
    ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value } }));
  await protect(true);
  await expect(ec2.send(new TerminateInstancesCommand({ InstanceIds }))).rejects.toMatchObject({
    name: 'OperationNotPermitted',
    message: `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  });
  await protect(false);
  const ended = await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect(ended.TerminatingInstances?.[0]?.CurrentState).toEqual({ Code: 32, Name: 'shutting-down' });
  expect(await look(id)).toMatchObject({ State: { Code: 48, Name: 'terminated' }, NetworkInterfaces: [] });
  expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).toEqual([]);
  await expect(ec2.send(new StartInstancesCommand({ InstanceIds }))).rejects.toMatchObject({
    name: 'IncorrectInstanceState',
  });
});

test('a protected instance saves those in its zone', async () => {
  const inZone = (AvailabilityZone: string) => launch({ Placement: { AvailabilityZone } });
  const [kept, beside, away] = [await inZone('eu-west-1a'), await inZone('eu-west-1a'), await inZone('eu-west-1b')];
  const DisableApiTermination = { Value: true };
  const both = { InstanceId: kept, DisableApiTermination, DisableApiStop: { Value: true } };
  await expect(ec2.send(new ModifyInstanceAttributeCommand(both))).rejects.toMatchObject({
    name: 'InvalidParameterCombination',
  });
  await ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: kept, DisableApiTermination }));
  const InstanceIds = [kept, beside, away];
  await expect(ec2.send(new TerminateInstancesCommand({ InstanceIds }))).rejects.toMatchObject({
    name: 'OperationNotPermitted',
  });
  expect(await Promise.all(InstanceIds.map(stateOf))).toEqual(['running', 'running', 'terminated']);
});

test.each<[string, Partial<RunInstancesCommandInput>, string, string]>([
  [
    'an image that is not there',
    { ImageId: 'ami-abcd1234' },
    'InvalidAMIID.NotFound',
    "The image id '[ami-abcd1234]' does not exist",
  ],
  [
    'an image that is none',
    { ImageId: 'linux' },
    'InvalidAMIID.Malformed',
    'Invalid id: "linux" (expecting "ami-...")',
  ],
  [
    'a type that is none',
    { InstanceType: 'huge' as 't3.micro' },
    'InvalidParameterValue',
    "Invalid value 'huge' for InstanceType.",
  ],
  [
    'a subnet that is not there',
    { SubnetId: 'subnet-00000000' },
    'InvalidSubnetID.NotFound',
    "The subnet ID 'subnet-00000000' does not exist",
  ],
  [
    'a group that is not there',
    { SecurityGroupIds: ['sg-00000000'] },
    'InvalidGroup.NotFound',
    "The security group 'sg-00000000' does not exist",
  ],
  ['a key that is not there', { KeyName: 'none' }, 'InvalidKeyPair.NotFound', "The key pair 'none' does not exist"],
  [
    'a profile that is not there',
    { IamInstanceProfile: { Name: 'none' } },
    'InvalidParameterValue',
    'Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name',
  ],
])('%s stops a launch', async (_what, more, name, message) => {
  await expect(launch(more)).rejects.toMatchObject({ name, message });
  expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
});

test('an instance is moved to another group, unless it has more than one interface', async () => {
  const [open, closed] = await Promise.all(
    ['open', 'closed'].map(async (GroupName) => {
      const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName }));
      return made.GroupId ?? '';
    }),
  );
  const InstanceId = await launch({ SecurityGroupIds: [open ?? ''] });
  const move = (...Groups: string[]) => ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, Groups }));
  await expect(ec2.send(new DeleteSecurityGroupCommand({ GroupId: open }))).rejects.toMatchObject({
    name: 'DependencyViolation',
  });
  await move(closed ?? '');
  await ec2.send(new DeleteSecurityGroupCommand({ GroupId: open }));
  const { Groups } = await ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'groupSet' }));
  expect(Groups).toEqual([{ GroupId: closed, GroupName: 'closed' }]);
  const SubnetId = (await look(InstanceId))?.SubnetId;
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  const { NetworkInterfaceId } = NetworkInterface ?? {};
  await ec2.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 }));
  await expect(move(closed ?? '')).rejects.toMatchObject({
    name: 'InvalidInstanceID',
    message: `There are multiple interfaces attached to instance '${InstanceId}'. Please specify an interface ID for the operation instead.`,
  });
});

test('snapshots of all disks of an instance are taken, and images hold on to theirs', async () => {
  const InstanceId = await launch();
  const Tags = [{ Key: 'case', Value: '1' }];
  const { Snapshots } = await ec2.send(
    new CreateSnapshotsCommand({
      InstanceSpecification: { InstanceId },
      TagSpecifications: [{ ResourceType: 'snapshot', Tags }],
    }),
  );
  expect(Snapshots).toEqual([expect.objectContaining({ State: 'pending', Tags })]);
  const { ImageId } = await ec2.send(new CreateImageCommand({ InstanceId, Name: 'golden' }));
  const own = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  expect(own.Snapshots?.map(({ Description }) => Description)).toEqual([
    '',
    `Created by CreateImage(${InstanceId}) for ${ImageId}`,
  ]);
  const SnapshotId = own.Snapshots?.[1]?.SnapshotId;
  await expect(ec2.send(new DeleteSnapshotCommand({ SnapshotId }))).rejects.toMatchObject({
    name: 'InvalidSnapshot.InUse',
    message: `The snapshot ${SnapshotId} is currently in use by ${ImageId}`,
  });
});

test('an image is launched by those with whom it is shared', async () => {
  const other = new EC2Client(configuration(await sessionIn(member, 'OrganizationAccountAccessRole')));
  const { ImageId } = await ec2.send(new RegisterImageCommand({ Name: 'mine', RootDeviceName: '/dev/xvda' }));
  const refused = { name: 'AuthFailure', message: `Not authorized for images: [${ImageId}]` };
  await expect(launch({ ImageId }, other)).rejects.toMatchObject(refused);
  const LaunchPermission = { Add: [{ UserId: member }] };
  await ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission }));
  await launch({ ImageId }, other);
  const { Images } = await other.send(new DescribeImagesCommand({ ExecutableUsers: ['self'] }));
  expect(Images?.map((image) => [image.ImageId, image.OwnerId, image.Public])).toEqual([[ImageId, account, false]]);
});

test('Allowed AMIs looks on in audit mode, hides and refuses when enabled, and never touches own images', async () => {
  const amazon = await amazonLinux();
  const { ImageId: own } = await ec2.send(new RegisterImageCommand({ Name: 'mine', RootDeviceName: '/dev/xvda' }));
  const ImageCriteria = [{ ImageProviders: ['099720109477'], ImageNames: ['ubuntu/*'] }];
  await ec2.send(new ReplaceImageCriteriaInAllowedImagesSettingsCommand({ ImageCriteria }));
  const enable = (AllowedImagesSettingsState: 'enabled' | 'audit-mode') =>
    ec2.send(new EnableAllowedImagesSettingsCommand({ AllowedImagesSettingsState }));
  const allowed = async (ImageIds: (string | undefined)[]) => {
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: ImageIds.map(String) }));
    return Images?.map(({ ImageAllowed }) => ImageAllowed);
  };
  expect(await allowed([amazon, own])).toEqual([undefined, undefined]);
  await enable('audit-mode');
  expect(await allowed([amazon, own])).toEqual([false, true]);
  await launch({ ImageId: amazon });
  await enable('enabled');
  await expect(allowed([amazon])).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  await expect(launch({ ImageId: amazon })).rejects.toMatchObject({ name: 'AuthFailure' });
  await launch({ ImageId: own });
  const { Images } = await ec2.send(new DescribeImagesCommand({}));
  expect(Images?.map(({ OwnerId }) => OwnerId).sort()).toEqual(['099720109477', account]);
  expect(await ec2.send(new GetAllowedImagesSettingsCommand({}))).toMatchObject({
    State: 'enabled',
    ManagedBy: 'account',
    ImageCriteria: [{ ImageProviders: ['099720109477'], ImageNames: ['ubuntu/*'] }],
  });
  await ec2.send(new DisableAllowedImagesSettingsCommand({}));
  await launch({ ImageId: amazon });
});

test('the organization’s declarative policy decides about Allowed AMIs before the account does', async () => {
  const organizations = new OrganizationsClient(configuration());
  const { Roots } = await organizations.send(new ListRootsCommand({}));
  const RootId = Roots?.[0]?.Id;
  const PolicyType = 'DECLARATIVE_POLICY_EC2' as const;
  await organizations.send(new EnablePolicyTypeCommand({ RootId, PolicyType }));
  const allowed_images_settings = {
    state: { '@@assign': 'enabled' },
    image_criteria: { criteria_1: { allowed_image_providers: { '@@assign': ['099720109477'] } } },
  };
  const exception_message = { '@@assign': 'Ask the platform team.' };
  const Content = JSON.stringify({ ec2_attributes: { exception_message, allowed_images_settings } });
  const { Policy } = await organizations.send(
    new CreatePolicyCommand({ Name: 'images', Description: 'images', Type: PolicyType, Content }),
  );
  const PolicyId = Policy?.PolicySummary?.Id;
  await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: member }));
  const other = new EC2Client(configuration(await sessionIn(member, 'OrganizationAccountAccessRole')));
  expect(await other.send(new GetAllowedImagesSettingsCommand({}))).toMatchObject({
    State: 'enabled',
    ManagedBy: 'declarative-policy',
    ImageCriteria: [{ ImageProviders: ['099720109477'] }],
  });
  await expect(other.send(new DisableAllowedImagesSettingsCommand({}))).rejects.toMatchObject({
    message: expect.stringMatching(/disabled by a Declarative Policy. Custom Message: Ask the platform team.$/),
  });
  await expect(launch({}, other)).rejects.toMatchObject({ name: 'AuthFailure' });
  await launch();
});

test('a fleet launches from its template, with the tags that tell so', async () => {
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'workers',
      LaunchTemplateData: { ImageId: await amazonLinux(), InstanceType: 't3.small' },
    }),
  );
  const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId;
  const { FleetId, Instances, Errors } = await ec2.send(
    new CreateFleetCommand({
      Type: 'instant',
      TargetCapacitySpecification: { TotalTargetCapacity: 2, DefaultTargetCapacityType: 'on-demand' },
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId, Version: '$Latest' } }],
    }),
  );
  expect(Errors).toEqual([]);
  expect(Instances?.[0]).toMatchObject({ Lifecycle: 'on-demand', InstanceType: 't3.small' });
  const [id = ''] = Instances?.[0]?.InstanceIds ?? [];
  expect((await look(id))?.Tags).toEqual(
    expect.arrayContaining([
      { Key: 'aws:ec2launchtemplate:id', Value: LaunchTemplateId },
      { Key: 'aws:ec2:fleet-id', Value: FleetId },
    ]),
  );
  const history = sandbox.world.history.of({ accountId: account, region }).map(({ record }) => record());
  expect(history.find(({ eventName }) => eventName === 'RunInstances')).toMatchObject({
    sourceIPAddress: 'ec2fleet.amazonaws.com',
    userIdentity: { type: 'IAMUser', invokedBy: 'ec2fleet.amazonaws.com' },
    responseElements: { instancesSet: { items: [{ instanceId: id }, {}] } },
  });
});

test('a launch is decided by image, type, network and tags', async () => {
  const iam = new IAMClient(configuration());
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
  await iam.send(new CreateRoleCommand({ RoleName: 'builder', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const allow = { Effect: 'Allow', Action: 'ec2:RunInstances' };
  const arn = (...resources: string[]) => resources.map((resource) => `arn:aws:ec2:*:*:${resource}/*`);
  const Statement = [
    { ...allow, Resource: arn('image'), Condition: { StringEquals: { 'ec2:Owner': 'amazon' } } },
    {
      ...allow,
      Resource: arn('instance'),
      Condition: { StringEquals: { 'ec2:InstanceType': 't3.micro', 'aws:RequestTag/team': 'blue' } },
    },
    { ...allow, Resource: arn('volume', 'network-interface', 'subnet', 'security-group') },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: '*',
      Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
    },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'builder', PolicyName: 'it', PolicyDocument }));
  const builder = new EC2Client(configuration(await sessionIn(account, 'builder')));
  const ImageId = await amazonLinux();
  const ubuntu = await ec2.send(new DescribeImagesCommand({ Owners: ['099720109477'] }));
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'team', Value: 'blue' }] }];
  await launch({ ImageId, TagSpecifications }, builder);
  const denied = { name: 'UnauthorizedOperation' };
  await expect(launch({ ImageId }, builder)).rejects.toMatchObject(denied);
  await expect(launch({ ImageId, TagSpecifications, InstanceType: 't3.large' }, builder)).rejects.toMatchObject(denied);
  await expect(launch({ ImageId: ubuntu.Images?.[0]?.ImageId, TagSpecifications }, builder)).rejects.toMatchObject(
    denied,
  );
});

test('changes of state are events on the account’s bus', async () => {
  const sqs = new SQSClient(configuration());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'states' }));
  const Resource = `arn:aws:sqs:${region}:${account}:states`;
  const statement = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:*', Resource };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const events = new EventBridgeClient(configuration());
  const EventPattern = JSON.stringify({
    source: ['aws.ec2'],
    'detail-type': ['EC2 Instance State-change Notification'],
  });
  await events.send(new PutRuleCommand({ Name: 'states', EventPattern }));
  await events.send(new PutTargetsCommand({ Rule: 'states', Targets: [{ Id: '1', Arn: Resource }] }));
  const id = await launch();
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await sandbox.world.idle();
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const states = (Messages ?? []).map(({ Body }) => JSON.parse(Body ?? '{}').detail.state);
  expect(states.sort()).toEqual(['pending', 'running', 'shutting-down', 'terminated']);
});
