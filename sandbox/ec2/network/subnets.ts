import type {
  CreateDefaultSubnetRequest,
  CreateSubnetRequest,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  ModifySubnetAttributeRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { dependencyViolation, ec2Error, missingParameter } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { newId } from '../ids';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place, Subnet } from '../state';
import { address4, contains, overlaps, rangeText, readRange, size } from './cidr';
import { defaultSubnetOf, defaultVpc } from './defaults';
import { findVpc } from './vpcs';
import { zonesOf } from './zones';

/** @throws ServiceError `InvalidSubnetID.NotFound` */
export function findSubnet(cell: Cell, id: string | undefined): Subnet {
  const subnet = cell.subnets.get(id ?? '');
  if (!subnet) {
    throw ec2Error('InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
  }
  return subnet;
}

/** Of each subnet AWS keeps the first four addresses and the last. */
function freeAddresses(subnet: Subnet): number {
  const range = readRange(subnet.cidr);
  return range ? Number(size(range)) - 5 - subnet.used.size : 0;
}

/**
 * Takes an address of the subnet: the one that is wanted, or the first that is free.
 *
 * @throws ServiceError `InvalidIPAddress.InUse`, `InvalidParameterValue`, `InsufficientFreeAddressesInSubnet`
 */
export function takeAddress(subnet: Subnet, wanted?: string): string {
  const range = readRange(subnet.cidr);
  const given = wanted === undefined ? undefined : readRange(`${wanted}/32`);
  if (wanted !== undefined && (!range || !given || !contains(range, given))) {
    throw ec2Error('InvalidParameterValue', `Address ${wanted} does not fall within the subnet's address range`);
  }
  if (given && range && (given.first < range.first + 4n || given.first === range.first + size(range) - 1n)) {
    throw ec2Error('InvalidParameterValue', `Address ${wanted} is in subnet's reserved address range`);
  }
  if (wanted !== undefined && subnet.used.has(wanted)) {
    throw ec2Error('InvalidIPAddress.InUse', `The specified address is already in use.`);
  }
  const last = range ? range.first + size(range) - 1n : 0n;
  for (let next = (range?.first ?? 0n) + 4n; wanted === undefined && next < last; next += 1n) {
    const address = address4(next);
    if (!subnet.used.has(address)) {
      subnet.used.add(address);
      return address;
    }
  }
  if (wanted === undefined) {
    throw ec2Error(
      'InsufficientFreeAddressesInSubnet',
      `The specified subnet does not have enough free addresses to satisfy the request.`,
    );
  }
  subnet.used.add(wanted);
  return wanted;
}

function shapeOf(subnet: Subnet, { cell, ec2 }: Place) {
  return {
    SubnetId: subnet.id,
    SubnetArn: ec2.arn(cell.site, `subnet/${subnet.id}`),
    VpcId: subnet.vpcId,
    OwnerId: cell.site.accountId,
    State: 'available',
    CidrBlock: subnet.cidr,
    AvailableIpAddressCount: freeAddresses(subnet),
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: subnet.zoneId,
    DefaultForAz: subnet.isDefault,
    MapPublicIpOnLaunch: subnet.mapPublicIp,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    EnableDns64: false,
    Ipv6Native: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    Tags: tagList(subnet.tags),
  };
}

const fields: FilterFields<Subnet> = {
  'availability-zone': (subnet) => subnet.zone,
  availabilityZone: (subnet) => subnet.zone,
  'availability-zone-id': (subnet) => subnet.zoneId,
  'available-ip-address-count': freeAddresses,
  cidr: (subnet) => subnet.cidr,
  'cidr-block': (subnet) => subnet.cidr,
  cidrBlock: (subnet) => subnet.cidr,
  'default-for-az': (subnet) => subnet.isDefault,
  defaultForAz: (subnet) => subnet.isDefault,
  'map-public-ip-on-launch': (subnet) => subnet.mapPublicIp,
  state: () => 'available',
  'subnet-id': (subnet) => subnet.id,
  'vpc-id': (subnet) => subnet.vpcId,
};

function zoneFor(input: CreateSubnetRequest, region: string) {
  const zones = zonesOf(region);
  const { AvailabilityZone, AvailabilityZoneId } = input;
  if (AvailabilityZone === undefined && AvailabilityZoneId === undefined) {
    return zones[0];
  }
  const zone = zones.find(({ name, id }) => name === AvailabilityZone || id === AvailabilityZoneId);
  if (!zone) {
    const names = zones.map(({ name }) => name).join(', ');
    const message = `Value (${AvailabilityZone ?? AvailabilityZoneId}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names}.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  return zone;
}

function createSubnet(input: CreateSubnetRequest, place: Place) {
  const { cell } = place;
  const vpc = findVpc(cell, input.VpcId);
  if (!input.CidrBlock) {
    throw missingParameter('cidrBlock');
  }
  const range = readRange(input.CidrBlock);
  const outer = readRange(vpc.cidr);
  if (range?.family !== 4) {
    const message = `Value (${input.CidrBlock}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`;
    throw ec2Error('InvalidParameterValue', message);
  }
  if (range.prefix > 28 || !outer || !contains(outer, range)) {
    throw ec2Error('InvalidSubnet.Range', `The CIDR '${input.CidrBlock}' is invalid.`);
  }
  const siblings = [...cell.subnets.values()].filter((subnet) => subnet.vpcId === vpc.id);
  const taken = siblings.map((subnet) => readRange(subnet.cidr));
  if (taken.some((one) => one && overlaps(one, range))) {
    throw ec2Error('InvalidSubnet.Conflict', `The CIDR '${input.CidrBlock}' conflicts with another subnet`);
  }
  const zone = zoneFor(input, cell.site.region);
  const subnet: Subnet = {
    id: newId('subnet'),
    vpcId: vpc.id,
    cidr: rangeText(range),
    zone: zone?.name ?? '',
    zoneId: zone?.id ?? '',
    isDefault: false,
    mapPublicIp: false,
    used: new Set(),
    tags: tagsOf(input.TagSpecifications, 'subnet'),
  };
  cell.subnets.set(subnet.id, subnet);
  return { Subnet: shapeOf(subnet, place) };
}

/** The default subnet of a zone, once more after somebody has deleted it. */
function createDefaultSubnet(input: CreateDefaultSubnetRequest, at: Place) {
  const { cell } = at;
  const vpc = defaultVpc(cell);
  const zones = zonesOf(cell.site.region);
  const index = zones.findIndex(({ name }) => name === input.AvailabilityZone);
  const zone = zones[index];
  if (!vpc) {
    const message = `No default VPC exists for this account in this region.`;
    throw ec2Error('DefaultVpcDoesNotExist', message);
  }
  if (!zone) {
    throw ec2Error('InvalidParameterValue', `Invalid availability zone: [${input.AvailabilityZone}]`);
  }
  const siblings = [...cell.subnets.values()].filter((subnet) => subnet.vpcId === vpc.id);
  const there = siblings.find((subnet) => subnet.zone === zone.name && subnet.isDefault);
  if (there) {
    const message = `'${there.id}' is already the default subnet in ${zone.name}.`;
    throw ec2Error('DefaultSubnetAlreadyExistsInAvailabilityZone', message);
  }
  const subnet = defaultSubnetOf(vpc.id, zone, index, newId('subnet'));
  cell.subnets.set(subnet.id, subnet);
  return { Subnet: shapeOf(subnet, at) };
}

function describeSubnets(input: DescribeSubnetsRequest, place: Place) {
  const { cell } = place;
  const all = input.SubnetIds?.length ? input.SubnetIds.map((id) => findSubnet(cell, id)) : cell.subnets.values();
  const own: FilterFields<Subnet> = {
    ...fields,
    'owner-id': () => cell.site.accountId,
    'subnet-arn': (subnet) => place.ec2.arn(cell.site, `subnet/${subnet.id}`),
  };
  const page = pageOf(
    filtered(all, input.Filters, own, (subnet) => subnet.tags),
    input,
  );
  return { Subnets: page.items.map((subnet) => shapeOf(subnet, place)), NextToken: page.NextToken };
}

function deleteSubnet(input: DeleteSubnetRequest, { cell }: Place): void {
  const subnet = findSubnet(cell, input.SubnetId);
  if (subnet.used.size > 0) {
    throw dependencyViolation(`The subnet '${subnet.id}' has dependencies and cannot be deleted.`);
  }
  cell.subnets.delete(subnet.id);
}

export const subnetOperations: Operations = {
  CreateSubnet: createSubnet,
  CreateDefaultSubnet: createDefaultSubnet,
  DescribeSubnets: describeSubnets,
  DeleteSubnet: deleteSubnet,
  ModifySubnetAttribute: (input: ModifySubnetAttributeRequest, { cell }) => {
    const subnet = findSubnet(cell, input.SubnetId);
    subnet.mapPublicIp = input.MapPublicIpOnLaunch?.Value ?? subnet.mapPublicIp;
  },
};
