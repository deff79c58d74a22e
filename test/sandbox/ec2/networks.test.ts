import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteManagedPrefixListCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
  type IpPermission,
  ModifyManagedPrefixListCommand,
  ModifyNetworkInterfaceAttributeCommand,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, DecodeAuthorizationMessageCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const account = '100000000001';
let sandbox: RunningSandbox;
let ec2: EC2Client;

const configuration = (credentials: object = sandbox.management, region = 'eu-west-1') => ({
  endpoint: sandbox.endpoint,
  region,
  credentials: credentials as never,
});

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: account, email: 'root@example.com' }] });
  ec2 = new EC2Client(configuration());
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const ssh = (...cidrs: string[]): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp })),
});

async function newGroup(GroupName = 'web', VpcId?: string): Promise<string> {
  const made = await ec2.send(new CreateSecurityGroupCommand({ GroupName, Description: 'a group', VpcId }));
  return made.GroupId ?? '';
}

const allow = (GroupId: string, ...IpPermissions: IpPermission[]) =>
  ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));

async function permissionsOf(GroupId: string): Promise<IpPermission[]> {
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return SecurityGroups?.[0]?.IpPermissions ?? [];
}

test('an account finds a default network in each region, and looking at it leaves nothing behind', async () => {
  const read = async () => (await ec2.send(new DescribeVpcsCommand({}))).Vpcs ?? [];
  const [vpc] = await read();
  expect(vpc).toMatchObject({ IsDefault: true, CidrBlock: '172.31.0.0/16', State: 'available', OwnerId: account });
  expect((await read())[0]?.VpcId).toBe(vpc?.VpcId);
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  expect(Subnets?.map(({ AvailabilityZone, CidrBlock }) => [AvailabilityZone, CidrBlock])).toEqual([
    ['eu-west-1a', '172.31.0.0/20'],
    ['eu-west-1b', '172.31.16.0/20'],
    ['eu-west-1c', '172.31.32.0/20'],
  ]);
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  expect(SecurityGroups).toHaveLength(1);
  const [group] = SecurityGroups ?? [];
  expect(group).toMatchObject({ GroupName: 'default', VpcId: vpc?.VpcId });
  expect(group?.IpPermissions?.[0]?.UserIdGroupPairs).toEqual([{ GroupId: group?.GroupId, UserId: account }]);
  const elsewhere = new EC2Client(configuration(sandbox.management, 'us-east-1'));
  expect((await elsewhere.send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId).not.toBe(vpc?.VpcId);
});

test('rules are added, told one by one, changed and revoked by their ids', async () => {
  const GroupId = await newGroup();
  const added = await allow(GroupId, ssh('10.1.2.3/8', '192.0.2.0/24'), {
    IpProtocol: '6',
    FromPort: 443,
    ToPort: 443,
    Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0::/32', Description: 'office' }],
  });
  const [first, second, third] = added.SecurityGroupRules ?? [];
  expect([first?.CidrIpv4, second?.CidrIpv4, third?.CidrIpv6]).toEqual(['10.0.0.0/8', '192.0.2.0/24', '2001:db8::/32']);
  expect(third).toMatchObject({ IpProtocol: 'tcp', FromPort: 443, Description: 'office', IsEgress: false });
  await ec2.send(
    new ModifySecurityGroupRulesCommand({
      GroupId,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: first?.SecurityGroupRuleId,
          SecurityGroupRule: { IpProtocol: '-1', CidrIpv4: '10.0.0.0/8' },
        },
      ],
    }),
  );
  const revoked = await ec2.send(
    new RevokeSecurityGroupIngressCommand({
      GroupId,
      SecurityGroupRuleIds: [second, third].map((rule) => rule?.SecurityGroupRuleId ?? ''),
    }),
  );
  expect(revoked.RevokedSecurityGroupRules?.map(({ CidrIpv4, CidrIpv6 }) => CidrIpv4 ?? CidrIpv6)).toEqual([
    '192.0.2.0/24',
    '2001:db8::/32',
  ]);
  expect(await permissionsOf(GroupId)).toEqual([
    { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] },
  ]);
  const again = { GroupId, SecurityGroupRuleIds: [second?.SecurityGroupRuleId ?? ''] };
  await expect(ec2.send(new RevokeSecurityGroupIngressCommand(again))).rejects.toMatchObject({
    name: 'InvalidSecurityGroupRuleId.NotFound',
    message: `The security group rule ID '${second?.SecurityGroupRuleId}' does not exist`,
  });
  const Filters = [{ Name: 'group-id', Values: [GroupId] }];
  const { SecurityGroupRules } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  expect(SecurityGroupRules?.map(({ IsEgress, FromPort }) => [IsEgress, FromPort])).toEqual([
    [true, -1],
    [false, -1],
  ]);
});

test('permissions that are not there are told in the default VPC, and refused in others', async () => {
  const inDefault = await newGroup('here');
  await allow(inDefault, ssh('10.0.0.0/8'));
  const IpPermissions = [ssh('10.0.0.0/8', '192.0.2.0/24')];
  const revoke = (GroupId: string) => ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const { UnknownIpPermissions, RevokedSecurityGroupRules } = await revoke(inDefault);
  expect(UnknownIpPermissions?.[0]?.IpRanges).toEqual([{ CidrIp: '192.0.2.0/24' }]);
  expect(RevokedSecurityGroupRules?.map(({ CidrIpv4 }) => CidrIpv4)).toEqual(['10.0.0.0/8']);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const elsewhere = await newGroup('there', Vpc?.VpcId);
  await allow(elsewhere, ssh('10.0.0.0/8'));
  await expect(revoke(elsewhere)).rejects.toMatchObject({
    name: 'InvalidPermission.NotFound',
    message: 'The specified rule does not exist in this security group.',
  });
  expect(await permissionsOf(elsewhere)).toHaveLength(1);
});

test.each<[string, IpPermission, string, string]>([
  [
    'a rule twice',
    ssh('10.0.0.0/8'),
    'InvalidPermission.Duplicate',
    'the specified rule "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW" already exists',
  ],
  ['a range that is none', ssh('10.0.0.0'), 'InvalidParameterValue', 'CIDR block 10.0.0.0 is malformed'],
  [
    'ports that are missing',
    { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.9.0.0/16' }] },
    'InvalidParameterValue',
    'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.',
  ],
  [
    'a group that is not there',
    { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-00000000' }] },
    'InvalidGroup.NotFound',
    "The security group 'sg-00000000' does not exist",
  ],
  [
    'a prefix list that is not there',
    { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-00000000' }] },
    'InvalidPrefixListID.NotFound',
    "The prefix list ID 'pl-00000000' does not exist",
  ],
  [
    'more than sixty rules',
    ssh(...Array.from({ length: 60 }, (_, index) => `10.${index}.0.0/16`)),
    'RulesPerSecurityGroupLimitExceeded',
    'The maximum number of rules per security group has been reached.',
  ],
])('%s is refused', async (_what, permission, name, message) => {
  const GroupId = await newGroup();
  await allow(GroupId, ssh('10.0.0.0/8'));
  await expect(allow(GroupId, permission)).rejects.toMatchObject({ name, message });
  expect(await permissionsOf(GroupId)).toHaveLength(1);
});

test('a group that something depends on stays, and so does a default group', async () => {
  const [used, naming] = [await newGroup('used'), await newGroup('naming')];
  const remove = (GroupId: string) => ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
  await allow(naming, { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: used }] });
  const depends = { name: 'DependencyViolation', message: `resource ${used} has a dependent object` };
  await expect(remove(used)).rejects.toMatchObject(depends);
  await remove(naming);
  const SubnetId = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0]?.SubnetId;
  const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups: [used] }));
  await expect(remove(used)).rejects.toMatchObject(depends);

  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupNames: ['default'] }));
  const own = SecurityGroups?.[0]?.GroupId ?? '';
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const foreign = await newGroup('foreign', Vpc?.VpcId);
  const move = (...Groups: string[]) =>
    ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups }));
  await expect(move(foreign)).rejects.toMatchObject({ name: 'InvalidParameter' });
  await move(own);
  const Filters = [{ Name: 'group-id', Values: [own] }];
  const found = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
  expect(found.NetworkInterfaces?.map((one) => one.NetworkInterfaceId)).toEqual([NetworkInterfaceId]);
  await remove(used);
  await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  await expect(remove(own)).rejects.toMatchObject({
    name: 'CannotDelete',
    message: `the specified group: "${own}" name: "default" cannot be deleted by a user`,
  });
  await expect(remove(used)).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
});

test('prefix lists have versions, and count in a group for as many rules as they may hold', async () => {
  const created = await ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 50,
      Entries: [{ Cidr: '192.0.2.1/24', Description: 'one' }],
    }),
  );
  const PrefixListId = created.PrefixList?.PrefixListId;
  const change = { PrefixListId, CurrentVersion: 1, AddEntries: [{ Cidr: '0.0.0.0/0' }] };
  await ec2.send(new ModifyManagedPrefixListCommand(change));
  await expect(ec2.send(new ModifyManagedPrefixListCommand(change))).rejects.toMatchObject({
    name: 'PrefixListVersionMismatch',
  });
  const entries = async (TargetVersion?: number) => {
    const answer = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId, TargetVersion }));
    return answer.Entries?.map(({ Cidr }) => Cidr);
  };
  expect(await entries()).toEqual(['192.0.2.0/24', '0.0.0.0/0']);
  expect(await entries(1)).toEqual(['192.0.2.0/24']);

  const GroupId = await newGroup();
  const list: IpPermission = { IpProtocol: '-1', PrefixListIds: [{ PrefixListId }] };
  await allow(GroupId, list);
  const eleven = Array.from({ length: 11 }, (_, index) => `10.${index}.0.0/16`);
  await expect(allow(GroupId, ssh(...eleven))).rejects.toMatchObject({ name: 'RulesPerSecurityGroupLimitExceeded' });
  await ec2.send(new DeleteManagedPrefixListCommand({ PrefixListId }));
  const PrefixListIds = [PrefixListId ?? ''];
  const { PrefixLists } = await ec2.send(new DescribeManagedPrefixListsCommand({ PrefixListIds }));
  expect(PrefixLists?.[0]).toMatchObject({ State: 'delete-failed', Version: 2 });
});

/** Keys of a role with these permissions and no others. */
async function roleWith(...Statement: object[]): Promise<object> {
  const iam = new IAMClient(configuration());
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] };
  await iam.send(new CreateRoleCommand({ RoleName: 'narrow', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'narrow', PolicyName: 'it', PolicyDocument }));
  const input = { RoleArn: `arn:aws:iam::${account}:role/narrow`, RoleSessionName: 'test' };
  const { Credentials } = await new STSClient(configuration()).send(new AssumeRoleCommand(input));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

test('permissions hold for the groups with a tag, and refusals can be decoded', async () => {
  const [mine, other] = [await newGroup('mine'), await newGroup('other')];
  await ec2.send(new CreateTagsCommand({ Resources: [mine], Tags: [{ Key: 'team', Value: 'blue' }] }));
  const condition = { StringEquals: { 'ec2:ResourceTag/team': 'blue' } };
  const keys = await roleWith(
    { Effect: 'Allow', Action: 'ec2:AuthorizeSecurityGroupIngress', Resource: '*', Condition: condition },
    {
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: '*',
      Condition: { StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' } },
    },
  );
  const narrow = new EC2Client(configuration(keys));
  const open = (GroupId: string, more: object = {}) =>
    narrow.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [ssh('10.0.0.0/8')], ...more }));
  await expect(open(mine, { DryRun: true })).rejects.toMatchObject({
    name: 'DryRunOperation',
    message: 'Request would have succeeded, but DryRun flag is set.',
    $metadata: { httpStatusCode: 412 },
  });
  const Tags = [{ Key: 'by', Value: 'test' }];
  await open(mine, { TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }] });
  const refusal = await open(other).catch((error: Error) => error);
  expect(refusal).toMatchObject({ name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 } });
  const text = (refusal as Error).message;
  expect(text).toMatch(
    /^You are not authorized to perform this operation\. User: arn:aws:sts::100000000001:assumed-role\/narrow\/test is not authorized to perform: ec2:AuthorizeSecurityGroupIngress on resource: arn:aws:ec2:eu-west-1:100000000001:security-group\/sg-\w+ because no identity-based policy allows the ec2:AuthorizeSecurityGroupIngress action\. Encoded authorization failure message: [\w-]+$/,
  );
  const EncodedMessage = text.slice(text.lastIndexOf(' ') + 1);
  const sts = new STSClient(configuration());
  const { DecodedMessage } = await sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));
  expect(JSON.parse(DecodedMessage ?? '')).toMatchObject({
    allowed: false,
    context: { action: 'ec2:AuthorizeSecurityGroupIngress' },
  });
  await expect(narrow.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
    message:
      'You are not authorized to perform this operation. User: arn:aws:sts::100000000001:assumed-role/narrow/test is not authorized to perform: ec2:DescribeVpcs because no identity-based policy allows the ec2:DescribeVpcs action',
  });
  const own = await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: ['by'] }] }));
  expect(own.Tags?.map(({ ResourceType, Value }) => [ResourceType, Value])).toEqual([['security-group-rule', 'test']]);
});

test('lists are filtered, with wildcards, and come in pages', async () => {
  for (const name of ['web-1', 'web-2', 'web-3', 'web-4', 'web-5', 'db']) {
    await newGroup(name);
  }
  const Filters = [{ Name: 'group-name', Values: ['web-?', 'no*'] }];
  const first = await ec2.send(new DescribeSecurityGroupsCommand({ Filters, MaxResults: 5 }));
  expect(first.SecurityGroups).toHaveLength(5);
  expect(first.NextToken).toBeUndefined();
  const all = await ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: 5 }));
  const rest = await ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: 5, NextToken: all.NextToken }));
  expect(rest.SecurityGroups).toHaveLength(2);
  const colour = [{ Name: 'colour', Values: ['red'] }];
  await expect(ec2.send(new DescribeSecurityGroupsCommand({ Filters: colour }))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: "The filter 'colour' is invalid",
  });
  await expect(ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: 2 }))).rejects.toMatchObject({
    message: 'Value ( 2 ) for parameter maxResults is invalid. Expecting a value greater than 5.',
  });
});
