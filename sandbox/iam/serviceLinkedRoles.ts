import { randomUUID } from 'node:crypto';
import type {
  CreateServiceLinkedRoleRequest,
  DeleteRoleRequest,
  GetServiceLinkedRoleDeletionStatusRequest,
} from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import { addRole } from './roles';
import table from './serviceLinkedRoles.json';
import { roleShape } from './shapes';
import { findEntity, type IamState, nameKey, noSuchEntity, type Role } from './state';

/** By service: the role's name after `AWSServiceRoleFor`, and the policy that AWS attaches to it. */
const known = table as Readonly<Record<string, readonly string[]>>;

/** Services that may have several roles (IAM User Guide, "Creating a service-linked role"). */
const suffixed = new Set(['autoscaling', 'connect', 'lexv2']);

interface Link {
  readonly name: string;
  readonly policies: readonly string[];
}

/** Services that the table does not know call their roles after themselves. */
function linkOf(state: IamState, service: string): Link {
  const short = service.replace(/\.amazonaws\.com$/, '');
  const [name, policy] = known[short] ?? [];
  const [first = ''] = short.split('.');
  const title = first.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
  return {
    name: `AWSServiceRoleFor${name ?? title}`,
    policies: policy ? [`arn:${state.partition}:iam::aws:policy/aws-service-role/${policy}`] : [],
  };
}

function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInput', message, 400);
}

function checkSuffix(service: string, suffix: string | undefined): void {
  const short = service.replace(/\.amazonaws\.com$/, '');
  if (suffix !== undefined && known[short] && !suffixed.has(short)) {
    throw invalidInput(`Custom suffix is not allowed for ${service}`);
  }
}

/** The trust of a service; its creation tells it with lists, every other answer without. */
function trustOf<T>(service: T, action: T) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Principal: { Service: service } }] };
}

function create(state: IamState): Handler {
  return (input: CreateServiceLinkedRoleRequest, context) => {
    const service = input.AWSServiceName ?? '';
    if (!/^[\w.-]+\.amazonaws\.com$/.test(service)) {
      throw invalidInput(`Service ${service} is not recognized or does not support service-linked roles.`);
    }
    checkSuffix(service, input.CustomSuffix);
    const link = linkOf(state, service);
    const name = link.name + (input.CustomSuffix ? `_${input.CustomSuffix}` : '');
    if (state.account(context.accountId).roles.has(nameKey(name))) {
      throw invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);
    }
    const role = addRole(state, context.accountId, {
      name,
      path: `/aws-service-role/${service}/`,
      trustPolicy: JSON.stringify(trustOf(service, 'sts:AssumeRole')),
      createdAt: context.world.now(),
      description: input.Description,
      linkedTo: service,
      attached: new Set(link.policies),
    });
    const trust = encodeURIComponent(JSON.stringify(trustOf([service], ['sts:AssumeRole'])));
    return { Role: { ...answerOf(state, context.accountId, role), AssumeRolePolicyDocument: trust } };
  };
}

function answerOf(state: IamState, accountId: string, role: Role) {
  return { ...roleShape(state, accountId, role), MaxSessionDuration: undefined };
}

function remove(state: IamState): Handler {
  return (input: DeleteRoleRequest, context) => {
    const account = state.account(context.accountId);
    const role = findEntity(account.roles, input.RoleName, 'role');
    if (role.linkedTo === undefined) {
      throw invalidInput(`${role.name} is not a service-linked role.`);
    }
    account.roles.delete(nameKey(role.name));
    const task = `task${role.path}${role.name}/${randomUUID()}`;
    account.deletionTasks.set(task, 'SUCCEEDED');
    return { DeletionTaskId: task };
  };
}

function deletionStatus(state: IamState): Handler {
  return (input: GetServiceLinkedRoleDeletionStatusRequest, context) => {
    const status = state.account(context.accountId).deletionTasks.get(input.DeletionTaskId ?? '');
    if (status === undefined) {
      throw noSuchEntity(`Deletion task ${input.DeletionTaskId} cannot be found.`);
    }
    return { Status: status };
  };
}

/** Roles that belong to services. */
export function linkedRoleOperations(state: IamState): Record<string, Handler> {
  return {
    CreateServiceLinkedRole: create(state),
    DeleteServiceLinkedRole: remove(state),
    GetServiceLinkedRoleDeletionStatus: deletionStatus(state),
  };
}
