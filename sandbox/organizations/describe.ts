import type {
  Account,
  AccountState,
  AccountStatus,
  OrganizationalUnit,
  Organization as OrganizationOutput,
  PolicySummary,
  PolicyTargetSummary,
  Root,
} from '@aws-sdk/client-organizations';
import type { SandboxAccount } from '../core/world';
import { organizationsError } from './errors';
import { chain, type Membership, type Node, type Organization, type OrganizationsState, type Policy } from './state';

/** `o-…/r-…/ou-…/`: where a unit or account hangs, as `aws:PrincipalOrgPaths` has it. */
export function pathOf(organization: Organization, id: string): string {
  const containers = chain(organization, id).filter((node) => node.kind !== 'ACCOUNT');
  return `${[organization.id, ...containers.map((node) => node.id)].join('/')}/`;
}

/** The account itself, which the world keeps. */
export function accountOf(state: OrganizationsState, id: string): SandboxAccount {
  const account = state.world.accounts.get(id);
  if (!account) {
    throw organizationsError('AccountNotFoundException');
  }
  return account;
}

function accountArn(state: OrganizationsState, organization: Organization, id: string): string {
  return state.arn(organization, `account/${organization.id}/${id}`);
}

export function describeAccount(state: OrganizationsState, organization: Organization, member: Membership): Account {
  const account = accountOf(state, member.id);
  return {
    Id: account.id,
    Arn: accountArn(state, organization, account.id),
    Email: account.email,
    Name: account.name,
    Status: (account.status === 'CLOSED' ? 'SUSPENDED' : account.status) as AccountStatus,
    State: account.status as AccountState,
    JoinedMethod: member.joinedMethod,
    JoinedTimestamp: member.joinedAt,
  };
}

export function describeOrganization(state: OrganizationsState, organization: Organization): OrganizationOutput {
  const { managementAccountId } = organization;
  return {
    Id: organization.id,
    Arn: state.arn(organization, `organization/${organization.id}`),
    FeatureSet: organization.featureSet,
    MasterAccountArn: accountArn(state, organization, managementAccountId),
    MasterAccountId: managementAccountId,
    MasterAccountEmail: accountOf(state, managementAccountId).email,
    AvailablePolicyTypes:
      organization.featureSet === 'ALL' ? [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] : [],
  };
}

export function describeRoot(state: OrganizationsState, organization: Organization): Root {
  const { root } = organization;
  return {
    Id: root.id,
    Arn: nodeArn(state, organization, root),
    Name: root.name,
    PolicyTypes: [...organization.policyTypes].map((Type) => ({ Type, Status: 'ENABLED' })),
  };
}

export function describeUnit(state: OrganizationsState, organization: Organization, unit: Node): OrganizationalUnit {
  return {
    Id: unit.id,
    Arn: nodeArn(state, organization, unit),
    Name: unit.name,
    Path: pathOf(organization, unit.id),
  };
}

const arnWords = { ROOT: 'root', ORGANIZATIONAL_UNIT: 'ou', ACCOUNT: 'account' } as const;

export function nodeArn(state: OrganizationsState, organization: Organization, node: Node): string {
  return state.arn(organization, `${arnWords[node.kind]}/${organization.id}/${node.id}`);
}

export function describePolicy(state: OrganizationsState, organization: Organization, policy: Policy): PolicySummary {
  const type = policy.type.toLowerCase();
  return {
    Id: policy.id,
    Arn: policy.awsManaged
      ? `arn:${state.world.partition}:organizations::aws:policy/${type}/${policy.id}`
      : state.arn(organization, `policy/${organization.id}/${type}/${policy.id}`),
    Name: policy.name,
    Description: policy.description,
    Type: policy.type,
    AwsManaged: policy.awsManaged,
  };
}

export function describeTarget(state: OrganizationsState, organization: Organization, node: Node): PolicyTargetSummary {
  return {
    TargetId: node.id,
    Arn: nodeArn(state, organization, node),
    Name: node.kind === 'ACCOUNT' ? accountOf(state, node.id).name : node.name,
    Type: node.kind,
  };
}
