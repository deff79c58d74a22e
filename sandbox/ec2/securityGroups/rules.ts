import type {
  AuthorizeSecurityGroupIngressRequest,
  DescribeSecurityGroupRulesRequest,
  IpPermission,
  ModifySecurityGroupRulesRequest,
  RevokeSecurityGroupIngressRequest,
  SecurityGroupRuleDescription,
  UpdateSecurityGroupRuleDescriptionsIngressRequest,
} from '@aws-sdk/client-ec2';
import { ec2Error } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { isId, newId } from '../ids';
import { tagsOf } from '../specifications';
import type { Cell, Operation, Operations, Place, Rule, RuleTerms, SecurityGroup } from '../state';
import { namedGroup } from './groups';
import { checkLimits } from './limits';
import { permissionsOf, revokedShape, ruleShape } from './shapes';
import { readPermissions, readRuleRequest, sameness, targetText } from './terms';

/** What a request in the short form that names a group alone stands for: all of TCP, UDP and ICMP. */
const everything = [
  { IpProtocol: 'tcp', FromPort: 0, ToPort: 65_535 },
  { IpProtocol: 'udp', FromPort: 0, ToPort: 65_535 },
  { IpProtocol: 'icmp', FromPort: -1, ToPort: -1 },
];

/** The permissions of a request: the list, or the short form with one of each. */
function permissionsIn(input: AuthorizeSecurityGroupIngressRequest): IpPermission[] {
  const { IpProtocol, FromPort, ToPort, CidrIp, SourceSecurityGroupName, SourceSecurityGroupOwnerId } = input;
  const listed = input.IpPermissions ?? [];
  if (SourceSecurityGroupName !== undefined) {
    const UserIdGroupPairs = [{ GroupName: SourceSecurityGroupName, UserId: SourceSecurityGroupOwnerId }];
    return [...listed, ...everything.map((ports) => ({ ...ports, UserIdGroupPairs }))];
  }
  const short = IpProtocol !== undefined || CidrIp !== undefined;
  const IpRanges = CidrIp === undefined ? [] : [{ CidrIp }];
  return short ? [...listed, { IpProtocol, FromPort, ToPort, IpRanges }] : [...listed];
}

function ruleText(terms: RuleTerms): string {
  const ports = terms.fromPort === undefined ? '' : ` from port: ${terms.fromPort}, to port: ${terms.toPort},`;
  const protocol = terms.protocol === '-1' ? 'ALL' : terms.protocol.toUpperCase();
  return `peer: ${targetText(terms)}, ${protocol},${ports} ALLOW`;
}

function checkNew(group: SecurityGroup, wanted: readonly RuleTerms[]): void {
  const keys = wanted.map(sameness);
  if (new Set(keys).size < keys.length) {
    throw ec2Error('InvalidParameterValue', 'The same permission must not appear multiple times');
  }
  const there = new Set([...group.rules.values()].map((rule) => sameness(rule.terms)));
  const twice = wanted.find((terms) => there.has(sameness(terms)));
  if (twice) {
    throw ec2Error('InvalidPermission.Duplicate', `the specified rule "${ruleText(twice)}" already exists`);
  }
}

function authorize(egress: boolean): Operation {
  return (input: AuthorizeSecurityGroupIngressRequest, place: Place) => {
    const { cell } = place;
    const group = namedGroup(cell, input);
    const permissions = permissionsIn(input);
    if (permissions.length === 0) {
      throw ec2Error('MissingParameter', 'The request must contain the parameter ipPermissions');
    }
    const wanted = readPermissions(cell, permissions, egress);
    checkLimits(cell, group, wanted);
    checkNew(group, wanted);
    const tags = tagsOf(input.TagSpecifications, 'security-group-rule');
    const rules = wanted.map((terms): Rule => ({ id: newId('sgr'), groupId: group.id, terms, tags: new Map(tags) }));
    for (const rule of rules) {
      group.rules.set(rule.id, rule);
    }
    return { Return: true, SecurityGroupRules: rules.map((rule) => newRuleShape(rule, place)) };
  };
}

/** The answer names tags only where the request did. */
function newRuleShape(rule: Rule, place: Place) {
  const { Tags, ...shape } = ruleShape(rule, place);
  return Tags?.length ? { ...shape, Tags } : shape;
}

/** @throws ServiceError `InvalidSecurityGroupRuleId.NotFound`, `InvalidSecurityGroupRuleId.Malformed` */
function ruleIn(rules: ReadonlyMap<string, Rule>, id: string | undefined): Rule {
  if (!isId('sgr', id ?? '')) {
    const message = `The security group rule ID '${id}' is malformed`;
    throw ec2Error('InvalidSecurityGroupRuleId.Malformed', message);
  }
  const rule = rules.get(id ?? '');
  if (!rule) {
    throw ec2Error('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);
  }
  return rule;
}

function ofDirection(group: SecurityGroup, egress: boolean): Map<string, Rule> {
  return new Map([...group.rules].filter(([, rule]) => rule.terms.egress === egress));
}

function matching(group: SecurityGroup, wanted: readonly RuleTerms[]): { found: Rule[]; unknown: RuleTerms[] } {
  const byKey = new Map([...group.rules.values()].map((rule) => [sameness(rule.terms), rule]));
  const found = wanted.flatMap((terms) => byKey.get(sameness(terms)) ?? []);
  return { found, unknown: wanted.filter((terms) => !byKey.has(sameness(terms))) };
}

function revoke(egress: boolean): Operation {
  return (input: RevokeSecurityGroupIngressRequest, { cell }: Place) => {
    const group = namedGroup(cell, input);
    const permissions = permissionsIn(input);
    const ids = input.SecurityGroupRuleIds ?? [];
    if (permissions.length === 0 && ids.length === 0) {
      throw ec2Error('MissingParameter', "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.");
    }
    if (permissions.length > 0 && ids.length > 0) {
      const message = "Only one of 'ipPermissions' or 'securityGroupRuleIds' should be provided.";
      throw ec2Error('InvalidParameterCombination', message);
    }
    const named = ids.map((id) => ruleIn(ofDirection(group, egress), id));
    const { found, unknown } = matching(group, readPermissions(cell, permissions, egress, false));
    // In the default VPC, as in the days before VPCs, what is not there is only told.
    if (unknown.length > 0 && !cell.vpcs.get(group.vpcId)?.isDefault) {
      const message = 'The specified rule does not exist in this security group.';
      throw ec2Error('InvalidPermission.NotFound', message);
    }
    const gone = [...named, ...found];
    for (const rule of gone) {
      group.rules.delete(rule.id);
    }
    return {
      Return: true,
      UnknownIpPermissions: unknown.length > 0 ? permissionsOf(unknown) : undefined,
      RevokedSecurityGroupRules: gone.map(revokedShape),
    };
  };
}

function kindOf(terms: RuleTerms): string {
  return terms.cidr4 !== undefined
    ? 'an IPv4 CIDR'
    : terms.cidr6 !== undefined
      ? 'an IPv6 CIDR'
      : terms.prefixListId !== undefined
        ? 'a prefix list ID'
        : 'a referenced group ID';
}

function modify(input: ModifySecurityGroupRulesRequest, { cell }: Place) {
  const group = namedGroup(cell, input);
  const changes = (input.SecurityGroupRules ?? []).map(({ SecurityGroupRuleId, SecurityGroupRule = {} }) => {
    const rule = ruleIn(group.rules, SecurityGroupRuleId);
    const terms = readRuleRequest(cell, SecurityGroupRule, rule.terms.egress);
    if (kindOf(terms) !== kindOf(rule.terms)) {
      const [is, wanted] = [kindOf(rule.terms).replace(/^an? /, ''), kindOf(terms)];
      throw ec2Error('InvalidParameterValue', `You may not specify ${wanted} for an existing ${is} rule.`);
    }
    return { rule, terms };
  });
  const changed = new Set(changes.map(({ rule }) => rule));
  const rest = new Map([...group.rules].filter(([, rule]) => !changed.has(rule)));
  checkNew(
    { ...group, rules: rest },
    changes.map(({ terms }) => terms),
  );
  for (const { rule, terms } of changes) {
    rule.terms = terms;
  }
  return { Return: true };
}

function describe(rule: Rule, text: string | undefined): void {
  const { description: _old, ...terms } = rule.terms;
  rule.terms = text ? { ...terms, description: text } : terms;
}

function updateDescriptions(egress: boolean): Operation {
  return (input: UpdateSecurityGroupRuleDescriptionsIngressRequest, { cell }: Place) => {
    const group = namedGroup(cell, input);
    const permissions = input.IpPermissions ?? [];
    const byId = input.SecurityGroupRuleDescriptions ?? [];
    if (permissions.length === 0 && byId.length === 0) {
      const message = "Either 'ipPermissions' or 'securityGroupRuleDescriptions' should be provided.";
      throw ec2Error('MissingParameter', message);
    }
    const wanted = readPermissions(cell, permissions, egress, false);
    const { found, unknown } = matching(group, wanted);
    if (unknown.length > 0) {
      const message = 'The specified rule does not exist in this security group.';
      throw ec2Error('InvalidPermission.NotFound', message);
    }
    const pairs = byId.map(({ SecurityGroupRuleId, Description }: SecurityGroupRuleDescription) => ({
      rule: ruleIn(ofDirection(group, egress), SecurityGroupRuleId),
      Description,
    }));
    found.forEach((rule, index) => {
      describe(rule, wanted[index]?.description);
    });
    for (const { rule, Description } of pairs) {
      describe(rule, Description);
    }
    return { Return: true };
  };
}

const fields: FilterFields<Rule> = {
  'group-id': (rule) => rule.groupId,
  'security-group-rule-id': (rule) => rule.id,
};

function everyRule(cell: Cell): Map<string, Rule> {
  return new Map([...cell.groups.values()].flatMap((group) => [...group.rules]));
}

function describeRules(input: DescribeSecurityGroupRulesRequest, place: Place) {
  const all = everyRule(place.cell);
  for (const { Name, Values = [] } of input.Filters ?? []) {
    const bad = Name === 'group-id' ? Values.find((id) => !isId('sg', id.replace(/[*?]/g, '0'))) : undefined;
    if (bad !== undefined) {
      throw ec2Error('InvalidGroupId.Malformed', `The security group ID '${bad}' is malformed`);
    }
  }
  const ids = input.SecurityGroupRuleIds ?? [];
  if (ids.length > 0 && input.MaxResults !== undefined) {
    const message = 'The parameter maxResults cannot be used with the parameter securityGroupRuleIds';
    throw ec2Error('InvalidParameterCombination', message);
  }
  const rules = ids.length > 0 ? ids.map((id) => ruleIn(all, id)) : all.values();
  const page = pageOf(
    filtered(rules, input.Filters, fields, (rule) => rule.tags),
    input,
  );
  return { SecurityGroupRules: page.items.map((rule) => ruleShape(rule, place)), NextToken: page.NextToken };
}

export const ruleOperations: Operations = {
  AuthorizeSecurityGroupIngress: authorize(false),
  AuthorizeSecurityGroupEgress: authorize(true),
  RevokeSecurityGroupIngress: revoke(false),
  RevokeSecurityGroupEgress: revoke(true),
  ModifySecurityGroupRules: modify,
  UpdateSecurityGroupRuleDescriptionsIngress: updateDescriptions(false),
  UpdateSecurityGroupRuleDescriptionsEgress: updateDescriptions(true),
  DescribeSecurityGroupRules: describeRules,
};
