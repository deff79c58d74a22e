import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../provider';
import { differs, maps, orUndo, pick } from '../values';
import { changeTags, ec2, first, known, tagSpecifications, unlessGone } from './shared';

const settings = [
  'SubnetId',
  'Description',
  'PrivateIpAddress',
  'PrivateIpAddresses',
  'SecondaryPrivateIpAddressCount',
  'InterfaceType',
  'Ipv6AddressCount',
  'Ipv6Addresses',
  'Ipv4Prefixes',
  'Ipv4PrefixCount',
  'Ipv6Prefixes',
  'Ipv6PrefixCount',
];

async function found(context: ResourceContext, id: string): Promise<ValueMap> {
  return first(await ec2(context, 'DescribeNetworkInterfaces', { NetworkInterfaceIds: [id] }), 'NetworkInterfaces');
}

async function provided(context: ResourceContext, id: string): Promise<ProvidedResource> {
  const live = await found(context, id);
  const others = maps(live.PrivateIpAddresses).filter((one) => one.Primary !== true);
  const attributes = {
    Id: id,
    VpcId: live.VpcId,
    PrimaryPrivateIpAddress: live.PrivateIpAddress,
    SecondaryPrivateIpAddresses: others.map((one) => one.PrivateIpAddress ?? ''),
  };
  return { physicalId: id, attributes: known(attributes) };
}

/** A call changes one attribute. */
async function modify(context: ResourceContext, id: string, after: ValueMap, before: ValueMap): Promise<void> {
  const change = (member: ValueMap) =>
    ec2(context, 'ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: id, ...member });
  if (differs(before, after, ['Description'])) {
    await change({ Description: { Value: after.Description ?? '' } });
  }
  if (differs(before, after, ['GroupSet']) && after.GroupSet !== undefined) {
    await change({ Groups: after.GroupSet });
  }
  if ((after.SourceDestCheck ?? true) !== (before.SourceDestCheck ?? true)) {
    await change({ SourceDestCheck: { Value: after.SourceDestCheck ?? true } });
  }
}

/** AWS::EC2::NetworkInterface */
export const networkInterface: ResourceProvider = {
  async create(context, properties) {
    const made = await ec2(context, 'CreateNetworkInterface', {
      ...pick(properties, settings),
      Groups: properties.GroupSet,
      TagSpecifications: tagSpecifications(context, properties.Tags, 'network-interface'),
    });
    const id = String((made.NetworkInterface as ValueMap).NetworkInterfaceId);
    return orUndo(
      async () => {
        await modify(context, id, pick(properties, ['SourceDestCheck']), {});
        return provided(context, id);
      },
      () => ec2(context, 'DeleteNetworkInterface', { NetworkInterfaceId: id }),
    );
  },
  async update(context, id, after, before) {
    await modify(context, id, after, before);
    await changeTags(context, id, after.Tags, before.Tags);
    return undefined;
  },
  delete: (context, NetworkInterfaceId) =>
    ifThere(() => ec2(context, 'DeleteNetworkInterface', { NetworkInterfaceId })),
  read: (context, id) =>
    unlessGone(async () => {
      const live = await found(context, id);
      const GroupSet = maps(live.Groups).map((group) => group.GroupId ?? '');
      const names = ['SubnetId', 'Description', 'PrivateIpAddress', 'SourceDestCheck', 'InterfaceType'];
      return { ...pick(live, names), GroupSet };
    }),
  adopt: (context, identifier) => provided(context, identifier.Id ?? ''),
  replaces: (before, after) => differs(before, after, ['PrivateIpAddresses']),
};

async function setEnd(context: ResourceContext, NetworkInterfaceId: string, AttachmentId: string, end: boolean) {
  const Attachment = { AttachmentId, DeleteOnTermination: end };
  await ec2(context, 'ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, Attachment });
}

/** AWS::EC2::NetworkInterfaceAttachment */
export const networkInterfaceAttachment: ResourceProvider = {
  async create(context, properties) {
    const { InstanceId, NetworkInterfaceId } = properties;
    const DeviceIndex = Number(properties.DeviceIndex);
    const made = await ec2(context, 'AttachNetworkInterface', { InstanceId, NetworkInterfaceId, DeviceIndex });
    const id = String(made.AttachmentId);
    await setEnd(context, String(NetworkInterfaceId), id, properties.DeleteOnTermination !== false);
    return { physicalId: id, attributes: { AttachmentId: id } };
  },
  async update(context, id, after) {
    await setEnd(context, String(after.NetworkInterfaceId), id, after.DeleteOnTermination !== false);
    return undefined;
  },
  delete: (context, AttachmentId) => ifThere(() => ec2(context, 'DetachNetworkInterface', { AttachmentId })),
};
