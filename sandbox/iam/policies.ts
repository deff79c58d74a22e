import type {
  CreatePolicyRequest,
  CreatePolicyVersionRequest,
  DeletePolicyRequest,
  DeletePolicyVersionRequest,
  ListEntitiesForPolicyRequest,
  ListPoliciesRequest,
  ListPolicyVersionsRequest,
} from '@aws-sdk/client-iam';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { uniqueId } from '../core/ids';
import type { CallContext, Handler } from '../core/service';
import { isStranger } from '../core/strangers';
import { documentSize, encodeDocument } from './documents';
import { checkIdentityPolicy } from './identityPolicy';
import { page } from './page';
import { policyShape } from './shapes';
import {
  type Entity,
  type IamAccount,
  type IamState,
  type ManagedPolicy,
  nameKey,
  noSuchEntity,
  type PolicyVersion,
} from './state';
import { alreadyExists, checkLength, checkName, checkPath, checkTags, limitExceeded } from './validate';

/** @throws ServiceError `ValidationError` */
function ownerOf(arn: string | undefined): string | undefined {
  const parts = (arn ?? '').split(':');
  if (parts.length < 6 || parts[0] !== 'arn') {
    throw new ServiceError('ValidationError', 'Invalid ARN:  Could not be parsed!', 400);
  }
  return parts[4];
}

/** Managed policies: the accounts' own and AWS's. */
export class Policies {
  constructor(
    private readonly state: IamState,
    private readonly aws: ReadonlyMap<string, ManagedPolicy>,
  ) {}

  /** By ARN, wherever it is. */
  find(arn: string | undefined): ManagedPolicy | undefined {
    const accountId = arn?.split(':')[4] ?? '';
    return accountId === 'aws' ? this.aws.get(arn ?? '') : this.state.account(accountId).policies.get(arn ?? '');
  }

  /** @throws ServiceError `NoSuchEntity` */
  get(arn: string | undefined, context: CallContext): ManagedPolicy {
    const owner = ownerOf(arn);
    const found = owner === 'aws' || owner === context.accountId ? this.find(arn) : undefined;
    if (!found) {
      throw noSuchEntity(`Policy ${arn} was not found.`);
    }
    return found;
  }

  /** @throws ServiceError `NoSuchEntity` when nobody can attach it */
  attachable(arn: string | undefined, context: CallContext): ManagedPolicy {
    const owner = ownerOf(arn);
    const found = owner === 'aws' || owner === context.accountId ? this.find(arn) : undefined;
    if (!found) {
      throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    }
    return found;
  }

  document(arn: string): string | undefined {
    const policy = this.find(arn);
    return policy?.versions.get(policy.defaultVersion)?.document;
  }

  list(account: IamAccount, scope: string | undefined): ManagedPolicy[] {
    const own = scope === 'AWS' ? [] : [...account.policies.values()];
    return scope === 'Local' ? own : [...own, ...this.aws.values()];
  }

  uses(account: IamAccount, arn: string): { attached: number; boundaries: number } {
    let [attached, boundaries] = [0, 0];
    for (const entity of entitiesOf(account)) {
      attached += entity.attached.has(arn) ? 1 : 0;
      boundaries += entity.boundary === arn ? 1 : 0;
    }
    return { attached, boundaries };
  }

  shape(policy: ManagedPolicy, account: IamAccount, whole = true) {
    return policyShape(policy, this.uses(account, policy.arn), whole);
  }
}

export function entitiesOf(account: IamAccount): Entity[] {
  return [...account.users.values(), ...account.groups.values(), ...account.roles.values()];
}

function own(policies: Policies, arn: string | undefined, context: CallContext): ManagedPolicy {
  const policy = policies.get(arn, context);
  if (policy.arn.split(':')[4] === 'aws') {
    throw new ServiceError('AccessDenied', `Policy ${arn} is an AWS managed policy and cannot be changed.`, 403);
  }
  return policy;
}

function versionShape(policy: ManagedPolicy, version: PolicyVersion, withDocument: boolean) {
  return {
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: version.createdAt,
    Document: withDocument ? encodeDocument(version.document) : undefined,
  };
}

function checkManaged(document: string | undefined): string {
  checkLength(document, 'policyDocument', 131_072);
  checkIdentityPolicy(document, true);
  if (documentSize(document ?? '') > 6144) {
    throw limitExceeded('PolicySize', 6144);
  }
  return document ?? '';
}

function create(state: IamState, policies: Policies): Handler {
  return (input: CreatePolicyRequest, context) => {
    const account = state.account(context.accountId);
    const name = checkName(input.PolicyName, 'policyName', 128);
    const path = checkPath(input.Path);
    checkTags(input.Tags);
    const document = checkManaged(input.PolicyDocument);
    if ([...account.policies.values()].some((policy) => nameKey(policy.name) === nameKey(name))) {
      throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    }
    if (account.policies.size >= 1500) {
      throw limitExceeded('PoliciesPerAccount', 1500);
    }
    const now = context.world.now();
    const policy: ManagedPolicy = {
      name,
      path,
      arn: state.arn(context.accountId, 'policy', path, name),
      id: uniqueId('ANPA'),
      description: input.Description,
      createdAt: now,
      updatedAt: now,
      versions: new Map([['v1', { id: 'v1', document, createdAt: now }]]),
      defaultVersion: 'v1',
      nextVersion: 2,
      tags: tagsFrom(input.Tags),
    };
    account.policies.set(policy.arn, policy);
    return { Policy: { ...policies.shape(policy, account, false), Tags: input.Tags } };
  };
}

function createVersion(policies: Policies): Handler {
  return (input: CreatePolicyVersionRequest, context) => {
    const policy = own(policies, input.PolicyArn, context);
    const document = checkManaged(input.PolicyDocument);
    if (policy.versions.size >= 5) {
      const message =
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.';
      throw new ServiceError('LimitExceeded', message, 409);
    }
    const id = `v${policy.nextVersion++}`;
    const version = { id, document, createdAt: context.world.now() };
    policy.versions.set(id, version);
    if (input.SetAsDefault) {
      policy.defaultVersion = id;
      policy.updatedAt = version.createdAt;
    }
    // Only stand-ins of IAM repeat the document here.
    return { PolicyVersion: versionShape(policy, version, isStranger(context)) };
  };
}

function versionOf(policy: ManagedPolicy, id: string | undefined): PolicyVersion {
  const version = policy.versions.get(id ?? '');
  if (!version) {
    throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  }
  return version;
}

function remove(state: IamState, policies: Policies): Handler {
  return (input: DeletePolicyRequest, context) => {
    const policy = own(policies, input.PolicyArn, context);
    const account = state.account(context.accountId);
    const uses = policies.uses(account, policy.arn);
    if (uses.attached + uses.boundaries > 0) {
      throw new ServiceError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
    }
    if (policy.versions.size > 1) {
      const message =
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.";
      throw new ServiceError('DeleteConflict', message, 409);
    }
    account.policies.delete(policy.arn);
    return {};
  };
}

function removeVersion(policies: Policies): Handler {
  return (input: DeletePolicyVersionRequest, context) => {
    const policy = own(policies, input.PolicyArn, context);
    const version = versionOf(policy, input.VersionId);
    if (version.id === policy.defaultVersion) {
      throw new ServiceError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
    }
    policy.versions.delete(version.id);
    return {};
  };
}

function list(state: IamState, policies: Policies): Handler {
  return (input: ListPoliciesRequest, context) => {
    const account = state.account(context.accountId);
    const prefix = input.PathPrefix ?? '';
    const found = policies
      .list(account, input.Scope)
      .filter((policy) => policy.path.startsWith(prefix))
      .map((policy) => policies.shape(policy, account, false))
      .filter((policy) => !input.OnlyAttached || policy.AttachmentCount > 0)
      .filter((policy) =>
        input.PolicyUsageFilter === 'PermissionsBoundary' ? policy.PermissionsBoundaryUsageCount > 0 : true,
      );
    return page('Policies', found, input);
  };
}

function entitiesFor(state: IamState, policies: Policies): Handler {
  return (input: ListEntitiesForPolicyRequest, context) => {
    const { arn } = policies.get(input.PolicyArn, context);
    const account = state.account(context.accountId);
    const boundary = input.PolicyUsageFilter === 'PermissionsBoundary';
    const uses = (entity: Entity) =>
      (boundary
        ? entity.boundary === arn
        : entity.attached.has(arn) || (!input.PolicyUsageFilter && entity.boundary === arn)) &&
      entity.path.startsWith(input.PathPrefix ?? '');
    const wanted = (kind: string) => !input.EntityFilter || input.EntityFilter.toLowerCase() === kind;
    const pick = (kind: Entity['kind'], all: Iterable<Entity>) => (wanted(kind) ? [...all].filter(uses) : []);
    return {
      PolicyGroups: pick('group', account.groups.values()).map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: pick('user', account.users.values()).map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: pick('role', account.roles.values()).map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      IsTruncated: false,
    };
  };
}

/** Managed policies and their versions. */
export function policyOperations(state: IamState, policies: Policies): Record<string, Handler> {
  return {
    CreatePolicy: create(state, policies),
    CreatePolicyVersion: createVersion(policies),
    DeletePolicy: remove(state, policies),
    DeletePolicyVersion: removeVersion(policies),
    GetPolicy: (input: DeletePolicyRequest, context) => ({
      Policy: policies.shape(policies.get(input.PolicyArn, context), state.account(context.accountId)),
    }),
    GetPolicyVersion: (input: DeletePolicyVersionRequest, context) => {
      const policy = policies.get(input.PolicyArn, context);
      return { PolicyVersion: versionShape(policy, versionOf(policy, input.VersionId), true) };
    },
    ListPolicyVersions: (input: ListPolicyVersionsRequest, context) => {
      const policy = policies.get(input.PolicyArn, context);
      const versions = [...policy.versions.values()].reverse();
      return page(
        'Versions',
        versions.map((version) => versionShape(policy, version, isStranger(context))),
        input,
      );
    },
    SetDefaultPolicyVersion: (input: DeletePolicyVersionRequest, context) => {
      const policy = own(policies, input.PolicyArn, context);
      policy.defaultVersion = versionOf(policy, input.VersionId).id;
      policy.updatedAt = context.world.now();
      return {};
    },
    ListPolicies: list(state, policies),
    ListEntitiesForPolicy: entitiesFor(state, policies),
  };
}
