import { fixedId } from '../ids';
import type { Cell, SecurityGroup, Subnet, Vpc } from '../state';
import { awsPrefixLists } from './awsPrefixLists';
import { address4 } from './cidr';
import { type Zone, zonesOf } from './zones';

/** The group that every VPC has: all of its members reach each other, and everything goes out. */
export function defaultGroup(cell: Cell, vpc: Vpc, id: string): SecurityGroup {
  const group: SecurityGroup = {
    id,
    name: 'default',
    description: 'default VPC security group',
    vpcId: vpc.id,
    rules: new Map(),
    tags: new Map(),
  };
  const among = fixedId('sgr', id, 'ingress');
  const peer = { groupId: id, userId: cell.site.accountId };
  group.rules.set(among, {
    id: among,
    groupId: id,
    terms: { egress: false, protocol: '-1', peer },
    tags: new Map(),
  });
  openOutward(group, vpc.ipv6Cidr !== undefined);
  return group;
}

/** The rules for outward traffic that a new group has. */
export function openOutward(group: SecurityGroup, ipv6: boolean): void {
  const add = (target: { cidr4: string } | { cidr6: string }, name: string) => {
    const id = fixedId('sgr', group.id, name);
    const terms = { egress: true, protocol: '-1', ...target };
    group.rules.set(id, { id, groupId: group.id, terms, tags: new Map() });
  };
  add({ cidr4: '0.0.0.0/0' }, 'egress4');
  if (ipv6) {
    add({ cidr6: '::/0' }, 'egress6');
  }
}

/** The default subnet of a zone: the next 4,096 addresses. */
export function defaultSubnetOf(vpcId: string, zone: Zone, index: number, id: string): Subnet {
  const first = (172n << 24n) | (31n << 16n) | (BigInt(index) << 12n);
  return {
    id,
    vpcId,
    cidr: `${address4(first)}/20`,
    zone: zone.name,
    zoneId: zone.id,
    isDefault: true,
    mapPublicIp: true,
    used: new Set(),
    tags: new Map(),
  };
}

/** The default VPC: 172.31.0.0/16, a subnet of 4,096 addresses in each zone, and the default group. */
export function addDefaultVpc(cell: Cell, id: string): Vpc {
  const vpc: Vpc = {
    id,
    cidr: '172.31.0.0/16',
    isDefault: true,
    tenancy: 'default',
    attributes: { enableDnsSupport: true, enableDnsHostnames: true, enableNetworkMetrics: false },
    tags: new Map(),
  };
  cell.vpcs.set(id, vpc);
  for (const [index, zone] of zonesOf(cell.site.region).entries()) {
    const subnet = defaultSubnetOf(id, zone, index, fixedId('subnet', id, zone.name));
    cell.subnets.set(subnet.id, subnet);
  }
  const group = defaultGroup(cell, vpc, fixedId('sg', id, 'default'));
  cell.groups.set(group.id, group);
  return vpc;
}

/** What an account has in a region before it does anything. */
export function addDefaults(cell: Cell): void {
  addDefaultVpc(cell, fixedId('vpc', cell.site.accountId, cell.site.region));
  for (const list of awsPrefixLists(cell.site.region)) {
    cell.prefixLists.set(list.id, list);
  }
}

export function defaultVpc(cell: Cell): Vpc | undefined {
  return [...cell.vpcs.values()].find((vpc) => vpc.isDefault);
}
