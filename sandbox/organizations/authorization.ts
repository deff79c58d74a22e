import { requestTagConditions, resourceTagConditions, type Tag, tagsFrom } from '../common/tags';
import type { AuthorizationRequest, CallContext } from '../core/service';
import { describePolicy, nodeArn } from './describe';
import type { Organization, OrganizationsState } from './state';

/** The members of inputs that name a resource. */
const naming = [
  'TargetId',
  'AccountId',
  'PolicyId',
  'OrganizationalUnitId',
  'ParentId',
  'RootId',
  'ResourceId',
  'ChildId',
] as const;

function resource(state: OrganizationsState, organization: Organization, id: string) {
  const node = organization.nodes.get(id);
  if (node) {
    return { arn: nodeArn(state, organization, node), tags: node.tags, type: undefined };
  }
  const policy = organization.policies.get(id);
  return (
    policy && { arn: describePolicy(state, organization, policy).Arn as string, tags: policy.tags, type: policy.type }
  );
}

/** One decision on every resource that the input names, with the condition keys of Organizations. */
export function authorization(
  state: OrganizationsState,
  operation: string,
  input: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const given = (input ?? {}) as Record<string, unknown>;
  const organization = state.of(context.accountId);
  const named = naming.flatMap((member) => (typeof given[member] === 'string' ? [given[member]] : []));
  const found = organization ? named.flatMap((id) => resource(state, organization, id) ?? []) : [];
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const principal = text(given.ServicePrincipal);
  const type =
    text(given.PolicyType) ??
    text(given.Filter) ??
    (operation === 'CreatePolicy' ? text(given.Type) : undefined) ??
    // A policy that is named has its type, whatever else the call names.
    found.find((each) => each.type)?.type;
  const conditions = {
    ...(principal ? { 'organizations:ServicePrincipal': principal } : {}),
    ...(type ? { 'organizations:PolicyType': type } : {}),
    ...(Array.isArray(given.Tags) ? requestTagConditions(tagsFrom(given.Tags as Tag[])) : {}),
  };
  const action = `organizations:${operation}`;
  const createsTagged = operation === 'CreatePolicy' && Array.isArray(given.Tags) && given.Tags.length > 0;
  // What is created with tags is tagged, too.
  const tagging = createsTagged ? [{ action: 'organizations:TagResource', resources: ['*'], conditions }] : [];
  return found.length === 0
    ? [{ action, resources: ['*'], conditions }, ...tagging]
    : found.map(({ arn, tags }) => ({
        action,
        resources: [arn],
        conditions: { ...conditions, ...resourceTagConditions(tags) },
      }));
}
