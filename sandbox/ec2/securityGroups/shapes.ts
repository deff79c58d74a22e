import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import type { Place, Rule, RuleTerms, SecurityGroup } from '../state';

interface Permission extends IpPermission {
  IpRanges: NonNullable<IpPermission['IpRanges']>;
  Ipv6Ranges: NonNullable<IpPermission['Ipv6Ranges']>;
  PrefixListIds: NonNullable<IpPermission['PrefixListIds']>;
  UserIdGroupPairs: NonNullable<IpPermission['UserIdGroupPairs']>;
}

function addTo(permission: Permission, terms: RuleTerms): void {
  const Description = terms.description;
  if (terms.cidr4 !== undefined) {
    permission.IpRanges.push({ CidrIp: terms.cidr4, Description });
  } else if (terms.cidr6 !== undefined) {
    permission.Ipv6Ranges.push({ CidrIpv6: terms.cidr6, Description });
  } else if (terms.prefixListId !== undefined) {
    permission.PrefixListIds.push({ PrefixListId: terms.prefixListId, Description });
  } else if (terms.peer) {
    permission.UserIdGroupPairs.push({ GroupId: terms.peer.groupId, UserId: terms.peer.userId, Description });
  }
}

/** Rules as permissions: those of one protocol and range of ports together. */
export function permissionsOf(rules: Iterable<RuleTerms>): IpPermission[] {
  const byPorts = new Map<string, Permission>();
  for (const terms of rules) {
    const key = `${terms.protocol}/${terms.fromPort}/${terms.toPort}`;
    let permission = byPorts.get(key);
    if (!permission) {
      permission = {
        IpProtocol: terms.protocol,
        FromPort: terms.fromPort,
        ToPort: terms.toPort,
        IpRanges: [],
        Ipv6Ranges: [],
        PrefixListIds: [],
        UserIdGroupPairs: [],
      };
      byPorts.set(key, permission);
    }
    addTo(permission, terms);
  }
  return [...byPorts.values()];
}

/** A rule as EC2 tells it; ports that do not apply are -1 here. */
export function ruleShape(rule: Rule, { cell, ec2 }: Place): SecurityGroupRule {
  const { terms } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: rule.groupId,
    GroupOwnerId: cell.site.accountId,
    IsEgress: terms.egress,
    IpProtocol: terms.protocol,
    FromPort: terms.fromPort ?? -1,
    ToPort: terms.toPort ?? -1,
    CidrIpv4: terms.cidr4,
    CidrIpv6: terms.cidr6,
    PrefixListId: terms.prefixListId,
    ReferencedGroupInfo: terms.peer && { GroupId: terms.peer.groupId, UserId: terms.peer.userId },
    Description: terms.description,
    Tags: tagList(rule.tags),
    SecurityGroupRuleArn: ec2.arn(cell.site, `security-group-rule/${rule.id}`),
  };
}

/** What `RevokeSecurityGroupIngress` and `…Egress` tell of a rule that is gone. */
export function revokedShape(rule: Rule) {
  const { terms } = rule;
  return {
    SecurityGroupRuleId: rule.id,
    GroupId: rule.groupId,
    IsEgress: terms.egress,
    IpProtocol: terms.protocol,
    FromPort: terms.fromPort ?? -1,
    ToPort: terms.toPort ?? -1,
    CidrIpv4: terms.cidr4,
    CidrIpv6: terms.cidr6,
    PrefixListId: terms.prefixListId,
    ReferencedGroupId: terms.peer?.groupId,
    Description: terms.description,
  };
}

export function termsOf(group: SecurityGroup, egress: boolean): RuleTerms[] {
  return [...group.rules.values()].map((rule) => rule.terms).filter((terms) => terms.egress === egress);
}

export function groupShape(group: SecurityGroup, { cell, ec2 }: Place) {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    OwnerId: cell.site.accountId,
    VpcId: group.vpcId,
    IpPermissions: permissionsOf(termsOf(group, false)),
    IpPermissionsEgress: permissionsOf(termsOf(group, true)),
    Tags: tagList(group.tags),
    SecurityGroupArn: ec2.arn(cell.site, `security-group/${group.id}`),
  };
}
