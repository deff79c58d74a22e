import type {
  DeregisterDelegatedAdministratorRequest,
  DisableAWSServiceAccessRequest,
  EnableAWSServiceAccessRequest,
  ListAWSServiceAccessForOrganizationRequest,
  ListDelegatedAdministratorsRequest,
  ListDelegatedServicesForAccountRequest,
  RegisterDelegatedAdministratorRequest,
} from '@aws-sdk/client-organizations';
import type { CallContext, Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { accountOf, describeAccount } from './describe';
import { constraint, invalidInput, organizationsError } from './errors';
import { matching, page, patterns } from './input';
import { isServicePrincipal } from './principals';
import { membership, memberships, type Organization, type OrganizationsState } from './state';

/** Delegated administrators that one service may have; GuardDuty and most others one. */
const onlyOne: readonly string[] = [
  'detective.amazonaws.com',
  'fms.amazonaws.com',
  'guardduty.amazonaws.com',
  'inspector2.amazonaws.com',
  'macie.amazonaws.com',
  'securityhub.amazonaws.com',
];

const unrecognized = () =>
  invalidInput('UNRECOGNIZED_SERVICE_PRINCIPAL', 'You specified an unrecognized service principal.');

function servicePrincipal(value: string | undefined): string {
  if (!isServicePrincipal(value)) {
    throw unrecognized();
  }
  return value as string;
}

function serviceAccess(state: OrganizationsState): Record<string, Handler> {
  return {
    EnableAWSServiceAccess: (input: EnableAWSServiceAccessRequest, context) => {
      const principal = servicePrincipal(input.ServicePrincipal);
      const organization = asManagement(state, context, 'EnableAWSServiceAccess');
      if (organization.featureSet !== 'ALL') {
        throw constraint(
          'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
          'You can perform this operation only on an organization that has all features enabled.',
        );
      }
      if (!organization.trustedServices.has(principal)) {
        organization.trustedServices.set(principal, state.now());
      }
    },
    DisableAWSServiceAccess: (input: DisableAWSServiceAccessRequest, context) => {
      const principal = servicePrincipal(input.ServicePrincipal);
      asManagement(state, context, 'DisableAWSServiceAccess').trustedServices.delete(principal);
    },
    ListAWSServiceAccessForOrganization: (input: ListAWSServiceAccessForOrganizationRequest, context) => {
      const { trustedServices } = asReader(state, context, 'ListAWSServiceAccessForOrganization');
      const found = page([...trustedServices], input);
      return {
        EnabledServicePrincipals: found.items.map(([ServicePrincipal, DateEnabled]) => ({
          ServicePrincipal,
          DateEnabled,
        })),
        NextToken: found.nextToken,
      };
    },
  };
}

function refuseManagement(organization: Organization, accountId: string): void {
  if (accountId === organization.managementAccountId) {
    throw constraint(
      'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
      'You cannot register master account/yourself as delegated administrator for your organization.',
    );
  }
}

function register(state: OrganizationsState): Handler {
  return (input: RegisterDelegatedAdministratorRequest, context) => {
    const id = matching(input.AccountId, patterns.account);
    const organization = asManagement(state, context, 'RegisterDelegatedAdministrator');
    refuseManagement(organization, id);
    const member = membership(organization, id);
    const principal = servicePrincipal(input.ServicePrincipal);
    if (member.delegations.has(principal)) {
      throw organizationsError('AccountAlreadyRegisteredException');
    }
    if (accountOf(state, id).status !== 'ACTIVE') {
      throw constraint(
        'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
        'You cannot register a suspended account as delegated administrator.',
      );
    }
    if (onlyOne.includes(principal) && memberships(organization).some((each) => each.delegations.has(principal))) {
      throw constraint(
        'MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED',
        'You have exceeded the allowed number of delegated administrators for the delegated service principal.',
      );
    }
    member.delegations.set(principal, state.now());
  };
}

function deregister(state: OrganizationsState): Handler {
  return (input: DeregisterDelegatedAdministratorRequest, context) => {
    const id = matching(input.AccountId, patterns.account);
    const organization = asManagement(state, context, 'DeregisterDelegatedAdministrator');
    refuseManagement(organization, id);
    const { delegations } = membership(organization, id);
    if (delegations.size === 0) {
      throw organizationsError('AccountNotRegisteredException');
    }
    if (!delegations.delete(input.ServicePrincipal ?? '')) {
      throw unrecognized();
    }
  };
}

function listAdministrators(state: OrganizationsState): Handler {
  return (input: ListDelegatedAdministratorsRequest, context) => {
    const principal = input.ServicePrincipal === undefined ? undefined : servicePrincipal(input.ServicePrincipal);
    const organization = asReader(state, context, 'ListDelegatedAdministrators');
    const delegated = memberships(organization).filter(({ delegations }) =>
      principal ? delegations.has(principal) : delegations.size > 0,
    );
    const found = page(delegated, input);
    return {
      DelegatedAdministrators: found.items.map((member) => {
        const since = principal ? member.delegations.get(principal) : [...member.delegations.values()][0];
        return { ...describeAccount(state, organization, member), DelegationEnabledDate: since };
      }),
      NextToken: found.nextToken,
    };
  };
}

function listServices(state: OrganizationsState): Handler {
  return (input: ListDelegatedServicesForAccountRequest, context: CallContext) => {
    const id = matching(input.AccountId, patterns.account);
    const organization = asReader(state, context, 'ListDelegatedServicesForAccount');
    if (!organization.nodes.has(id)) {
      throw organizationsError('AWSOrganizationsNotInUseException');
    }
    const { delegations } = membership(organization, id);
    if (delegations.size === 0) {
      throw organizationsError('AccountNotRegisteredException');
    }
    const found = page([...delegations], input);
    return {
      DelegatedServices: found.items.map(([ServicePrincipal, DelegationEnabledDate]) => ({
        ServicePrincipal,
        DelegationEnabledDate,
      })),
      NextToken: found.nextToken,
    };
  };
}

/** Trusted access of services, and the accounts that administer them for the organization. */
export function delegationOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    ...serviceAccess(state),
    RegisterDelegatedAdministrator: register(state),
    DeregisterDelegatedAdministrator: deregister(state),
    ListDelegatedAdministrators: listAdministrators(state),
    ListDelegatedServicesForAccount: listServices(state),
  };
}
