import type { NetworkInterface, SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2';
import { at, list, number, text } from '../notifier/events/read';
import { failureOf } from './failures';
import { type ClosedGroup, closedGroupName, type Interface } from './groups/closedGroup';
import { type GroupRule, openRules, type PrefixLists } from './groups/openRules';
import { inWords, ruleOf, wordsOf } from './groups/rules';
import { quarantineSteps, revokeStep } from './groups/steps';
import type { Json } from './plan';
import { readAll, unless } from './read';
import { type Decision, defineResponder, type Look, type Question, type Target } from './responder';
import { allowedPortsOf } from './settings';
import type { Trigger } from './trigger';
import { tagsOf } from './wildcard';

/** A security group as it stands. */
export interface GroupFacts {
  readonly group: SecurityGroup;
  readonly ingress: readonly GroupRule[];
  readonly egress: readonly GroupRule[];
  readonly prefixLists: PrefixLists;
  /** Prefix lists that the account may not read (any more). */
  readonly unreadable: readonly string[];
  readonly interfaces: readonly Interface[];
  readonly closed?: ClosedGroup;
}

const large4 = [2, 3, 4, 5, 6, 7].map((length) => ({ suffix: `/${length}` }));
const large6 = [2, 3, 4, 5, 6].map((length) => ({ suffix: `/${length}` }));
const some = [{ exists: true }];

const inPermissions = [
  { prefixListIds: { items: { prefixListId: some } } },
  { ipRanges: { items: { cidrIp: large4 } } },
  { ipv6Ranges: { items: { cidrIpv6: large6 } } },
].map((items) => ({ ipPermissions: { items } }));

const inModifiedRule = [{ PrefixListId: some }, { CidrIpv4: large4 }, { CidrIpv6: large6 }].map(
  (SecurityGroupRule) => ({
    ModifySecurityGroupRulesRequest: { SecurityGroupRule: { SecurityGroupRule } },
  }),
);

/** An opened security group: the offending rules are revoked, or the group is taken out of use. */
export const openedSecurityGroup = defineResponder<GroupFacts>({
  id: 'opened-security-group',
  title: 'Opened security group',
  meaning: 'A security group lets everybody in on a port that is not allowed.',
  detections: ['security-group-open-to-world'],
  // What the detection cannot know: what a prefix list holds, and whether several networks make up the world.
  events: {
    inPlace: false,
    mark: {
      id: 'security-group-open-to-world',
      title: 'A security group was opened to the world',
      severity: 'high',
      runbook: 'docs/detections.md#security-group-open-to-world',
    },
    pattern: {
      'detail-type': [{ suffix: ' via CloudTrail' }],
      detail: {
        eventSource: ['ec2.amazonaws.com'],
        eventName: ['AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules'],
        errorCode: [{ exists: false }],
        requestParameters: { $or: [...inPermissions, ...inModifiedRule] },
      },
    },
  },
  findingTypes: [],
  strategies: {
    revoke: 'revokes the offending rules, and no others',
    quarantine: 'revokes them, moves network interfaces to a closed group, and deletes the group',
  },
  statements: ({ partition, accountId, region }) => {
    const here = (resource: string) => `arn:${partition}:ec2:${region}:${accountId}:${resource}/*`;
    const actions = (...names: string[]) => names.map((name) => `ec2:${name}`);
    return [
      {
        Sid: 'ReadGroups',
        Effect: 'Allow',
        Action: actions(
          'DescribeSecurityGroups',
          'DescribeSecurityGroupRules',
          'DescribeNetworkInterfaces',
          'GetManagedPrefixListEntries',
        ),
        Resource: ['*'],
      },
      {
        Sid: 'CloseGroups',
        Effect: 'Allow',
        Action: actions(
          'RevokeSecurityGroupIngress',
          'RevokeSecurityGroupEgress',
          'AuthorizeSecurityGroupIngress',
          'AuthorizeSecurityGroupEgress',
          'DeleteSecurityGroup',
        ),
        Resource: [here('security-group'), here('security-group-rule')],
      },
      {
        Sid: 'ClosedGroup',
        Effect: 'Allow',
        Action: actions('CreateSecurityGroup'),
        Resource: [here('security-group'), here('vpc')],
      },
      {
        Sid: 'TagGroups',
        Effect: 'Allow',
        Action: actions('CreateTags'),
        Resource: [here('security-group'), here('security-group-rule')],
        Condition: { StringLike: { 'ec2:CreateAction': ['CreateSecurityGroup', 'AuthorizeSecurityGroup*'] } },
      },
      {
        Sid: 'MoveInterfaces',
        Effect: 'Allow',
        Action: actions('ModifyNetworkInterfaceAttribute'),
        Resource: [here('network-interface'), here('security-group'), here('instance')],
      },
    ];
  },
  targets,
  observe,
  tags: ({ group }) => tagsOf(group.Tags),
  decide,
  state: ({ ingress, interfaces }) => ({
    ingress: wordsOf(ingress),
    interfaces: Object.fromEntries(interfaces.map(({ id, groups }) => [id, [...groups].sort()])),
  }),
});

function targets({ detail, alone }: Trigger): Target[] {
  const parameters = at(detail, 'requestParameters');
  const opened = list(detail, 'responseElements', 'securityGroupRuleSet', 'items');
  const group =
    text(parameters, 'groupId') ??
    text(parameters, 'ModifySecurityGroupRulesRequest', 'GroupId') ??
    text(parameters, 'modifySecurityGroupRulesRequest', 'groupId') ??
    text(opened[0], 'groupId');
  const name = text(parameters, 'groupName');
  const resource = group ?? name;
  const rules = opened.map((rule) => ({
    id: text(rule, 'securityGroupRuleId'),
    says: inWords({
      protocol: text(rule, 'ipProtocol') ?? '-1',
      from: number(rule, 'fromPort'),
      to: number(rule, 'toPort'),
      cidrIpv4: text(rule, 'cidrIpv4'),
      cidrIpv6: text(rule, 'cidrIpv6'),
      prefixListId: text(rule, 'prefixListId'),
      groupId: text(rule, 'referencedGroupInfo', 'groupId'),
    }),
  }));
  return resource === undefined
    ? []
    : [{ kind: 'SecurityGroup', resource, hints: { rules, alone, ...(group === undefined && { byName: true }) } }];
}

async function observe({ resource, hints }: Target, look: Look): Promise<GroupFacts | undefined> {
  const read = <Element>(operation: string, input: Record<string, Json>, member: string) =>
    readAll<Element>(look, { service: 'ec2', operation, input }, member);
  const filter = (Name: string, value: string) => ({ Filters: [{ Name, Values: [value] }] });
  const named = at(hints, 'byName') === true ? filter('group-name', resource) : { GroupIds: [resource] };
  const found = await unless(read<SecurityGroup>('DescribeSecurityGroups', named, 'SecurityGroups'), absent);
  const [group] = found ?? [];
  if (group === undefined) {
    return undefined;
  }
  const GroupId = group.GroupId as string;
  const [rules, interfaces, closed] = await Promise.all([
    read<SecurityGroupRule>('DescribeSecurityGroupRules', filter('group-id', GroupId), 'SecurityGroupRules'),
    read<NetworkInterface>('DescribeNetworkInterfaces', filter('group-id', GroupId), 'NetworkInterfaces'),
    closedGroupIn(group.VpcId ?? '', look),
  ]);
  const ingress = rules.filter(({ IsEgress }) => !IsEgress).map(ruleOf);
  return {
    group,
    ingress,
    egress: rules.filter(({ IsEgress }) => IsEgress).map(ruleOf),
    ...(await prefixListsOf(ingress, look)),
    interfaces: interfaces.map(interfaceOf),
    closed,
  };
}

const absent = ['InvalidGroup.NotFound', 'InvalidGroupId.Malformed', 'InvalidGroupId.NotFound'];

function interfaceOf({
  NetworkInterfaceId = '',
  Groups = [],
  RequesterManaged,
  RequesterId,
}: NetworkInterface): Interface {
  return {
    id: NetworkInterfaceId,
    groups: Groups.map(({ GroupId = '' }) => GroupId),
    ...(RequesterManaged && { managedBy: RequesterId ?? 'an AWS service' }),
  };
}

/** The closed group of a VPC, with what somebody may have put into it. */
export async function closedGroupIn(vpcId: string, look: Look): Promise<ClosedGroup | undefined> {
  const filter = (Name: string, value: string) => ({ Name, Values: [value] });
  const Filters = [filter('group-name', closedGroupName), filter('vpc-id', vpcId)];
  const call = (operation: string, input: Record<string, Json>) => ({ service: 'ec2', operation, input }) as const;
  const [group] = await readAll<SecurityGroup>(look, call('DescribeSecurityGroups', { Filters }), 'SecurityGroups');
  if (group?.GroupId === undefined) {
    return undefined;
  }
  const rules = await readAll<SecurityGroupRule>(
    look,
    call('DescribeSecurityGroupRules', { Filters: [filter('group-id', group.GroupId)] }),
    'SecurityGroupRules',
  );
  const ids = (egress: boolean) =>
    rules
      .filter(({ IsEgress = false }) => IsEgress === egress)
      .map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
  return { id: group.GroupId, ingress: ids(false), egress: ids(true) };
}

async function prefixListsOf(
  rules: readonly GroupRule[],
  look: Look,
): Promise<Pick<GroupFacts, 'prefixLists' | 'unreadable'>> {
  const ids = [...new Set(rules.flatMap(({ prefixListId }) => prefixListId ?? []))];
  const unreadable: string[] = [];
  const lists = await Promise.all(
    ids.map(async (PrefixListId) => {
      const call = { service: 'ec2', operation: 'GetManagedPrefixListEntries', input: { PrefixListId } } as const;
      try {
        const entries = await readAll<{ Cidr?: string }>(look, call, 'Entries');
        return [PrefixListId, entries.map(({ Cidr = '' }) => Cidr)] as const;
      } catch (error) {
        // Whoever shares a list can take it back: that must not keep the other rules from being looked at.
        if (!['denied', 'gone'].includes(failureOf(error).kind)) {
          throw error;
        }
        unreadable.push(PrefixListId);
        return [PrefixListId, []] as const;
      }
    }),
  );
  return { prefixLists: Object.fromEntries(lists), unreadable };
}

function decide(facts: GroupFacts, { strategy, target, place, settings }: Question): Decision {
  const { group, ingress, prefixLists } = facts;
  const unreadable = facts.unreadable.map((id) => `what the prefix list ${id} holds could not be read`);
  const open = openRules(ingress, prefixLists, allowedPortsOf(settings, place.accountId));
  if (open.length === 0) {
    const kind = at(target.hints, 'alone') === true && unreadable.length === 0 ? 'ignore' : 'nothing';
    return { kind, reasons: ['no rule of it is open to the world on a port that is not allowed', ...unreadable] };
  }
  const reasons = [...open.map((rule) => `open to the world: ${inWords(rule)} (${rule.id})`), ...unreadable];
  const told = list(target.hints, 'rules').filter((rule) => text(rule, 'id') !== undefined);
  const standing = told.filter((rule) =>
    ingress.some((each) => each.id === text(rule, 'id') && inWords(each) === text(rule, 'says')),
  );
  if (told.length > 0 && standing.length === 0) {
    const gone = 'the rules that the event tells of are gone or were changed since; what is open now came otherwise';
    return { kind: 'changed', reasons: [gone, ...reasons] };
  }
  const revoke = revokeStep(group.GroupId as string, open, place.region);
  switch (strategy) {
    case 'revoke':
      return { kind: 'act', reasons, steps: [revoke] };
    case 'quarantine':
      return group.GroupName === 'default'
        ? { kind: 'act', reasons: [...reasons, 'a default group cannot be deleted'], steps: [revoke] }
        : { kind: 'act', ...quarantineSteps(facts, open, reasons, place.region) };
    default:
      return { kind: 'notify', reasons, advice: [`revoke ${open.map(({ id }) => id).join(', ')}`] };
  }
}
