import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, isSet, maps, orUndo, pick } from '../values';
import { changeTags, ec2, first, known, tagSpecifications, unlessGone } from './shared';

const attributeNames = ['EnableDnsSupport', 'EnableDnsHostnames'];

/** A call changes one attribute. What the template no longer names goes back to EC2's default. */
async function applyAttributes(
  context: ResourceContext,
  VpcId: string,
  after: ValueMap,
  before: ValueMap,
): Promise<void> {
  for (const name of attributeNames) {
    if (differs(before, after, [name])) {
      const Value = after[name] ?? name === 'EnableDnsSupport';
      await ec2(context, 'ModifyVpcAttribute', { VpcId, [name]: { Value } });
    }
  }
}

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeVpcs', { VpcIds: [id] }), 'Vpcs');
}

async function provided(context: ResourceContext, id: string): Promise<ProvidedResource> {
  const vpc = await found(context, id);
  const Filters = [
    { Name: 'vpc-id', Values: [id] },
    { Name: 'group-name', Values: ['default'] },
  ];
  const group = first(await ec2(context, 'DescribeSecurityGroups', { Filters }), 'SecurityGroups');
  const attributes = {
    VpcId: id,
    CidrBlock: vpc.CidrBlock,
    CidrBlockAssociations: maps(vpc.CidrBlockAssociationSet).map((one) => one.AssociationId ?? ''),
    Ipv6CidrBlocks: maps(vpc.Ipv6CidrBlockAssociationSet).map((one) => one.Ipv6CidrBlock ?? ''),
    DefaultSecurityGroup: group.GroupId,
  };
  return { physicalId: id, attributes: known(attributes) };
}

/** AWS::EC2::VPC */
export const vpc: ResourceProvider = {
  async create(context, properties) {
    const made = await ec2(context, 'CreateVpc', {
      ...pick(properties, ['CidrBlock', 'InstanceTenancy', 'Ipv4IpamPoolId', 'Ipv4NetmaskLength']),
      TagSpecifications: tagSpecifications(context, properties.Tags, 'vpc'),
    });
    const VpcId = String((made.Vpc as ValueMap).VpcId);
    return orUndo(
      async () => {
        await applyAttributes(context, VpcId, properties, {});
        return provided(context, VpcId);
      },
      () => ec2(context, 'DeleteVpc', { VpcId }),
    );
  },
  async update(context, id, after, before) {
    await applyAttributes(context, id, after, before);
    await changeTags(context, id, after.Tags, before.Tags);
    return undefined;
  },
  delete: (context, VpcId) => ifThere(() => ec2(context, 'DeleteVpc', { VpcId })),
  read: (context, VpcId, properties) =>
    unlessGone(async () => {
      const live = pick(await found(context, VpcId), ['CidrBlock', 'InstanceTenancy']);
      for (const name of attributeNames.filter((each) => isSet(properties[each]))) {
        const Attribute = name.charAt(0).toLowerCase() + name.slice(1);
        const answer = await ec2(context, 'DescribeVpcAttribute', { VpcId, Attribute });
        live[name] = (answer[name] as ValueMap).Value ?? null;
      }
      return live;
    }),
  adopt: (context, identifier) => provided(context, identifier.VpcId ?? ''),
  replaces: (before, after) => differs(before, after, ['InstanceTenancy']) && after.InstanceTenancy !== 'default',
};
