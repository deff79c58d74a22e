import type { CallContext } from '../core/service';
import { entitiesOf, type Policies } from './policies';
import { type Entity, type IamAccount, type IamState, nameKey, noSuchEntity, type User } from './state';

/** A policy that stands for somebody, as IAM names it, and what it says. */
export interface GrantingPolicy {
  readonly PolicyName: string;
  readonly PolicyType: 'INLINE' | 'MANAGED';
  readonly PolicyArn?: string;
  readonly EntityType?: 'USER' | 'ROLE' | 'GROUP';
  readonly EntityName?: string;
  readonly document: string;
}

/** Whose access is looked at: those who act, and the policies that let them. */
export interface AccessSubject {
  readonly entities: readonly Entity[];
  readonly policies: readonly GrantingPolicy[];
}

function policiesOf(entity: Entity, policies: Policies): GrantingPolicy[] {
  const EntityType = entity.kind.toUpperCase() as 'USER' | 'ROLE' | 'GROUP';
  const inline = [...entity.inline].map(([PolicyName, document]) => ({
    PolicyName,
    PolicyType: 'INLINE' as const,
    EntityType,
    EntityName: entity.name,
    document,
  }));
  const managed = [...entity.attached].map((PolicyArn) => ({
    PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
    PolicyType: 'MANAGED' as const,
    PolicyArn,
    document: policies.document(PolicyArn) ?? '{}',
  }));
  return [...managed, ...inline];
}

function findEntity(state: IamState, account: IamAccount, arn: string): Entity | undefined {
  return entitiesOf(account).find((entity) => state.entityArn(account.id, entity) === arn);
}

function groupsOf(account: IamAccount, user: User): Entity[] {
  return [...user.groups].flatMap((name) => account.groups.get(name) ?? []);
}

/** Policies of a user (and the user's groups), group or role. @throws ServiceError `NoSuchEntity` */
export function grantingPolicies(
  state: IamState,
  policies: Policies,
  arn: string,
  context: CallContext,
): GrantingPolicy[] {
  const account = state.account(context.accountId);
  const entity = findEntity(state, account, arn);
  if (!entity) {
    throw noSuchEntity(`ARN ${arn} cannot be found.`);
  }
  const groups = entity.kind === 'user' ? groupsOf(account, entity as User) : [];
  return [entity, ...groups].flatMap((each) => policiesOf(each, policies));
}

/** The user, group, role or managed policy of an ARN. @throws ServiceError `NoSuchEntity` */
export function subjectOf(state: IamState, policies: Policies, arn: string, context: CallContext): AccessSubject {
  const account = state.account(context.accountId);
  if (arn.includes(':policy/')) {
    const { name } = policies.get(arn, context);
    const document = policies.document(arn) ?? '{}';
    const holders = entitiesOf(account).filter((entity) => entity.attached.has(arn));
    const policy: GrantingPolicy = { PolicyName: name, PolicyType: 'MANAGED', PolicyArn: arn, document };
    return { entities: holders.flatMap((holder) => actorsOf(account, holder)), policies: [policy] };
  }
  const found = grantingPolicies(state, policies, arn, context);
  const entity = findEntity(state, account, arn) as Entity;
  return { entities: actorsOf(account, entity), policies: found };
}

/** A group acts through its users. */
function actorsOf(account: IamAccount, entity: Entity): Entity[] {
  return entity.kind === 'group'
    ? [...account.users.values()].filter((user) => user.groups.has(nameKey(entity.name)))
    : [entity];
}
