import type { GroupFacts } from '../opened-security-group';
import { from, type Json, type Step } from '../plan';
import { closedGroup, moveInterface } from './closedGroup';
import type { GroupRule } from './openRules';
import { byTags, inWords, permissionOf } from './rules';

type Self = Parameters<typeof permissionOf>[1];

/** Takes rules out of a group by their ids, and brings them back as they were. */
export function revokeStep(groupId: string, rules: readonly GroupRule[], region: string, later: Json = groupId): Step {
  return {
    service: 'ec2',
    region,
    operation: 'RevokeSecurityGroupIngress',
    does: `revokes ${rules.map(inWords).join(', ')}`,
    input: { GroupId: groupId, SecurityGroupRuleIds: rules.map(({ id }) => id) },
    stale: ['InvalidSecurityGroupRuleId.NotFound'],
    undo: authorizeSteps(later, rules, region, 'Ingress'),
  };
}

function authorizeSteps(
  GroupId: Json,
  rules: readonly GroupRule[],
  region: string,
  direction: 'Ingress' | 'Egress',
  self?: Self,
): Step[] {
  return byTags(rules).map(({ rules: own, tags }) => ({
    service: 'ec2',
    region,
    operation: `AuthorizeSecurityGroup${direction}`,
    does: `lets ${own.map(inWords).join(', ')} ${direction === 'Ingress' ? 'in' : 'out'} again`,
    input: {
      GroupId,
      IpPermissions: own.map((rule) => permissionOf(rule, self)),
      ...((tags as Json[]).length > 0 && {
        TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: tags }],
      }),
    },
    settles: ['InvalidPermission.Duplicate'],
  }));
}

/** Takes a group out of use: what is open first, then the network interfaces, then the group itself. */
export function quarantineSteps(
  facts: GroupFacts,
  open: readonly GroupRule[],
  reasons: readonly string[],
  region: string,
): { readonly reasons: readonly string[]; readonly steps: readonly Step[] } {
  const { group, interfaces } = facts;
  const groupId = group.GroupId as string;
  const managed = interfaces.filter(({ managedBy }) => managedBy !== undefined);
  const movable = interfaces.filter(({ managedBy }) => managedBy === undefined);
  const closed = movable.length === 0 ? undefined : closedGroup(group.VpcId ?? '', region, facts.closed);
  const isLeft = managed.length === 0;
  // The group that comes back has another id than the one that went.
  const back = (id: string): Json => (id === groupId ? again(groupId) : id);
  const moves = movable.map((own) => {
    const others = own.groups.filter((id) => id !== groupId);
    return moveInterface(own, [...others, (closed as NonNullable<typeof closed>).id], region, own.groups.map(back));
  });
  const left = managed.map(
    ({ id, managedBy }) => `${managedBy} runs the network interface ${id}: it keeps its group, which therefore stays`,
  );
  return {
    reasons: [...reasons, ...left],
    steps: [
      revokeStep(groupId, open, region, again(groupId)),
      ...(closed?.steps ?? []),
      ...moves,
      ...(isLeft ? [deleteStep(facts, region)] : []),
    ],
  };
}

/** The group's id once it was made again; its own where it never went. */
function again(groupId: string): Json {
  return from('again', ['GroupId'], groupId);
}

function deleteStep(facts: GroupFacts, region: string): Step {
  const { group } = facts;
  const GroupId = group.GroupId as string;
  return {
    service: 'ec2',
    region,
    operation: 'DeleteSecurityGroup',
    does: `deletes the group ${group.GroupName} (${GroupId})`,
    input: { GroupId },
    settles: ['InvalidGroup.NotFound'],
    undo: recreateSteps(facts, region),
  };
}

function recreateSteps({ group, ingress, egress }: GroupFacts, region: string): Step[] {
  const call = { service: 'ec2', region } as const;
  const Tags = (group.Tags ?? [])
    .filter(({ Key }) => !Key?.startsWith('aws:'))
    .map(({ Key, Value }) => ({ Key, Value }));
  const GroupId = again(group.GroupId as string);
  const self = { id: group.GroupId as string, as: GroupId };
  const everything = egress.some((rule) => rule.protocol === '-1' && rule.cidrIpv4 === '0.0.0.0/0');
  return [
    {
      ...call,
      operation: 'CreateSecurityGroup',
      does: `makes the group ${group.GroupName} again, under another id`,
      input: {
        GroupName: group.GroupName,
        Description: group.Description,
        VpcId: group.VpcId,
        ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group', Tags }] }),
      },
      save: 'again',
    },
    ...(everything
      ? []
      : [
          {
            ...call,
            operation: 'RevokeSecurityGroupEgress',
            does: 'takes out what a new group lets out by itself',
            input: { GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
            settles: ['InvalidPermission.NotFound'],
          } as const,
        ]),
    ...authorizeSteps(GroupId, ingress, region, 'Ingress', self),
    ...authorizeSteps(
      GroupId,
      egress.filter((rule) => !(everything && rule.protocol === '-1' && rule.cidrIpv4 === '0.0.0.0/0')),
      region,
      'Egress',
      self,
    ),
  ];
}
