import {
  AuthorizeSecurityGroupIngressCommand,
  CreateFleetCommand,
  CreateLaunchTemplateCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';

const tagged = (ResourceType: 'security-group' | 'instance', tags: Record<string, string>) => [
  { ResourceType, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
];

/** Makes security groups, each with a name of its own. */
export class Groups {
  private count = 0;

  constructor(private readonly ec2: () => EC2Client) {}

  /** Name of the latest. */
  get name(): string {
    return `web-${this.count}`;
  }

  async make(tags: Record<string, string>): Promise<string> {
    this.count += 1;
    const TagSpecifications = tagged('security-group', { Name: this.name, ...tags });
    const { GroupId = '' } = await this.ec2().send(
      new CreateSecurityGroupCommand({ GroupName: this.name, Description: 'web', TagSpecifications }),
    );
    return GroupId;
  }
}

/** SSH for the world and for the office, HTTPS for the world. */
export async function openToWorld(ec2: EC2Client, GroupId: string): Promise<void> {
  const range = (...cidrs: string[]) => ({ IpRanges: cidrs.map((CidrIp) => ({ CidrIp })) });
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...range('0.0.0.0/0', '198.51.100.0/24') },
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'everybody' }] },
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...range('0.0.0.0/0') },
  ];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}

/** What such a group lets in, in words; and what it lets in once it is closed again. */
export const opened = [
  'tcp 22 from 0.0.0.0/0',
  'tcp 22 from 198.51.100.0/24',
  'tcp 22 from ::/0',
  'tcp 443 from 0.0.0.0/0',
];
export const closed = ['tcp 22 from 198.51.100.0/24', 'tcp 443 from 0.0.0.0/0'];

/** Launches an instance from an image of its own. */
export async function launchInstance(
  ec2: EC2Client,
  tags: Record<string, string>,
  more: object = {},
): Promise<{ id: string; image: string }> {
  const { ImageId = '' } = await ec2.send(
    new RegisterImageCommand({ Name: `image-${Date.now()}-${Math.random()}`, RootDeviceName: '/dev/xvda', ...more }),
  );
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId,
      MinCount: 1,
      MaxCount: 1,
      InstanceType: 't3.micro',
      TagSpecifications: tagged('instance', { Name: 'x', ...tags }),
    }),
  );
  return { id: Instances[0]?.InstanceId ?? '', image: ImageId };
}

export async function findInstance(ec2: EC2Client, id: string): Promise<Instance | undefined> {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations?.[0]?.Instances?.[0];
}

/** Makes a prefix list with these entries. */
export async function newPrefixList(ec2: EC2Client, PrefixListName: string, ...cidrs: string[]): Promise<string> {
  const Entries = cidrs.map((Cidr) => ({ Cidr }));
  const { PrefixList } = await ec2.send(
    new CreateManagedPrefixListCommand({ PrefixListName, AddressFamily: 'IPv4', MaxEntries: 5, Entries }),
  );
  return PrefixList?.PrefixListId ?? '';
}

/** Lets a fleet launch two instances at once; gives their ids. */
export async function launchFleet(ec2: EC2Client, ImageId: string, tags: Record<string, string>): Promise<string[]> {
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'fleet',
      LaunchTemplateData: { ImageId, InstanceType: 't3.micro', TagSpecifications: tagged('instance', tags) },
    }),
  );
  const LaunchTemplateSpecification = { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: '$Latest' };
  const { Instances = [] } = await ec2.send(
    new CreateFleetCommand({
      Type: 'instant',
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification }],
      TargetCapacitySpecification: { TotalTargetCapacity: 2, DefaultTargetCapacityType: 'on-demand' },
    }),
  );
  return Instances.flatMap(({ InstanceIds = [] }) => InstanceIds);
}
