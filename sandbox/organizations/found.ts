import type { AccountJoinedMethod, OrganizationFeatureSet, PolicyType } from '@aws-sdk/client-organizations';
import { newId } from './ids';
import type { Membership, Node, Organization, OrganizationsState, Policy } from './state';

const allowEverything = (principal: boolean): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', ...(principal ? { Principal: '*' } : {}), Action: '*', Resource: '*' }],
  });

/** The policies that AWS attaches to everything, so that nothing is denied at first. */
export const awsManagedPolicies: readonly Omit<Policy, 'tags'>[] = [
  {
    id: 'p-FullAWSAccess',
    type: 'SERVICE_CONTROL_POLICY',
    awsManaged: true,
    name: 'FullAWSAccess',
    description: 'Allows access to every operation',
    content: allowEverything(false),
  },
  {
    id: 'p-RCPFullAWSAccess',
    type: 'RESOURCE_CONTROL_POLICY',
    awsManaged: true,
    name: 'RCPFullAWSAccess',
    description: 'Allows access to every resource',
    content: allowEverything(true),
  },
];

/** Policies that a new root, unit or account has attached from the start. */
function initialPolicies(organization: Pick<Organization, 'featureSet'>): Set<string> {
  return new Set(organization.featureSet === 'ALL' ? awsManagedPolicies.map((policy) => policy.id) : []);
}

/** A new organization with its management account, in the world from now on. */
export function found(
  state: OrganizationsState,
  managementAccountId: string,
  featureSet: OrganizationFeatureSet,
): Organization {
  const root: Node = {
    id: newId.root(),
    kind: 'ROOT',
    name: 'Root',
    tags: new Map(),
    policies: initialPolicies({ featureSet }),
  };
  const organization: Organization = {
    id: newId.organization(),
    managementAccountId,
    featureSet,
    root,
    nodes: new Map([[root.id, root]]),
    policies: new Map(awsManagedPolicies.map((policy) => [policy.id, { ...policy, tags: new Map() }])),
    policyTypes: new Set<PolicyType>(),
    serviceControlOff: false,
    trustedServices: new Map(),
    creations: new Map(),
    closures: [],
  };
  state.organizations.push(organization);
  join(state, organization, managementAccountId, 'INVITED');
  return organization;
}

/** Puts an account into the organization's root, or under another parent. */
export function join(
  state: OrganizationsState,
  organization: Organization,
  accountId: string,
  joinedMethod: AccountJoinedMethod,
  parentId = organization.root.id,
): Membership {
  const member: Membership = {
    id: accountId,
    kind: 'ACCOUNT',
    name: '',
    parentId,
    tags: new Map(),
    policies: initialPolicies(organization),
    joinedMethod,
    joinedAt: state.now(),
    delegations: new Map(),
  };
  organization.nodes.set(accountId, member);
  return member;
}

export function addUnit(organization: Organization, parentId: string, name: string): Node {
  const unit: Node = {
    id: newId.unit(organization.root.id),
    kind: 'ORGANIZATIONAL_UNIT',
    name,
    parentId,
    tags: new Map(),
    policies: initialPolicies(organization),
  };
  organization.nodes.set(unit.id, unit);
  return unit;
}

/** The organization that stands from the start: all of the world's accounts, in units by their paths. */
export function foundInitial(state: OrganizationsState): void {
  const { managementAccountId, accounts } = state.world;
  if (managementAccountId === undefined) {
    return;
  }
  const organization = found(state, managementAccountId, 'ALL');
  organization.policyTypes.add('SERVICE_CONTROL_POLICY');
  const units = new Map<string, string>();
  for (const account of accounts.values()) {
    const parentId = unitAt(organization, units, account.ouPath ?? '');
    if (account.id !== managementAccountId) {
      join(state, organization, account.id, 'CREATED', parentId);
    } else {
      (organization.nodes.get(account.id) as Node).parentId = parentId;
    }
  }
}

/** The unit at a path such as `Workloads/Production`, made if need be. */
function unitAt(organization: Organization, units: Map<string, string>, path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== 'Root');
  let parentId = organization.root.id;
  names.forEach((name, index) => {
    const key = names.slice(0, index + 1).join('/');
    const id = units.get(key) ?? addUnit(organization, parentId, name).id;
    units.set(key, id);
    parentId = id;
  });
  return parentId;
}
