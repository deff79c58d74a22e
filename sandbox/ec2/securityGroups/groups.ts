import type {
  CreateSecurityGroupRequest,
  DeleteSecurityGroupRequest,
  DescribeSecurityGroupsRequest,
  GetSecurityGroupsForVpcRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { dependencyViolation, ec2Error, invalidValue, missingParameter } from '../errors';
import { type FilterFields, filtered, pageOf } from '../filters';
import { isId, newId } from '../ids';
import { defaultVpc, openOutward } from '../network/defaults';
import { findVpc } from '../network/vpcs';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place, RuleTerms, SecurityGroup, Vpc } from '../state';
import { groupShape, termsOf } from './shapes';

/** @throws ServiceError `InvalidGroupId.Malformed`, `InvalidGroup.NotFound` */
export function groupById(cell: Cell, id: string): SecurityGroup {
  if (!isId('sg', id)) {
    throw ec2Error('InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`);
  }
  const group = cell.groups.get(id);
  if (!group) {
    throw ec2Error('InvalidGroup.NotFound', `The security group '${id}' does not exist`);
  }
  return group;
}

/** Names are for the groups of the default VPC. @throws ServiceError `InvalidGroup.NotFound` */
export function groupByName(cell: Cell, name: string): SecurityGroup {
  const vpc = defaultVpc(cell);
  const group = [...cell.groups.values()].find((one) => one.name === name && one.vpcId === vpc?.id);
  if (!group) {
    const where = vpc ? ` in default VPC '${vpc.id}'` : '';
    throw ec2Error('InvalidGroup.NotFound', `The security group '${name}' does not exist${where}`);
  }
  return group;
}

/** The group that a request names. @throws ServiceError `MissingParameter`, `InvalidGroup.NotFound` */
export function namedGroup(cell: Cell, input: { GroupId?: string; GroupName?: string }): SecurityGroup {
  if (input.GroupId !== undefined) {
    return groupById(cell, input.GroupId);
  }
  if (input.GroupName === undefined) {
    throw ec2Error('MissingParameter', 'The request must contain the parameter groupName or groupId');
  }
  return groupByName(cell, input.GroupName);
}

const allowed = /^[a-zA-Z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/;

function checkNames(name: string, description: string): void {
  if (name === '') {
    throw missingParameter('GroupName');
  }
  if (description === '') {
    throw missingParameter('GroupDescription');
  }
  if (name.startsWith('sg-')) {
    throw invalidValue(name, 'GroupName', 'Group names may not be in the format sg-*');
  }
  if (name === 'default') {
    throw ec2Error('InvalidParameterValue', 'Cannot use reserved security group name: default');
  }
  if (!allowed.test(name)) {
    throw invalidValue(name, 'GroupName', 'Character sets beyond ASCII are not supported.');
  }
  if (!allowed.test(description)) {
    throw invalidValue(description, 'GroupDescription', 'Character sets beyond ASCII are not supported.');
  }
}

function vpcFor(input: CreateSecurityGroupRequest, cell: Cell): Vpc {
  if (input.VpcId !== undefined) {
    return findVpc(cell, input.VpcId);
  }
  const vpc = defaultVpc(cell);
  if (!vpc) {
    throw ec2Error('VPCIdNotSpecified', 'No default VPC for this user');
  }
  return vpc;
}

function createGroup(input: CreateSecurityGroupRequest, { cell, ec2 }: Place) {
  const { GroupName: name = '', Description: description = '' } = input;
  checkNames(name, description);
  const vpc = vpcFor(input, cell);
  const siblings = [...cell.groups.values()].filter((group) => group.vpcId === vpc.id);
  // Case makes no difference between names.
  if (siblings.some((group) => group.name.toLowerCase() === name.toLowerCase())) {
    const message = `The security group '${name}' already exists for VPC '${vpc.id}'`;
    throw ec2Error('InvalidGroup.Duplicate', message);
  }
  if (cell.groups.size >= 2500) {
    throw ec2Error('SecurityGroupLimitExceeded', 'The maximum number of security groups has been reached.');
  }
  const tags = tagsOf(input.TagSpecifications, 'security-group');
  const group: SecurityGroup = { id: newId('sg'), name, description, vpcId: vpc.id, rules: new Map(), tags };
  openOutward(group, vpc.ipv6Cidr !== undefined);
  cell.groups.set(group.id, group);
  const SecurityGroupArn = ec2.arn(cell.site, `security-group/${group.id}`);
  return { GroupId: group.id, Tags: tags.size > 0 ? tagList(tags) : undefined, SecurityGroupArn };
}

/** Whether a rule of another group of the account names this one. */
function isReferenced(cell: Cell, group: SecurityGroup): boolean {
  const others = [...cell.groups.values()].filter((other) => other !== group);
  return others.some((other) => [...other.rules.values()].some((rule) => rule.terms.peer?.groupId === group.id));
}

function deleteGroup(input: DeleteSecurityGroupRequest, { cell }: Place) {
  const group = namedGroup(cell, input);
  if (group.name === 'default') {
    const message = `the specified group: "${group.id}" name: "default" cannot be deleted by a user`;
    throw ec2Error('CannotDelete', message);
  }
  if (isReferenced(cell, group) || isAttached(cell, group)) {
    throw dependencyViolation(`resource ${group.id} has a dependent object`);
  }
  cell.groups.delete(group.id);
  return { Return: true, GroupId: group.id };
}

/** Whether a network interface is in the group. */
function isAttached(cell: Cell, group: SecurityGroup): boolean {
  return [...cell.interfaces.values()].some((one) => one.groupIds.includes(group.id));
}

function permissionFields(prefix: string, egress: boolean): FilterFields<SecurityGroup> {
  const read = (field: (terms: RuleTerms) => string | number | undefined) => (group: SecurityGroup) =>
    termsOf(group, egress).map(field);
  return {
    [`${prefix}ip-permission.cidr`]: read((terms) => terms.cidr4),
    [`${prefix}ip-permission.from-port`]: read((terms) => terms.fromPort),
    [`${prefix}ip-permission.group-id`]: read((terms) => terms.peer?.groupId),
    // Rules in a VPC tell the group's id alone.
    [`${prefix}ip-permission.group-name`]: () => undefined,
    [`${prefix}ip-permission.ipv6-cidr`]: read((terms) => terms.cidr6),
    [`${prefix}ip-permission.prefix-list-id`]: read((terms) => terms.prefixListId),
    [`${prefix}ip-permission.protocol`]: read((terms) => terms.protocol),
    [`${prefix}ip-permission.to-port`]: read((terms) => terms.toPort),
    [`${prefix}ip-permission.user-id`]: read((terms) => terms.peer?.userId),
  };
}

const fields: FilterFields<SecurityGroup> = {
  description: (group) => group.description,
  'group-id': (group) => group.id,
  'group-name': (group) => group.name,
  'vpc-id': (group) => group.vpcId,
  ...permissionFields('', false),
  ...permissionFields('egress.', true),
};

function describeGroups(input: DescribeSecurityGroupsRequest, place: Place) {
  const { cell } = place;
  const { GroupIds = [], GroupNames = [] } = input;
  if (input.MaxResults !== undefined && GroupIds.length > 0) {
    const message = 'The parameter maxResults cannot be used with the parameter securityGroupIds';
    throw ec2Error('InvalidParameterCombination', message);
  }
  const named = [...GroupIds.map((id) => groupById(cell, id)), ...GroupNames.map((name) => groupByName(cell, name))];
  const all = GroupIds.length + GroupNames.length > 0 ? new Set(named) : cell.groups.values();
  const own: FilterFields<SecurityGroup> = { ...fields, 'owner-id': () => cell.site.accountId };
  const found = filtered(all, input.Filters, own, (group) => group.tags);
  const page = pageOf(found, input);
  return { SecurityGroups: page.items.map((group) => groupShape(group, place)), NextToken: page.NextToken };
}

/** Groups that interfaces in a VPC may have. */
function groupsForVpc(input: GetSecurityGroupsForVpcRequest, { cell }: Place) {
  const vpc = findVpc(cell, input.VpcId);
  const own = [...cell.groups.values()].filter((group) => group.vpcId === vpc.id);
  const found = filtered(own, input.Filters, forVpcFields, (group) => group.tags);
  const page = pageOf(found, input);
  return {
    SecurityGroupForVpcs: page.items.map((group) => ({
      Description: group.description,
      GroupName: group.name,
      OwnerId: cell.site.accountId,
      GroupId: group.id,
      Tags: tagList(group.tags),
      PrimaryVpcId: group.vpcId,
    })),
    NextToken: page.NextToken,
  };
}

const forVpcFields: FilterFields<SecurityGroup> = {
  'group-id': (group) => group.id,
  description: (group) => group.description,
  'group-name': (group) => group.name,
  'primary-vpc-id': (group) => group.vpcId,
};

export const groupOperations: Operations = {
  CreateSecurityGroup: createGroup,
  DeleteSecurityGroup: deleteGroup,
  DescribeSecurityGroups: describeGroups,
  GetSecurityGroupsForVpc: groupsForVpc,
};
