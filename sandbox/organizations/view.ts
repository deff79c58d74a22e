import type { PolicyType } from '@aws-sdk/client-organizations';
import type { OrganizationView } from '../core/organization';
import { pathOf } from './describe';
import { effectivePolicy } from './inheritance';
import { chain, type Membership, memberships, type Organization, type OrganizationsState } from './state';

/**
 * Whether policies of a type are in force. Service control policies are from the start with all features
 * (API reference, CreateOrganization), though ListRoots shows them only after EnablePolicyType.
 */
export function inForce(organization: Organization, type: PolicyType): boolean {
  const implicit =
    type === 'SERVICE_CONTROL_POLICY' && organization.featureSet === 'ALL' && !organization.serviceControlOff;
  return implicit || organization.policyTypes.has(type);
}

/** Documents of a type by level, from the root down to the target. */
export function documentsByLevel(organization: Organization, targetId: string, type: string): string[][] {
  return chain(organization, targetId).map((node) =>
    [...node.policies].flatMap((id) => {
      const policy = organization.policies.get(id);
      return policy?.type === type ? [policy.content] : [];
    }),
  );
}

/** Control policies do not reach the management account. */
function controls(organization: Organization, accountId: string, type: PolicyType): string[][] {
  const free = accountId === organization.managementAccountId || !inForce(organization, type);
  return free ? [] : documentsByLevel(organization, accountId, type);
}

/** What the rest of the world may know of an organization; always up to date. */
function viewOf(organization: Organization): OrganizationView {
  const { id, managementAccountId } = organization;
  const member = (accountId: string) => organization.nodes.get(accountId) as Membership | undefined;
  return {
    id,
    managementAccountId,
    has: (accountId) => member(accountId)?.kind === 'ACCOUNT',
    accountIds: () => memberships(organization).map((each) => each.id),
    trusts: (principal) => organization.trustedServices.has(principal),
    delegatedAdministrators: (principal) =>
      memberships(organization)
        .filter((each) => each.delegations.has(principal))
        .map((each) => each.id),
    path: (accountId) => (member(accountId) ? pathOf(organization, accountId) : undefined),
    serviceControlPolicies: (accountId) => controls(organization, accountId, 'SERVICE_CONTROL_POLICY'),
    resourceControlPolicies: (accountId) => controls(organization, accountId, 'RESOURCE_CONTROL_POLICY'),
    effectivePolicy: (type, accountId) =>
      organization.policyTypes.has(type as PolicyType)
        ? effectivePolicy(documentsByLevel(organization, accountId, type))
        : undefined,
  };
}

/** Shows the world its first organization. */
export function publishView(state: OrganizationsState): void {
  const [first] = state.organizations;
  const { organization } = state.world;
  if (organization.current?.id !== first?.id) {
    organization.current = first ? viewOf(first) : undefined;
  }
}
