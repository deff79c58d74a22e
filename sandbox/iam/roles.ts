import { randomUUID } from 'node:crypto';
import type {
  CreateRoleRequest,
  CreateServiceLinkedRoleRequest,
  DeleteRoleRequest,
  GetServiceLinkedRoleDeletionStatusRequest,
  ListRolesRequest,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleRequest,
} from '@aws-sdk/client-iam';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { uniqueId } from '../core/ids';
import type { Handler } from '../core/service';
import { checkModifiable } from './attachments';
import { checkTrustPolicy, documentSize } from './documents';
import { page } from './page';
import type { Policies } from './policies';
import { roleShape, roleWithUse } from './shapes';
import { findEntity, type IamState, nameKey, noSuchEntity, type Role } from './state';
import {
  alreadyExists,
  checkLength,
  checkName,
  checkPath,
  checkRange,
  checkTags,
  deleteConflict,
  limitExceeded,
} from './validate';

function checkTrust(state: IamState, document: string | undefined): Map<string, string> {
  checkLength(document, 'assumeRolePolicyDocument', 131_072);
  const ids = checkTrustPolicy(state, document);
  if (documentSize(document ?? '') > 4096) {
    throw limitExceeded('ACLSizePerRole', 4096);
  }
  return ids;
}

/** What a new role needs; `createRole` puts it into the account. */
export type NewRole = Pick<Role, 'name' | 'path' | 'trustPolicy' | 'createdAt'> & Partial<Role>;

/** Puts a role into an account, without the checks of the API. */
export function addRole(state: IamState, accountId: string, role: NewRole): Role {
  const made: Role = {
    kind: 'role',
    id: uniqueId('AROA'),
    attached: new Set(),
    inline: new Map(),
    tags: new Map(),
    trustedIds: new Map(),
    maxSessionDuration: 3600,
    ...role,
  };
  state.account(accountId).roles.set(nameKey(made.name), made);
  return made;
}

function create(state: IamState, policies: Policies): Handler {
  return (input: CreateRoleRequest, context) => {
    const name = checkName(input.RoleName, 'roleName', 64);
    const path = checkPath(input.Path);
    checkRange(input.MaxSessionDuration, 'maxSessionDuration', 3600, 43_200);
    checkLength(input.Description, 'description', 1000);
    checkTags(input.Tags);
    if (path.startsWith('/aws-service-role/')) {
      throw new ServiceError('ValidationError', 'Path /aws-service-role/ is reserved for service-linked roles.', 400);
    }
    const { roles } = state.account(context.accountId);
    if (roles.has(nameKey(name))) {
      throw alreadyExists(`Role with name ${name} already exists.`);
    }
    const trustedIds = checkTrust(state, input.AssumeRolePolicyDocument);
    const boundary = input.PermissionsBoundary
      ? policies.attachable(input.PermissionsBoundary, context).arn
      : undefined;
    if (roles.size >= 1000) {
      throw limitExceeded('RolesPerAccount', 1000);
    }
    const role = addRole(state, context.accountId, {
      name,
      path,
      trustPolicy: input.AssumeRolePolicyDocument ?? '',
      trustedIds,
      createdAt: context.world.now(),
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration ?? 3600,
      tags: tagsFrom(input.Tags),
      boundary,
    });
    return { Role: roleShape(state, context.accountId, role) };
  };
}

function remove(state: IamState): Handler {
  return (input: DeleteRoleRequest, context) => {
    const account = state.account(context.accountId);
    const role = findEntity(account.roles, input.RoleName, 'role');
    checkModifiable(role, context);
    if ([...account.instanceProfiles.values()].some((profile) => profile.role === nameKey(role.name))) {
      throw deleteConflict('remove roles from instance profile');
    }
    if (role.attached.size > 0) {
      throw deleteConflict('detach all policies');
    }
    if (role.inline.size > 0) {
      throw deleteConflict('delete policies');
    }
    account.roles.delete(nameKey(role.name));
    return {};
  };
}

function update(state: IamState, answer: boolean): Handler {
  return (input: UpdateRoleRequest, context) => {
    const role = findEntity(state.account(context.accountId).roles, input.RoleName, 'role');
    checkRange(input.MaxSessionDuration, 'maxSessionDuration', 3600, 43_200);
    checkLength(input.Description, 'description', 1000);
    if (input.MaxSessionDuration !== undefined) {
      checkModifiable(role, context);
    }
    role.description = input.Description ?? role.description;
    role.maxSessionDuration = input.MaxSessionDuration ?? role.maxSessionDuration;
    return answer ? { Role: roleShape(state, context.accountId, role) } : {};
  };
}

function updateTrust(state: IamState): Handler {
  return (input: UpdateAssumeRolePolicyRequest, context) => {
    const role = findEntity(state.account(context.accountId).roles, input.RoleName, 'role');
    checkModifiable(role, context);
    role.trustedIds = checkTrust(state, input.PolicyDocument);
    role.trustPolicy = input.PolicyDocument ?? '';
    return {};
  };
}

/** Names of service-linked roles that are not made of the service's own name. */
const linkedNames: Readonly<Record<string, string>> = {
  'guardduty.amazonaws.com': 'AWSServiceRoleForAmazonGuardDuty',
  'malware-protection.guardduty.amazonaws.com': 'AWSServiceRoleForAmazonGuardDutyMalwareProtection',
  'organizations.amazonaws.com': 'AWSServiceRoleForOrganizations',
  'stacksets.cloudformation.amazonaws.com': 'AWSServiceRoleForCloudFormationStackSetsOrgAdmin',
  'member.org.stacksets.cloudformation.amazonaws.com': 'AWSServiceRoleForCloudFormationStackSetsOrgMember',
  'config.amazonaws.com': 'AWSServiceRoleForConfig',
  'cloudtrail.amazonaws.com': 'AWSServiceRoleForCloudTrail',
  'securityhub.amazonaws.com': 'AWSServiceRoleForSecurityHub',
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
  'ec2fleet.amazonaws.com': 'AWSServiceRoleForEC2Fleet',
  'spot.amazonaws.com': 'AWSServiceRoleForEC2Spot',
  'eks-nodegroup.amazonaws.com': 'AWSServiceRoleForAmazonEKSNodegroup',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'events.amazonaws.com': 'AWSServiceRoleForCloudWatchEvents',
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'rds.amazonaws.com': 'AWSServiceRoleForRDS',
  'sso.amazonaws.com': 'AWSServiceRoleForSSO',
  'support.amazonaws.com': 'AWSServiceRoleForSupport',
  'trustedadvisor.amazonaws.com': 'AWSServiceRoleForTrustedAdvisor',
};

function linkedName(service: string): string {
  const [first = ''] = service.split('.');
  const title = first
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  return linkedNames[service] ?? `AWSServiceRoleFor${title}`;
}

/** Policies that AWS attaches to service-linked roles, of those that exist here. */
function linkedPolicy(state: IamState, service: string): Set<string> {
  const names: Record<string, string> = {
    'guardduty.amazonaws.com': 'AmazonGuardDutyServiceRolePolicy',
    'organizations.amazonaws.com': 'AWSOrganizationsServiceTrustPolicy',
    'autoscaling.amazonaws.com': 'AutoScalingServiceRolePolicy',
    'ec2fleet.amazonaws.com': 'AWSEC2FleetServiceRolePolicy',
    'spot.amazonaws.com': 'AWSEC2SpotServiceRolePolicy',
    'eks-nodegroup.amazonaws.com': 'AWSServiceRoleForAmazonEKSNodegroup',
  };
  const name = names[service];
  return new Set(name ? [`arn:${state.partition}:iam::aws:policy/aws-service-role/${name}`] : []);
}

function createLinked(state: IamState): Handler {
  return (input: CreateServiceLinkedRoleRequest, context) => {
    const service = input.AWSServiceName ?? '';
    if (!/^[\w.-]+\.amazonaws\.com$/.test(service)) {
      throw new ServiceError(
        'InvalidInput',
        `Service ${service} is not recognized or does not support service-linked roles.`,
        400,
      );
    }
    const name = linkedName(service) + (input.CustomSuffix ? `_${input.CustomSuffix}` : '');
    if (state.account(context.accountId).roles.has(nameKey(name))) {
      const message = `Service role name ${name} has been taken in this account, please try a different suffix.`;
      throw new ServiceError('InvalidInput', message, 400);
    }
    const statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
    const role = addRole(state, context.accountId, {
      name,
      path: `/aws-service-role/${service}/`,
      trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      createdAt: context.world.now(),
      description: input.Description,
      linkedTo: service,
      attached: linkedPolicy(state, service),
    });
    return { Role: roleShape(state, context.accountId, role) };
  };
}

function deleteLinked(state: IamState): Handler {
  return (input: DeleteRoleRequest, context) => {
    const account = state.account(context.accountId);
    const role = findEntity(account.roles, input.RoleName, 'role');
    if (role.linkedTo === undefined) {
      throw new ServiceError('InvalidInput', `${role.name} is not a service-linked role.`, 400);
    }
    account.roles.delete(nameKey(role.name));
    const task = `task${role.path}${role.name}/${randomUUID()}`;
    account.deletionTasks.set(task, 'SUCCEEDED');
    return { DeletionTaskId: task };
  };
}

/** Roles and service-linked roles. */
export function roleOperations(state: IamState, policies: Policies): Record<string, Handler> {
  return {
    CreateRole: create(state, policies),
    DeleteRole: remove(state),
    GetRole: (input: DeleteRoleRequest, context) => ({
      Role: roleWithUse(
        state,
        context.accountId,
        findEntity(state.account(context.accountId).roles, input.RoleName, 'role'),
      ),
    }),
    ListRoles: (input: ListRolesRequest, context) => {
      const roles = [...state.account(context.accountId).roles.values()]
        .filter((role) => role.path.startsWith(input.PathPrefix ?? '/'))
        .sort((left, right) => (left.name < right.name ? -1 : 1));
      return page(
        'Roles',
        roles.map((role) => roleShape(state, context.accountId, role, false)),
        input,
      );
    },
    UpdateRole: update(state, false),
    UpdateRoleDescription: update(state, true),
    UpdateAssumeRolePolicy: updateTrust(state),
    CreateServiceLinkedRole: createLinked(state),
    DeleteServiceLinkedRole: deleteLinked(state),
    GetServiceLinkedRoleDeletionStatus: (input: GetServiceLinkedRoleDeletionStatusRequest, context) => {
      const status = state.account(context.accountId).deletionTasks.get(input.DeletionTaskId ?? '');
      if (status === undefined) {
        throw noSuchEntity(`Deletion task ${input.DeletionTaskId} cannot be found.`);
      }
      return { Status: status };
    },
  };
}
