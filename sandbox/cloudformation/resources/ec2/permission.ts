import type { ValueMap } from '../../template/model';
import { isMap } from '../../template/model';
import { maps } from '../values';
import { known } from './shared';

/** Which way a rule lets traffic: into the group's members or out of them. */
export type Direction = 'Ingress' | 'Egress';

/** What every new group lets out: everything. */
export const openOutward: ValueMap = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

/** A template's rule as EC2 takes it: one protocol, one range of ports, one source or destination. */
export function permissionOf(rule: ValueMap): ValueMap {
  const { IpProtocol, FromPort, ToPort, CidrIp, CidrIpv6, Description, SourceSecurityGroupOwnerId: UserId } = rule;
  const PrefixListId = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
  const GroupId = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
  const GroupName = rule.SourceSecurityGroupName;
  const pair = GroupId === undefined && GroupName === undefined ? undefined : { GroupId, GroupName, UserId };
  return known({
    IpProtocol: IpProtocol === undefined ? undefined : String(IpProtocol),
    FromPort,
    ToPort,
    IpRanges: CidrIp === undefined ? undefined : [known({ CidrIp, Description })],
    Ipv6Ranges: CidrIpv6 === undefined ? undefined : [known({ CidrIpv6, Description })],
    PrefixListIds: PrefixListId === undefined ? undefined : [known({ PrefixListId, Description })],
    UserIdGroupPairs: pair && [known({ ...pair, Description })],
  });
}

/** EC2's permissions as a template writes them: a rule for each range, list and group. */
export function rulesOf(permissions: readonly ValueMap[], direction: Direction): ValueMap[] {
  const [list, group] =
    direction === 'Ingress'
      ? (['SourcePrefixListId', 'SourceSecurityGroupId'] as const)
      : (['DestinationPrefixListId', 'DestinationSecurityGroupId'] as const);
  return permissions.flatMap(({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, ...rest }) => {
    const common = { IpProtocol, FromPort, ToPort };
    return [
      ...maps(IpRanges).map(({ CidrIp, Description }) => known({ ...common, CidrIp, Description })),
      ...maps(Ipv6Ranges).map(({ CidrIpv6, Description }) => known({ ...common, CidrIpv6, Description })),
      ...maps(PrefixListIds).map((one) => known({ ...common, [list]: one.PrefixListId, Description: one.Description })),
      ...maps(rest.UserIdGroupPairs).map((one) =>
        known({
          ...common,
          [group]: one.GroupId,
          Description: one.Description,
          ...(direction === 'Ingress' ? { SourceSecurityGroupOwnerId: one.UserId } : {}),
        }),
      ),
    ];
  });
}

/** The rules that a group is to have. A template that says nothing of outward traffic leaves all of it open. */
export function wantedRules(properties: ValueMap, direction: Direction): ValueMap[] {
  const value = properties[`SecurityGroup${direction}`];
  // A single rule need not be a list.
  const rules = isMap(value) ? [value] : maps(value);
  return direction === 'Egress' && rules.length === 0 ? [openOutward] : rules;
}
