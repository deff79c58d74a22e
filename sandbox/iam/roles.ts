import type {
  CreateRoleRequest,
  DeleteRoleRequest,
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
import { findEntity, type IamState, nameKey, type Role } from './state';
import { newPath, trustedBy } from './strangers';
import {
  alreadyExists,
  checkLength,
  checkName,
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
    accesses: new Map(),
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
    const path = newPath(input.Path, context);
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
    const trustedIds = trustedBy(context, () => checkTrust(state, input.AssumeRolePolicyDocument));
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
    // Its answer leaves the length of sessions out.
    return { Role: { ...roleShape(state, context.accountId, role), MaxSessionDuration: undefined } };
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

/** Roles; service-linked ones are made elsewhere. */
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
        .filter((role) => role.path.startsWith(input.PathPrefix ?? ''))
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
  };
}
