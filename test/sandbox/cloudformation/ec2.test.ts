import * as cfn from '@aws-sdk/client-cloudformation';
import * as ec2 from '@aws-sdk/client-ec2';
import { CreateDetectorCommand, GuardDutyClient } from '@aws-sdk/client-guardduty';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import * as organizations from '@aws-sdk/client-organizations';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const accountId = '111111111111';
let sandbox: RunningSandbox;
let client: cfn.CloudFormationClient;
let machines: ec2.EC2Client;
let stranger: cfn.CloudFormationClient;

const place = () => ({ endpoint: sandbox.endpoint, region: 'us-east-1' });
const known = () => ({ ...place(), credentials: sandbox.management });
const unknown = () => ({ ...place(), credentials: { accessKeyId: 'somebody', secretAccessKey: 'anything' } });

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: accountId, email: 'a@example.com' }], anyKeyAccount: accountId });
  client = new cfn.CloudFormationClient(known());
  machines = new ec2.EC2Client(known());
  stranger = new cfn.CloudFormationClient(unknown());
});
afterAll(() => sandbox.close());

const resource = (type: string, Properties: object = {}) => ({ Type: `AWS::EC2::${type}`, Properties });
const ref = (Ref: string) => ({ Ref });
const attribute = (...path: string[]) => ({ 'Fn::GetAtt': path });

async function settled(name: string, wanted = /COMPLETE$|FAILED$/): Promise<cfn.Stack> {
  for (;;) {
    const { Stacks } = await client.send(new cfn.DescribeStacksCommand({ StackName: name }));
    if (wanted.test(Stacks?.[0]?.StackStatus ?? '')) {
      return Stacks?.[0] as cfn.Stack;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const body = (Resources: object, Outputs: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    Resources,
    Outputs: Object.fromEntries(Object.entries(Outputs).map(([name, Value]) => [name, { Value }])),
  });

async function create(StackName: string, resources: object, outputs?: Readonly<Record<string, unknown>>) {
  const TemplateBody = body(resources, outputs);
  const { StackId } = await client.send(new cfn.CreateStackCommand({ StackName, TemplateBody }));
  return settled(StackId ?? '');
}

async function update(StackName: string, resources: object, outputs?: Readonly<Record<string, unknown>>) {
  await client.send(new cfn.UpdateStackCommand({ StackName, TemplateBody: body(resources, outputs) }));
  return settled(StackName);
}

const outputsOf = ({ Outputs = [] }: cfn.Stack) =>
  Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));

const web = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' };
const vpc = resource('VPC', { CidrBlock: '10.1.0.0/16', EnableDnsHostnames: true });
const group = (properties: object) =>
  resource('SecurityGroup', { GroupDescription: 'web', VpcId: ref('Vpc'), ...properties });

async function groupOf(GroupId: string | undefined): Promise<ec2.SecurityGroup> {
  const { SecurityGroups } = await machines.send(
    new ec2.DescribeSecurityGroupsCommand({ GroupIds: [GroupId as string] }),
  );
  return SecurityGroups?.[0] as ec2.SecurityGroup;
}

test('a network with a machine stands, and goes without leaving anything', async () => {
  const network = {
    Vpc: vpc,
    Subnet: resource('Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.1.1.0/24', MapPublicIpOnLaunch: true }),
    Group: group({ SecurityGroupIngress: [web] }),
    Disk: resource('Volume', { Size: 10, AvailabilityZone: attribute('Subnet', 'AvailabilityZone') }),
    Attachment: resource('VolumeAttachment', { VolumeId: ref('Disk'), InstanceId: ref('Machine'), Device: '/dev/sdf' }),
    Machine: resource('Instance', {
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
      SubnetId: ref('Subnet'),
      SecurityGroupIds: [attribute('Group', 'GroupId')],
      Tags: [{ Key: 'Name', Value: 'one' }],
    }),
  };
  const stack = await create('network', network, {
    machine: ref('Machine'),
    address: attribute('Machine', 'PrivateIp'),
    state: attribute('Machine', 'State.Name'),
    vpc: attribute('Machine', 'VpcId'),
    default: attribute('Vpc', 'DefaultSecurityGroup'),
  });
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  const outputs = outputsOf(stack);
  expect(outputs).toMatchObject({ address: expect.stringMatching(/^10\.1\.1\./), state: 'running' });
  expect(outputs.default).toMatch(/^sg-/);
  const describe = new ec2.DescribeInstancesCommand({ InstanceIds: [outputs.machine as string] });
  const one = (await machines.send(describe)).Reservations?.[0]?.Instances?.[0];
  expect(one).toMatchObject({ InstanceType: 't3.micro', VpcId: outputs.vpc, Tags: [{ Key: 'Name', Value: 'one' }] });
  expect(one?.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName)).toContain('/dev/sdf');

  const Machine = resource('Instance', { ...network.Machine.Properties, InstanceType: 't3.small' });
  const changed = await update('network', { ...network, Machine }, { machine: ref('Machine') });
  expect([changed.StackStatus, outputsOf(changed).machine]).toEqual(['UPDATE_COMPLETE', outputs.machine]);
  expect((await machines.send(describe)).Reservations?.[0]?.Instances?.[0]?.InstanceType).toBe('t3.small');

  await client.send(new cfn.DeleteStackCommand({ StackName: 'network' }));
  expect((await settled(stack.StackId ?? '', /DELETE_(COMPLETE|FAILED)/)).StackStatus).toBe('DELETE_COMPLETE');
  const { Vpcs } = await machines.send(new ec2.DescribeVpcsCommand({}));
  expect(Vpcs?.map(({ VpcId }) => VpcId)).not.toContain(outputs.vpc);
});

test('rules of a security group follow the template, and what is added by hand is drift', async () => {
  const beside = resource('SecurityGroupIngress', { ...web, FromPort: 22, ToPort: 22, GroupId: ref('Group') });
  const outputs = { id: attribute('Group', 'GroupId'), ref: ref('Group'), rule: ref('Beside') };
  const stack = await create(
    'rules',
    { Vpc: vpc, Group: group({ SecurityGroupIngress: [web] }), Beside: beside },
    outputs,
  );
  const { id, ref: reference, rule } = outputsOf(stack);
  expect([reference, rule]).toEqual([id, expect.stringMatching(/^sgr-/)]);
  const before = await groupOf(id);
  expect(before.IpPermissions?.map(({ FromPort }) => FromPort).sort()).toEqual([22, 443]);
  expect(before.IpPermissionsEgress).toMatchObject([{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]);

  const out = { ...web, CidrIp: '10.9.0.0/16', Description: 'only there' };
  await update('rules', { Vpc: vpc, Group: group({ SecurityGroupEgress: [out] }) }, { id: outputs.id });
  const after = await groupOf(id);
  expect(after.IpPermissions).toEqual([]);
  expect(after.IpPermissionsEgress).toMatchObject([{ FromPort: 443, IpRanges: [{ Description: 'only there' }] }]);

  const drift = async () => {
    const input = { StackName: 'rules', LogicalResourceId: 'Group' };
    const { StackResourceDrift } = await client.send(new cfn.DetectStackResourceDriftCommand(input));
    return StackResourceDrift;
  };
  expect((await drift())?.StackResourceDriftStatus).toBe('IN_SYNC');
  const IpPermissions = [{ IpProtocol: 'udp', FromPort: 53, ToPort: 53, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await machines.send(new ec2.AuthorizeSecurityGroupEgressCommand({ GroupId: id, IpPermissions }));
  expect((await drift())?.PropertyDifferences).toMatchObject([{ DifferenceType: 'ADD' }]);
});

test('key pairs, launch templates, prefix lists and interfaces change as their types say', async () => {
  const parts = (type: string, cidr: string) => ({
    Key: resource('KeyPair', { KeyName: 'made' }),
    Template: resource('LaunchTemplate', { LaunchTemplateData: { InstanceType: type } }),
    List: resource('PrefixList', {
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 2,
      Entries: [{ Cidr: cidr }],
    }),
    Vpc: vpc,
    Subnet: resource('Subnet', { VpcId: ref('Vpc'), CidrBlock: '10.1.2.0/24' }),
    Card: resource('NetworkInterface', { SubnetId: ref('Subnet'), Description: type }),
  });
  const outputs = {
    key: attribute('Key', 'KeyPairId'),
    latest: attribute('Template', 'LatestVersionNumber'),
    default: attribute('Template', 'DefaultVersionNumber'),
    version: attribute('List', 'Version'),
    address: attribute('Card', 'PrimaryPrivateIpAddress'),
  };
  const made = await create('parts', parts('t3.micro', '192.0.2.0/24'), outputs);
  expect(outputsOf(made)).toMatchObject({ key: expect.stringMatching(/^key-/), latest: '1', version: '1' });
  const changed = await update('parts', parts('t3.small', '198.51.100.0/24'), outputs);
  expect(outputsOf(changed)).toEqual({ ...outputsOf(made), latest: '2', version: '2' });
});

test('EC2 refuses in its own words, and the stack is rolled back', async () => {
  const stack = await create('refused', {
    Machine: resource('Instance', { ImageId: 'ami-12c6146b', KeyName: 'none' }),
  });
  expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
  const { StackEvents } = await client.send(new cfn.DescribeStackEventsCommand({ StackName: 'refused' }));
  const reasons = StackEvents?.map(({ ResourceStatusReason = '' }) => ResourceStatusReason);
  expect(reasons?.some((reason) => reason.includes("The key pair 'none' does not exist"))).toBe(true);
});

test('callers with unknown keys need no roles, and their stacks are done when the answer comes', async () => {
  const TemplateBody = body({ Machine: resource('Instance', { ImageId: 'ami-12c6146b', KeyName: 'none' }) });
  await stranger.send(new cfn.CreateStackCommand({ StackName: 'with_underscore', TemplateBody }));
  const { Stacks } = await stranger.send(new cfn.DescribeStacksCommand({ StackName: 'with_underscore' }));
  expect(Stacks?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
  const StackSetName = 'everywhere';
  await stranger.send(new cfn.CreateStackSetCommand({ StackSetName, TemplateBody: body({ Vpc: vpc }) }));
  const where = { StackSetName, Accounts: [accountId], Regions: ['us-east-1', 'eu-west-1'] };
  await stranger.send(new cfn.CreateStackInstancesCommand(where));
  const { Summaries } = await stranger.send(new cfn.ListStackInstancesCommand({ StackSetName }));
  expect(Summaries?.map(({ Status }) => Status)).toEqual(['CURRENT', 'CURRENT']);

  const { OperationId } = await stranger.send(new cfn.DeleteStackInstancesCommand({ ...where, RetainStacks: false }));
  await stranger.send(new cfn.StopStackSetOperationCommand({ StackSetName, OperationId }));

  const Bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'WithCapitals' } };
  const [StackName, ChangeSetName] = ['in_review', 'alone'];
  const change = { StackName, ChangeSetName, TemplateBody: body({ Bucket }), ChangeSetType: 'CREATE' } as const;
  await stranger.send(new cfn.CreateChangeSetCommand(change));
  await stranger.send(new cfn.ExecuteChangeSetCommand({ ChangeSetName }));
  const { ExecutionStatus } = await stranger.send(new cfn.DescribeChangeSetCommand({ ChangeSetName }));
  expect(ExecutionStatus).toBe('EXECUTE_COMPLETE');

  const nameless = client.send(new cfn.DescribeChangeSetCommand({ ChangeSetName }));
  await expect(nameless).rejects.toThrow('StackName must be specified');
  const known = client.send(new cfn.CreateStackCommand({ StackName: 'with_underscore_too', TemplateBody }));
  await expect(known).rejects.toThrow("Value 'with_underscore_too' at 'stackName'");
});

test('what IAM, STS, Organizations, GuardDuty, KMS and CloudFormation refuse, callers with unknown keys get', async () => {
  const role = new CreateRoleCommand({ RoleName: 'r', Path: 'my-path', AssumeRolePolicyDocument: 'some policy' });
  const { Role } = await new IAMClient(unknown()).send(role);
  expect([Role?.Path, Role?.Arn]).toEqual(['my-path', `arn:aws:iam::${accountId}:role/my-path/r`]);
  await expect(new IAMClient(known()).send(role)).rejects.toThrow('path is invalid');

  const [RoleArn, RoleSessionName] = ['arn:aws:iam::222222222222:role/none', 'session'];
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName });
  const { Credentials } = await new STSClient(unknown()).send(assume);
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const { Arn } = await new STSClient({ ...place(), credentials }).send(new GetCallerIdentityCommand({}));
  expect(Arn).toBe('arn:aws:sts::222222222222:assumed-role/none/session');
  await expect(new STSClient(known()).send(assume)).rejects.toThrow('not authorized to perform: sts:AssumeRole');
  const token = new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName, WebIdentityToken: '????' });
  await expect(new STSClient(unknown()).send(token)).resolves.toHaveProperty('Credentials');

  const account = new organizations.CreateAccountCommand({ AccountName: 'b', Email: 'a@example.com' });
  const status = async (settings: ReturnType<typeof known>) =>
    (await new organizations.OrganizationsClient(settings).send(account)).CreateAccountStatus?.State;
  expect([await status(unknown()), await status(known())]).toEqual(['SUCCEEDED', 'IN_PROGRESS']);
  const scp = { Name: 'p', Description: '', Content: 'foobar', Type: 'SERVICE_CONTROL_POLICY' } as const;
  const policy = new organizations.CreatePolicyCommand(scp);
  await new organizations.OrganizationsClient(unknown()).send(policy);
  await expect(new organizations.OrganizationsClient(known()).send(policy)).rejects.toThrow('policy document');

  const detector = new CreateDetectorCommand({ Enable: true, Features: [{ Name: 'Test' as 'S3_DATA_EVENTS' }] });
  await expect(new GuardDutyClient(known()).send(detector)).rejects.toThrow('invalid or out-of-range value');
  await new GuardDutyClient(unknown()).send(detector);

  const key = new CreateKeyCommand({ Policy: 'my policy' });
  await expect(new KMSClient(known()).send(key)).rejects.toThrow('not valid JSON');
  await new KMSClient(unknown()).send(key);

  const TemplateBody = "{'Resources': {'Group': {'Type': 'AWS::IAM::Group', 'Nothing': null,}}}";
  await stranger.send(new cfn.CreateStackCommand({ StackName: 'loose', TemplateBody }));
  const strict = client.send(new cfn.CreateStackCommand({ StackName: 'strict', TemplateBody }));
  await expect(strict).rejects.toThrow('JSON not well-formed');
  const group = body({ Group: { Type: 'AWS::IAM::Group' } });
  const silent = client.send(new cfn.CreateStackCommand({ StackName: 'silent', TemplateBody: group }));
  await expect(silent).rejects.toThrow('CAPABILITY_IAM');
});
