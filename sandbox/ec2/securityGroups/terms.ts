import type { IpPermission, SecurityGroupRuleRequest } from '@aws-sdk/client-ec2';
import { ec2Error } from '../errors';
import { isId } from '../ids';
import { rangeText, readRange } from '../network/cidr';
import { defaultVpc } from '../network/defaults';
import type { Cell, RuleTarget, RuleTerms } from '../state';

const protocols: Readonly<Record<string, string>> = {
  '-1': '-1',
  all: '-1',
  '6': 'tcp',
  tcp: 'tcp',
  '17': 'udp',
  udp: 'udp',
  '1': 'icmp',
  icmp: 'icmp',
  '58': 'icmpv6',
  icmpv6: 'icmpv6',
};

const withPorts = ['tcp', 'udp', 'icmp', 'icmpv6'];

interface Ports {
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
}

interface PortInput {
  readonly IpProtocol?: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
}

/** Protocol and ports in EC2's own form. @throws ServiceError `InvalidParameterValue` */
function readPorts({ IpProtocol, FromPort, ToPort }: PortInput): Ports {
  if (IpProtocol === undefined || IpProtocol === '') {
    throw ec2Error(
      'InvalidParameterValue',
      "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
    );
  }
  const number = /^\d{1,3}$/.test(IpProtocol) && Number(IpProtocol) <= 255 ? String(Number(IpProtocol)) : undefined;
  const protocol = protocols[number ?? IpProtocol.toLowerCase()] ?? number;
  if (protocol === undefined) {
    throw ec2Error('InvalidParameterValue', `Invalid value '${IpProtocol}' for IP protocol. Unknown protocol.`);
  }
  if (!withPorts.includes(protocol)) {
    return { protocol };
  }
  if (protocol === 'tcp' || protocol === 'udp') {
    checkRange(protocol, FromPort, ToPort);
  }
  const [fromPort, toPort] = [FromPort ?? -1, ToPort ?? -1];
  if (protocol.startsWith('icmp') && fromPort === -1 && toPort !== -1) {
    throw ec2Error('InvalidParameterValue', `ICMP code (${toPort}) is illegal for ICMP type (-1)`);
  }
  return { protocol, fromPort, toPort };
}

function checkRange(protocol: string, from: number | undefined, to: number | undefined): void {
  if (from === undefined || to === undefined) {
    throw ec2Error(
      'InvalidParameterValue',
      'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.',
    );
  }
  const outside = (port: number) => !Number.isInteger(port) || port < 0 || port > 65_535;
  if (outside(from) || outside(to) || from > to) {
    const name = protocol.toUpperCase();
    throw ec2Error('InvalidParameterValue', `Invalid value for portRange. Invalid ${name} port range (${from}, ${to})`);
  }
}

/** The range in its canonical form: `100.68.0.18/18` is `100.68.0.0/18`. */
function canonical(text: string, family: 4 | 6): string {
  const range = readRange(text);
  if (range?.family !== family) {
    throw ec2Error('InvalidParameterValue', `CIDR block ${text} is malformed`);
  }
  return rangeText(range);
}

const described = /^[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]*$/;

function checkDescription(text: string | undefined): string | undefined {
  if (text !== undefined && (text.length > 255 || !described.test(text))) {
    throw ec2Error(
      'InvalidParameterValue',
      'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
    );
  }
  return text === '' ? undefined : text;
}

interface PairInput {
  readonly GroupId?: string;
  readonly GroupName?: string;
  readonly UserId?: string;
  readonly VpcId?: string;
}

/** The group that a rule names, by id or (in the default VPC) by name. @throws ServiceError `InvalidGroup.NotFound` */
function readPeer(cell: Cell, pair: PairInput, own: boolean): RuleTarget['peer'] {
  const { GroupId, GroupName, UserId } = pair;
  if (GroupId !== undefined && !isId('sg', GroupId)) {
    throw ec2Error('InvalidGroupId.Malformed', `Invalid id: "${GroupId}" (expecting "sg-...")`);
  }
  const foreign = UserId !== undefined && UserId !== cell.site.accountId;
  if (GroupId !== undefined && foreign) {
    return { groupId: GroupId, userId: UserId, vpcId: pair.VpcId };
  }
  const vpc = defaultVpc(cell);
  const group =
    GroupId === undefined
      ? [...cell.groups.values()].find((one) => one.name === GroupName && one.vpcId === vpc?.id)
      : cell.groups.get(GroupId);
  if (!group && own) {
    throw ec2Error('InvalidGroup.NotFound', `The security group '${GroupId ?? GroupName}' does not exist`);
  }
  return { groupId: group?.id ?? GroupId ?? '', userId: cell.site.accountId };
}

function checkPrefixList(cell: Cell, id: string | undefined, own: boolean): string {
  if (own && !cell.prefixLists.has(id ?? '')) {
    throw ec2Error('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
  }
  return id ?? '';
}

/**
 * The rules that permissions stand for: one per range, prefix list and group.
 *
 * @param own whether what they name has to exist (it need not for rules that are taken away)
 * @throws ServiceError in EC2's words for anything that is no rule
 */
export function readPermissions(
  cell: Cell,
  permissions: readonly IpPermission[],
  egress: boolean,
  own = true,
): RuleTerms[] {
  return permissions.flatMap((permission) => {
    const ports = { egress, ...readPorts(permission) };
    return [
      ...(permission.IpRanges ?? []).map(({ CidrIp = '', Description }) => ({
        ...ports,
        cidr4: canonical(CidrIp, 4),
        description: checkDescription(Description),
      })),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 = '', Description }) => ({
        ...ports,
        cidr6: canonical(CidrIpv6, 6),
        description: checkDescription(Description),
      })),
      ...(permission.PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
        ...ports,
        prefixListId: checkPrefixList(cell, PrefixListId, own),
        description: checkDescription(Description),
      })),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
        ...ports,
        peer: readPeer(cell, pair, own),
        description: checkDescription(pair.Description),
      })),
    ];
  });
}

/** What `ModifySecurityGroupRules` wants a rule to say. @throws ServiceError */
export function readRuleRequest(cell: Cell, request: SecurityGroupRuleRequest, egress: boolean): RuleTerms {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId } = request;
  const ports = readPorts(request);
  const targets = [CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId].filter((target) => target !== undefined);
  if (targets.length === 0) {
    throw ec2Error(
      'MissingParameter',
      'The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId',
    );
  }
  if (targets.length > 1) {
    throw ec2Error(
      'InvalidParameterCombination',
      'Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified',
    );
  }
  const rest = { egress, ...ports, description: checkDescription(request.Description) };
  if (CidrIpv4 !== undefined) {
    return { ...rest, cidr4: canonical(CidrIpv4, 4) };
  }
  if (CidrIpv6 !== undefined) {
    return { ...rest, cidr6: canonical(CidrIpv6, 6) };
  }
  return PrefixListId === undefined
    ? { ...rest, peer: readPeer(cell, { GroupId: ReferencedGroupId }, true) }
    : { ...rest, prefixListId: checkPrefixList(cell, PrefixListId, true) };
}

/** Two rules are the same when this is: descriptions do not count. */
export function sameness(terms: RuleTerms): string {
  const { egress, protocol, fromPort, toPort } = terms;
  return [egress, protocol, fromPort, toPort, targetText(terms)].join('|');
}

export function targetText(target: RuleTarget): string {
  return target.cidr4 ?? target.cidr6 ?? target.prefixListId ?? target.peer?.groupId ?? '';
}
