import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, maps, orUndo, pick } from '../values';
import { changeTags, ec2, first, known, tagSpecifications, unlessGone } from './shared';

const settings = [
  'VpcId',
  'CidrBlock',
  'AvailabilityZone',
  'AvailabilityZoneId',
  'Ipv6CidrBlock',
  'Ipv6Native',
  'OutpostArn',
  'Ipv4IpamPoolId',
  'Ipv4NetmaskLength',
  'Ipv6IpamPoolId',
  'Ipv6NetmaskLength',
];

const switches = ['MapPublicIpOnLaunch', 'AssignIpv6AddressOnCreation', 'EnableDns64'];

/** A call changes one attribute. */
async function applySwitches(
  context: ResourceContext,
  SubnetId: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  for (const name of switches) {
    if ((after[name] ?? false) !== (before[name] ?? false)) {
      await ec2(context, 'ModifySubnetAttribute', { SubnetId, [name]: { Value: after[name] ?? false } });
    }
  }
}

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeSubnets', { SubnetIds: [id] }), 'Subnets');
}

async function provided(context: ResourceContext, id: string): Promise<ProvidedResource> {
  const subnet = await found(context, id);
  const Ipv6CidrBlocks = maps(subnet.Ipv6CidrBlockAssociationSet).map((one) => one.Ipv6CidrBlock ?? '');
  const names = ['VpcId', 'CidrBlock', 'AvailabilityZone', 'AvailabilityZoneId', 'OutpostArn'];
  return { physicalId: id, attributes: known({ ...pick(subnet, names), SubnetId: id, Ipv6CidrBlocks }) };
}

/** AWS::EC2::Subnet */
export const subnet: ResourceProvider = {
  async create(context, properties) {
    const made = await ec2(context, 'CreateSubnet', {
      ...pick(properties, settings),
      TagSpecifications: tagSpecifications(context, properties.Tags, 'subnet'),
    });
    const SubnetId = String((made.Subnet as ValueMap).SubnetId);
    return orUndo(
      async () => {
        await applySwitches(context, SubnetId, properties, {});
        return provided(context, SubnetId);
      },
      () => ec2(context, 'DeleteSubnet', { SubnetId }),
    );
  },
  async update(context, id, after, before) {
    await applySwitches(context, id, after, before);
    await changeTags(context, id, after.Tags, before.Tags);
    return undefined;
  },
  delete: (context, SubnetId) => ifThere(() => ec2(context, 'DeleteSubnet', { SubnetId })),
  read: (context, id) =>
    unlessGone(async () =>
      pick(await found(context, id), [
        'VpcId',
        'CidrBlock',
        'AvailabilityZone',
        'AvailabilityZoneId',
        'MapPublicIpOnLaunch',
      ]),
    ),
  adopt: (context, identifier) => provided(context, identifier.SubnetId ?? ''),
  replaces: (before, after) => differs(before, after, ['Ipv6CidrBlock']),
};
