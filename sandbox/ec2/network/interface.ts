import { randomBytes, randomInt } from 'node:crypto';
import type { Tags } from '../../common/tags';
import { ec2Error } from '../errors';
import { newId } from '../ids';
import { groupById } from '../securityGroups/groups';
import type { Cell, NetworkInterface, Subnet, Vpc } from '../state';
import { takeAddress } from './subnets';

/** Groups that an interface may be in (VPC quota, adjustable). */
const groupsPerInterface = 5;

/**
 * The groups that an interface is to be in, checked.
 *
 * @throws ServiceError `InvalidGroup.NotFound`, `InvalidParameter` for a group of another VPC,
 *   `SecurityGroupsPerInterfaceLimitExceeded`
 */
export function checkGroups(cell: Cell, ids: readonly string[], where: { vpcId: string; id: string }): string[] {
  const groups = [...new Set(ids)].map((id) => groupById(cell, id));
  const foreign = groups.find((group) => group.vpcId !== where.vpcId);
  if (foreign) {
    const message = `Security group ${foreign.id} and subnet ${where.id} belong to different networks.`;
    throw ec2Error('InvalidParameter', message);
  }
  if (groups.length > groupsPerInterface) {
    const message = 'The maximum number of security groups per interface has been reached.';
    throw ec2Error('SecurityGroupsPerInterfaceLimitExceeded', message);
  }
  return groups.map((group) => group.id);
}

export function defaultGroupId(cell: Cell, vpcId: string): string {
  const group = [...cell.groups.values()].find((one) => one.vpcId === vpcId && one.name === 'default');
  return group?.id ?? '';
}

export interface NewInterface {
  readonly subnet: Subnet;
  readonly groupIds: readonly string[];
  readonly address?: string;
  readonly isPublic?: boolean;
  readonly description?: string;
  readonly type?: string;
  readonly requesterId?: string;
  readonly managed?: boolean;
  readonly tags?: Tags;
}

/** A public address out of a range of Amazon's. */
function publicAddress(): string {
  return `54.${randomInt(144, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

/** Puts an interface into a subnet. @throws ServiceError when its address cannot be had */
export function addInterface(cell: Cell, wanted: NewInterface): NetworkInterface {
  const { subnet } = wanted;
  const made: NetworkInterface = {
    id: newId('eni'),
    subnetId: subnet.id,
    vpcId: subnet.vpcId,
    zone: subnet.zone,
    address: takeAddress(subnet, wanted.address),
    publicAddress: wanted.isPublic ? publicAddress() : undefined,
    mac: `02:${[...randomBytes(5)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`,
    type: wanted.type ?? 'interface',
    requesterId: wanted.requesterId,
    managed: wanted.managed ?? false,
    description: wanted.description ?? '',
    groupIds: wanted.groupIds,
    sourceDestCheck: true,
    tags: new Map(wanted.tags ?? []),
  };
  cell.interfaces.set(made.id, made);
  return made;
}

export function removeInterface(cell: Cell, gone: NetworkInterface): void {
  cell.interfaces.delete(gone.id);
  cell.subnets.get(gone.subnetId)?.used.delete(gone.address);
}

/** The interfaces of an instance, the first of them first. */
export function interfacesOf(cell: Cell, instanceId: string): NetworkInterface[] {
  return [...cell.interfaces.values()]
    .filter((one) => one.attachment?.instanceId === instanceId)
    .sort((one, other) => (one.attachment?.deviceIndex ?? 0) - (other.attachment?.deviceIndex ?? 0));
}

export function privateName(address: string, region: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}

/** Name of a public address, in VPCs that give names. */
export function publicName(address: string | undefined, region: string, vpc: Vpc | undefined): string {
  if (!address || !vpc?.attributes.enableDnsHostnames) {
    return '';
  }
  const domain = region === 'us-east-1' ? 'compute-1' : `${region}.compute`;
  return `ec2-${address.replaceAll('.', '-')}.${domain}.amazonaws.com`;
}

export function groupNames(cell: Cell, ids: readonly string[]): { GroupId: string; GroupName: string }[] {
  return ids.map((id) => ({ GroupId: id, GroupName: cell.groups.get(id)?.name ?? '' }));
}

/** What an interface and the interface of an instance have in common in EC2's answers. */
export function commonShape(one: NetworkInterface, cell: Cell) {
  const { region, accountId } = cell.site;
  const vpc = cell.vpcs.get(one.vpcId);
  const name = vpc?.attributes.enableDnsHostnames ? privateName(one.address, region) : undefined;
  const association = one.publicAddress && {
    IpOwnerId: one.attachment ? 'amazon' : accountId,
    PublicDnsName: publicName(one.publicAddress, region, vpc),
    PublicIp: one.publicAddress,
  };
  return {
    NetworkInterfaceId: one.id,
    SubnetId: one.subnetId,
    VpcId: one.vpcId,
    OwnerId: accountId,
    Description: one.description,
    MacAddress: one.mac,
    InterfaceType: one.type,
    SourceDestCheck: one.sourceDestCheck,
    Status: one.attachment ? 'in-use' : 'available',
    PrivateIpAddress: one.address,
    PrivateDnsName: name,
    PrivateIpAddresses: [
      {
        Primary: true,
        PrivateIpAddress: one.address,
        PrivateDnsName: name,
        Association: association || undefined,
      },
    ],
    Ipv6Addresses: [],
    Groups: groupNames(cell, one.groupIds),
    Association: association || undefined,
    Operator: { Managed: false },
  };
}
