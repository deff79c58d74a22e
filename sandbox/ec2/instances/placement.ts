import type { InstanceNetworkInterfaceSpecification, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { tagsFrom } from '../../common/tags';
import { ec2Error } from '../errors';
import { newId } from '../ids';
import { defaultVpc } from '../network/defaults';
import { addInterface, checkGroups, defaultGroupId } from '../network/interface';
import { findSubnet } from '../network/subnets';
import { zonesOf } from '../network/zones';
import { groupByName } from '../securityGroups/groups';
import type { Cell, NetworkInterface, Subnet } from '../state';

/** The subnet of the default VPC in the zone that is wanted, or in the first. @throws ServiceError */
function defaultSubnet(cell: Cell, zone: string | undefined): Subnet {
  const vpc = defaultVpc(cell);
  if (!vpc) {
    const message = 'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.';
    throw ec2Error('VPCIdNotSpecified', message);
  }
  if (zone !== undefined && !zonesOf(cell.site.region).some(({ name }) => name === zone)) {
    throw ec2Error('InvalidParameterValue', `Invalid availability zone: [${zone}]`);
  }
  const subnets = [...cell.subnets.values()].filter((subnet) => subnet.vpcId === vpc.id && subnet.isDefault);
  if (subnets.length === 0) {
    const message = `No subnets found for the default VPC '${vpc.id}'. Please specify a subnet.`;
    throw ec2Error('MissingInput', message);
  }
  const found = subnets.find((subnet) => zone === undefined || subnet.zone === zone);
  if (!found) {
    throw ec2Error('InvalidInput', `No default subnet for availability zone: '${zone}'.`);
  }
  return found;
}

function groupIdsOf(cell: Cell, input: RunInstancesRequest, subnet: Subnet): string[] {
  const named = (input.SecurityGroups ?? []).map((name) => groupByName(cell, name).id);
  const ids = [...(input.SecurityGroupIds ?? []), ...named];
  return checkGroups(cell, ids.length > 0 ? ids : [defaultGroupId(cell, subnet.vpcId)], subnet);
}

/** An interface of the request is given or described. */
interface Wanted {
  readonly specification: InstanceNetworkInterfaceSpecification;
  readonly existing?: NetworkInterface;
  readonly subnet: Subnet;
  readonly groupIds: readonly string[];
}

/** Where instances go and how they are connected, checked before any is made. */
export interface Placed {
  readonly zone: string;
  readonly wanted: readonly Wanted[];
}

function check(input: RunInstancesRequest): void {
  const has = (list: readonly unknown[] | undefined) => (list?.length ?? 0) > 0;
  if (!has(input.NetworkInterfaces)) {
    return;
  }
  const what = input.SubnetId
    ? 'subnet ID'
    : has(input.SecurityGroupIds) || has(input.SecurityGroups)
      ? 'security groups'
      : undefined;
  if (what) {
    const message = `Network interfaces and an instance-level ${what} may not be specified on the same request`;
    throw ec2Error('InvalidParameterCombination', message);
  }
}

function wantedInterface(
  cell: Cell,
  input: RunInstancesRequest,
  specification: InstanceNetworkInterfaceSpecification,
): Wanted {
  const { NetworkInterfaceId: id, SubnetId, Groups } = specification;
  const existing = id === undefined ? undefined : cell.interfaces.get(id);
  if (id !== undefined && !existing) {
    throw ec2Error('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
  }
  if (existing?.attachment) {
    throw ec2Error('InvalidNetworkInterface.InUse', `Interface: [${id}] in use.`);
  }
  const zone = input.Placement?.AvailabilityZone;
  const subnetId = existing?.subnetId ?? SubnetId;
  const subnet = subnetId === undefined ? defaultSubnet(cell, zone) : findSubnet(cell, subnetId);
  const groupIds = Groups?.length
    ? checkGroups(cell, Groups, subnet)
    : groupIdsOf(cell, {} as RunInstancesRequest, subnet);
  return { specification, existing, subnet, groupIds: existing?.groupIds ?? groupIds };
}

/** Finds subnet, groups and interfaces for an order. @throws ServiceError */
export function place(cell: Cell, input: RunInstancesRequest): Placed {
  check(input);
  const specifications = input.NetworkInterfaces ?? [];
  if (specifications.length > 0) {
    const wanted = specifications.map((one) => wantedInterface(cell, input, one));
    return { zone: wanted[0]?.subnet.zone ?? '', wanted };
  }
  const zone = input.Placement?.AvailabilityZone;
  const subnet = input.SubnetId ? findSubnet(cell, input.SubnetId) : defaultSubnet(cell, zone);
  if (zone !== undefined && zone !== subnet.zone) {
    const message = `The availability zone '${zone}' of the instance and of the subnet '${subnet.id}' differ.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  const specification = { DeviceIndex: 0, PrivateIpAddress: input.PrivateIpAddress };
  return { zone: subnet.zone, wanted: [{ specification, subnet, groupIds: groupIdsOf(cell, input, subnet) }] };
}

/** Makes the interfaces of one instance and attaches them. */
export function connect(
  cell: Cell,
  placed: Placed,
  instanceId: string,
  attachedAt: Date,
  tags: ReadonlyMap<string, string>,
): NetworkInterface[] {
  return placed.wanted.map(({ specification, existing, subnet, groupIds }, index) => {
    const isPublic = specification.AssociatePublicIpAddress ?? subnet.mapPublicIp;
    const one =
      existing ??
      addInterface(cell, {
        subnet,
        groupIds,
        address: specification.PrivateIpAddress,
        isPublic,
        description: specification.Description ?? '',
        tags: tagsFrom([...tags].map(([Key, Value]) => ({ Key, Value }))),
      });
    one.attachment = {
      id: newId('eni-attach'),
      instanceId,
      deviceIndex: specification.DeviceIndex ?? index,
      attachedAt,
      deleteOnTermination: specification.DeleteOnTermination ?? existing === undefined,
    };
    return one;
  });
}
