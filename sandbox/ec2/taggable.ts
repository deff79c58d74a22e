import type { Cell, Resource, Rule } from './state';

/** A kind of thing that can be tagged: how its ids begin, its name in ARNs and filters, where it is. */
export interface Kind {
  readonly prefix: string;
  readonly type: string;
  readonly notFound: (id: string) => [code: string, message: string];
  readonly find: (cell: Cell, id: string) => Resource | undefined;
  readonly all: (cell: Cell) => Iterable<Resource>;
}

function allRules(cell: Cell): Rule[] {
  return [...cell.groups.values()].flatMap((group) => [...group.rules.values()]);
}

function kind(
  prefix: string,
  type: string,
  code: string,
  label: string,
  map: (cell: Cell) => ReadonlyMap<string, Resource>,
): Kind {
  return {
    prefix,
    type,
    notFound: (id) => [code, `The ${label} '${id}' does not exist`],
    find: (cell, id) => map(cell).get(id),
    all: (cell) => map(cell).values(),
  };
}

/** Every kind, by how its ids begin. */
export const kinds: readonly Kind[] = [
  kind('sg', 'security-group', 'InvalidGroup.NotFound', 'security group', (cell) => cell.groups),
  {
    prefix: 'sgr',
    type: 'security-group-rule',
    notFound: (id) => ['InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`],
    find: (cell, id) => allRules(cell).find((rule) => rule.id === id),
    all: allRules,
  },
  kind('vpc', 'vpc', 'InvalidVpcID.NotFound', 'vpc ID', (cell) => cell.vpcs),
  kind('subnet', 'subnet', 'InvalidSubnetID.NotFound', 'subnet ID', (cell) => cell.subnets),
  kind('pl', 'prefix-list', 'InvalidPrefixListID.NotFound', 'prefix list ID', (cell) => cell.prefixLists),
  kind('i', 'instance', 'InvalidInstanceID.NotFound', 'instance ID', (cell) => cell.instances),
  kind('ami', 'image', 'InvalidAMIID.NotFound', 'image ID', (cell) => cell.images),
  kind('vol', 'volume', 'InvalidVolume.NotFound', 'volume', (cell) => cell.volumes),
  kind('snap', 'snapshot', 'InvalidSnapshot.NotFound', 'snapshot', (cell) => cell.snapshots),
  kind('key', 'key-pair', 'InvalidKeyPair.NotFound', 'key pair', (cell) => cell.keyPairs),
  kind('lt', 'launch-template', 'InvalidLaunchTemplateId.NotFound', 'launch template ID', (cell) => cell.templates),
  kind('fleet', 'fleet', 'InvalidFleetId.NotFound', 'fleet ID', (cell) => cell.fleets),
  kind(
    'eni',
    'network-interface',
    'InvalidNetworkInterfaceID.NotFound',
    'networkInterface ID',
    (cell) => cell.interfaces,
  ),
];

export function kindOf(id: string): Kind | undefined {
  return kinds.find(({ prefix }) => id.startsWith(`${prefix}-`));
}
