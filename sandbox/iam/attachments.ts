import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { documentSize, encodeDocument } from './documents';
import { checkIdentityPolicy } from './identityPolicy';
import { page } from './page';
import type { Policies } from './policies';
import { type Entity, findEntity, type IamState, noSuchEntity, type Role } from './state';
import { inlineName } from './strangers';
import { limitExceeded } from './validate';

interface EntityInput {
  UserName?: string;
  GroupName?: string;
  RoleName?: string;
  PolicyArn?: string;
  PolicyName?: string;
  PolicyDocument?: string;
  PathPrefix?: string;
  Marker?: string;
  MaxItems?: number;
}

type Kind = 'User' | 'Group' | 'Role';

const inlineSizes: Readonly<Record<Kind, number>> = { User: 2048, Group: 5120, Role: 10_240 };

/** Service-linked roles belong to their service. @throws ServiceError `UnmodifiableEntity` */
export function checkModifiable(entity: Entity, context: CallContext): void {
  const linkedTo = entity.kind === 'role' ? (entity as Role).linkedTo : undefined;
  if (linkedTo !== undefined && context.caller.kind !== 'service') {
    const message = `Cannot perform the operation on the protected role '${entity.name}' - this role is only modifiable by AWS`;
    throw new ServiceError('UnmodifiableEntity', message, 400);
  }
}

/** The user, group or role that an input names. @throws ServiceError `NoSuchEntity` */
export function entityOf(state: IamState, kind: Kind, input: EntityInput, context: CallContext): Entity {
  const account = state.account(context.accountId);
  switch (kind) {
    case 'User':
      return findEntity(account.users, input.UserName, 'user');
    case 'Group':
      return findEntity(account.groups, input.GroupName, 'group');
    default:
      return findEntity(account.roles, input.RoleName, 'role');
  }
}

function managed(state: IamState, policies: Policies, kind: Kind): Record<string, Handler> {
  return {
    [`Attach${kind}Policy`]: (input: EntityInput, context) => {
      const entity = entityOf(state, kind, input, context);
      checkModifiable(entity, context);
      const { arn } = policies.attachable(input.PolicyArn, context);
      if (!entity.attached.has(arn) && entity.attached.size >= 10) {
        throw limitExceeded(`PoliciesPer${kind}`, 10);
      }
      entity.attached.add(arn);
      return {};
    },
    [`Detach${kind}Policy`]: (input: EntityInput, context) => {
      const entity = entityOf(state, kind, input, context);
      checkModifiable(entity, context);
      if (!entity.attached.delete(input.PolicyArn ?? '')) {
        throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
      }
      return {};
    },
    [`ListAttached${kind}Policies`]: (input: EntityInput, context) => {
      const attached = [...entityOf(state, kind, input, context).attached]
        .filter((arn) => arn.slice(arn.indexOf(':policy/') + 7).startsWith(input.PathPrefix ?? ''))
        .map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }));
      return page('AttachedPolicies', attached, input);
    },
  };
}

function inline(state: IamState, kind: Kind): Record<string, Handler> {
  const lower = kind.toLowerCase();
  const missing = (name: string | undefined) => noSuchEntity(`The ${lower} policy with name ${name} cannot be found.`);
  return {
    [`Put${kind}Policy`]: (input: EntityInput, context) => {
      const entity = entityOf(state, kind, input, context);
      checkModifiable(entity, context);
      const name = inlineName(input.PolicyName, context);
      checkIdentityPolicy(input.PolicyDocument);
      const others = [...entity.inline].filter(([each]) => each !== name).map(([, document]) => document);
      const size = [...others, input.PolicyDocument ?? ''].reduce((sum, each) => sum + documentSize(each), 0);
      if (size > inlineSizes[kind]) {
        const message = `Maximum policy size of ${inlineSizes[kind]} bytes exceeded for ${lower} ${entity.name}`;
        throw new ServiceError('LimitExceeded', message, 409);
      }
      entity.inline.set(name, input.PolicyDocument ?? '');
      return {};
    },
    [`Get${kind}Policy`]: (input: EntityInput, context) => {
      const entity = entityOf(state, kind, input, context);
      const document = entity.inline.get(input.PolicyName ?? '');
      if (document === undefined) {
        throw missing(input.PolicyName);
      }
      return { [`${kind}Name`]: entity.name, PolicyName: input.PolicyName, PolicyDocument: encodeDocument(document) };
    },
    [`Delete${kind}Policy`]: (input: EntityInput, context) => {
      const entity = entityOf(state, kind, input, context);
      checkModifiable(entity, context);
      if (!entity.inline.delete(input.PolicyName ?? '')) {
        throw missing(input.PolicyName);
      }
      return {};
    },
    [`List${kind}Policies`]: (input: EntityInput, context) =>
      page('PolicyNames', [...entityOf(state, kind, input, context).inline.keys()], input),
  };
}

function boundary(state: IamState, policies: Policies, kind: Kind): Record<string, Handler> {
  return {
    [`Put${kind}PermissionsBoundary`]: (input: EntityInput & { PermissionsBoundary?: string }, context) => {
      const entity = entityOf(state, kind, input, context);
      checkModifiable(entity, context);
      entity.boundary = policies.attachable(input.PermissionsBoundary, context).arn;
      return {};
    },
    [`Delete${kind}PermissionsBoundary`]: (input: EntityInput, context) => {
      const entity = entityOf(state, kind, input, context);
      checkModifiable(entity, context);
      if (entity.boundary === undefined) {
        throw noSuchEntity(`The ${kind.toLowerCase()} ${entity.name} does not have a permissions boundary.`);
      }
      entity.boundary = undefined;
      return {};
    },
  };
}

/** Managed and inline policies of users, groups and roles, and boundaries. */
export function attachmentOperations(state: IamState, policies: Policies): Record<string, Handler> {
  return {
    ...managed(state, policies, 'User'),
    ...managed(state, policies, 'Group'),
    ...managed(state, policies, 'Role'),
    ...inline(state, 'User'),
    ...inline(state, 'Group'),
    ...inline(state, 'Role'),
    ...boundary(state, policies, 'User'),
    ...boundary(state, policies, 'Role'),
  };
}
