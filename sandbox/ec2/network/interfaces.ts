import type {
  AttachNetworkInterfaceRequest,
  CreateNetworkInterfaceRequest,
  DeleteNetworkInterfaceRequest,
  DescribeNetworkInterfaceAttributeRequest,
  DescribeNetworkInterfacesRequest,
  DetachNetworkInterfaceRequest,
  ModifyNetworkInterfaceAttributeRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ec2Error } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { newId } from '../ids';
import { findInstance } from '../instances/find';
import { tagsOf } from '../specifications';
import type { Cell, NetworkInterface, Operations, Place } from '../state';
import {
  addInterface,
  checkGroups,
  commonShape,
  defaultGroupId,
  groupNames,
  interfacesOf,
  removeInterface,
} from './interface';
import { findSubnet } from './subnets';

/** @throws ServiceError `InvalidNetworkInterfaceID.NotFound` */
function findInterface(cell: Cell, id: string | undefined): NetworkInterface {
  const found = cell.interfaces.get(id ?? '');
  if (!found) {
    throw ec2Error('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
  }
  return found;
}

function attachmentShape(one: NetworkInterface, cell: Cell) {
  const { attachment } = one;
  return (
    attachment && {
      AttachmentId: attachment.id,
      AttachTime: attachment.attachedAt,
      DeleteOnTermination: attachment.deleteOnTermination,
      DeviceIndex: attachment.deviceIndex,
      NetworkCardIndex: 0,
      InstanceId: attachment.instanceId,
      InstanceOwnerId: cell.site.accountId,
      Status: 'attached',
    }
  );
}

function shapeOf(one: NetworkInterface, cell: Cell) {
  return {
    ...commonShape(one, cell),
    AvailabilityZone: one.zone,
    RequesterId: one.requesterId,
    RequesterManaged: one.managed,
    Attachment: attachmentShape(one, cell),
    TagSet: tagList(one.tags),
  };
}

function create(input: CreateNetworkInterfaceRequest, { cell, context }: Place) {
  const subnet = findSubnet(cell, input.SubnetId);
  const wanted = input.Groups?.length ? input.Groups : [defaultGroupId(cell, subnet.vpcId)];
  const primary = input.PrivateIpAddresses?.find((one) => one.Primary) ?? input.PrivateIpAddresses?.[0];
  const made = addInterface(cell, {
    subnet,
    groupIds: checkGroups(cell, wanted, subnet),
    address: input.PrivateIpAddress ?? primary?.PrivateIpAddress,
    description: input.Description,
    type: input.InterfaceType,
    requesterId: context.caller.userId,
    tags: tagsOf(input.TagSpecifications, 'network-interface'),
  });
  return { NetworkInterface: { ...shapeOf(made, cell), Status: 'pending' } };
}

/** What a service has made for somebody is the service's. @throws ServiceError `OperationNotPermitted` */
function checkOwn(one: NetworkInterface, doing: string): void {
  if (one.managed) {
    const message = `You are not allowed to ${doing} '${one.attachment?.id ?? one.id}'.`;
    throw ec2Error('OperationNotPermitted', message);
  }
}

function remove(input: DeleteNetworkInterfaceRequest, { cell }: Place): void {
  const one = findInterface(cell, input.NetworkInterfaceId);
  checkOwn(one, 'manage');
  if (one.attachment) {
    const message = `Network interface '${one.id}' is currently in use.`;
    throw ec2Error('InvalidNetworkInterface.InUse', message);
  }
  removeInterface(cell, one);
}

function attach(input: AttachNetworkInterfaceRequest, { cell, ec2 }: Place) {
  const one = findInterface(cell, input.NetworkInterfaceId);
  const instance = findInstance(cell, input.InstanceId);
  if (one.attachment) {
    const message = `Interface: [${one.id}] in use.`;
    throw ec2Error('InvalidNetworkInterface.InUse', message);
  }
  if (one.zone !== instance.zone) {
    const message = `You may not attach a network interface to an instance if they are not in the same availability zone`;
    throw ec2Error('InvalidParameterCombination', message);
  }
  const deviceIndex = input.DeviceIndex ?? 0;
  if (interfacesOf(cell, instance.id).some(({ attachment }) => attachment?.deviceIndex === deviceIndex)) {
    const message = `Instance '${instance.id}' already has an interface attached at device index '${deviceIndex}'.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  const id = newId('eni-attach');
  one.attachment = {
    id,
    instanceId: instance.id,
    deviceIndex,
    attachedAt: ec2.world.now(),
    deleteOnTermination: false,
  };
  return { AttachmentId: id, NetworkCardIndex: 0 };
}

function detach(input: DetachNetworkInterfaceRequest, { cell }: Place): void {
  const one = [...cell.interfaces.values()].find(({ attachment }) => attachment?.id === input.AttachmentId);
  if (!one?.attachment) {
    const message = `The attachment ID '${input.AttachmentId}' does not exist`;
    throw ec2Error('InvalidAttachmentID.NotFound', message);
  }
  checkOwn(one, 'manage');
  const { deviceIndex } = one.attachment;
  if (deviceIndex === 0) {
    const message = `The network interface at device index 0 and networkCard index 0 cannot be detached.`;
    throw ec2Error('OperationNotPermitted', message);
  }
  one.attachment = undefined;
}

function modify(input: ModifyNetworkInterfaceAttributeRequest, { cell }: Place): void {
  const one = findInterface(cell, input.NetworkInterfaceId);
  checkOwn(one, 'manage');
  if (input.Groups !== undefined) {
    if (input.Groups.length === 0) {
      throw ec2Error('InvalidParameterValue', 'You must specify at least one security group.');
    }
    one.groupIds = checkGroups(cell, input.Groups, { vpcId: one.vpcId, id: one.subnetId });
  }
  const { Attachment } = input;
  if (Attachment !== undefined) {
    if (!one.attachment || one.attachment.id !== Attachment.AttachmentId) {
      const message = `The attachment ID '${Attachment.AttachmentId}' does not exist`;
      throw ec2Error('InvalidAttachmentID.NotFound', message);
    }
    one.attachment.deleteOnTermination = Attachment.DeleteOnTermination ?? one.attachment.deleteOnTermination;
  }
  one.description = input.Description?.Value ?? one.description;
  one.sourceDestCheck = input.SourceDestCheck?.Value ?? one.sourceDestCheck;
}

function describeAttribute(input: DescribeNetworkInterfaceAttributeRequest, { cell }: Place) {
  const one = findInterface(cell, input.NetworkInterfaceId);
  const NetworkInterfaceId = one.id;
  switch (input.Attribute) {
    case 'description':
      return { NetworkInterfaceId, Description: { Value: one.description } };
    case 'groupSet':
      return { NetworkInterfaceId, Groups: groupNames(cell, one.groupIds) };
    case 'sourceDestCheck':
      return { NetworkInterfaceId, SourceDestCheck: { Value: one.sourceDestCheck } };
    case 'attachment':
      return { NetworkInterfaceId, Attachment: attachmentShape(one, cell) };
    default:
      throw ec2Error(
        'InvalidParameterValue',
        `Value (${input.Attribute}) for parameter attribute is invalid. Unknown attribute.`,
      );
  }
}

function fieldsIn(cell: Cell): FilterFields<NetworkInterface> {
  return {
    'addresses.private-ip-address': (one) => one.address,
    'addresses.primary': () => true,
    'addresses.association.public-ip': (one) => one.publicAddress,
    'association.public-ip': (one) => one.publicAddress,
    'attachment.attachment-id': (one) => one.attachment?.id,
    'attachment.delete-on-termination': (one) => one.attachment?.deleteOnTermination,
    'attachment.device-index': (one) => one.attachment?.deviceIndex,
    'attachment.instance-id': (one) => one.attachment?.instanceId,
    'attachment.instance-owner-id': (one) => one.attachment && cell.site.accountId,
    'attachment.status': (one) => one.attachment && 'attached',
    'availability-zone': (one) => one.zone,
    description: (one) => one.description,
    'group-id': (one) => one.groupIds,
    'group-name': (one) => groupNames(cell, one.groupIds).map(({ GroupName }) => GroupName),
    'interface-type': (one) => one.type,
    'mac-address': (one) => one.mac,
    'network-interface-id': (one) => one.id,
    'owner-id': () => cell.site.accountId,
    'private-ip-address': (one) => one.address,
    'private-dns-name': (one) => commonShape(one, cell).PrivateDnsName,
    'requester-id': (one) => one.requesterId,
    'requester-managed': (one) => one.managed,
    'source-dest-check': (one) => one.sourceDestCheck,
    status: (one) => (one.attachment ? 'in-use' : 'available'),
    'subnet-id': (one) => one.subnetId,
    'vpc-id': (one) => one.vpcId,
  };
}

export const interfaceOperations: Operations = {
  CreateNetworkInterface: create,
  DeleteNetworkInterface: remove,
  AttachNetworkInterface: attach,
  DetachNetworkInterface: detach,
  ModifyNetworkInterfaceAttribute: modify,
  DescribeNetworkInterfaceAttribute: describeAttribute,
  DescribeNetworkInterfaces: (input: DescribeNetworkInterfacesRequest, { cell }) => {
    const ids = input.NetworkInterfaceIds ?? [];
    const all = ids.length > 0 ? ids.map((id) => findInterface(cell, id)) : cell.interfaces.values();
    const page = pageOf(
      filtered(all, input.Filters, fieldsIn(cell), (one) => one.tags),
      input,
    );
    return { NetworkInterfaces: page.items.map((one) => shapeOf(one, cell)), NextToken: page.NextToken };
  },
};
