import type { SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Json } from '../plan';
import { tagsOf } from '../wildcard';
import type { GroupRule } from './openRules';

/** A rule as the SDK gives it. */
export function ruleOf(rule: SecurityGroupRule): GroupRule {
  return {
    id: rule.SecurityGroupRuleId ?? '',
    protocol: rule.IpProtocol ?? '-1',
    from: rule.FromPort,
    to: rule.ToPort,
    cidrIpv4: rule.CidrIpv4,
    cidrIpv6: rule.CidrIpv6,
    prefixListId: rule.PrefixListId,
    groupId: rule.ReferencedGroupInfo?.GroupId,
    groupOwner: rule.ReferencedGroupInfo?.UserId,
    description: rule.Description,
    tags: tagsOf(rule.Tags),
  };
}

/** A rule in words, the same for the same rule whatever its id: `tcp 22 from 0.0.0.0/0`. */
export function inWords({ protocol, from, to, ...rule }: Omit<GroupRule, 'id' | 'tags'>): string {
  const source = rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.prefixListId ?? rule.groupId ?? '?';
  const ports = from === undefined || from === -1 ? '' : from === to ? ` ${from}` : ` ${from}–${to}`;
  return `${protocol === '-1' ? 'all protocols' : protocol}${protocol === '-1' ? '' : ports} from ${source}`;
}

/** Rules as words, sorted: what a group lets through. */
export function wordsOf(rules: readonly GroupRule[]): string[] {
  return rules.map((rule) => inWords(rule)).sort();
}

/** A rule as `AuthorizeSecurityGroupIngress` takes it. `self` stands for the group's own id in a new group. */
export function permissionOf(rule: GroupRule, self?: { readonly id: string; readonly as: Json }): Json {
  const described = rule.description === undefined ? {} : { Description: rule.description };
  const source: Record<string, Json> = {
    ...(rule.cidrIpv4 !== undefined && { IpRanges: [{ CidrIp: rule.cidrIpv4, ...described }] }),
    ...(rule.cidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6: rule.cidrIpv6, ...described }] }),
    ...(rule.prefixListId !== undefined && { PrefixListIds: [{ PrefixListId: rule.prefixListId, ...described }] }),
    ...(rule.groupId !== undefined && {
      UserIdGroupPairs: [
        {
          GroupId: rule.groupId === self?.id ? self.as : rule.groupId,
          ...(rule.groupOwner !== undefined && { UserId: rule.groupOwner }),
          ...described,
        },
      ],
    }),
  };
  return { IpProtocol: rule.protocol, FromPort: rule.from, ToPort: rule.to, ...source };
}

/** Rules with the same tags together: one call gives all of its rules the same tags. */
export function byTags(rules: readonly GroupRule[]): { readonly rules: GroupRule[]; readonly tags: Json }[] {
  const groups = new Map<string, { rules: GroupRule[]; tags: Json }>();
  for (const rule of rules) {
    const tags = Object.entries(rule.tags).map(([Key, Value]) => ({ Key, Value }));
    const key = JSON.stringify(tags);
    const group: { rules: GroupRule[]; tags: Json } = groups.get(key) ?? { rules: [], tags };
    group.rules.push(rule);
    groups.set(key, group);
  }
  return [...groups.values()];
}
