import type {
  DeregisterOrganizationDelegatedAdminRequest,
  RegisterOrganizationDelegatedAdminRequest,
} from '@aws-sdk/client-cloudtrail';
import type { OrganizationView } from '../core/organization';
import type { CallContext, Handler } from '../core/service';
import { trailError } from './errors';

const principal = 'cloudtrail.amazonaws.com';
const administratorLimit = 3;

/** The caller's organization, when the caller manages it. @throws ServiceError */
function asManagement({ world, accountId }: CallContext): OrganizationView {
  const organization = world.organization.current;
  if (!organization?.has(accountId)) {
    throw trailError('OrganizationsNotInUseException', 'The account is not a member of an organization.');
  }
  if (organization.managementAccountId !== accountId) {
    const message = 'Only the management account of the organization can perform this operation.';
    throw trailError('NotOrganizationManagementAccountException', message);
  }
  return organization;
}

function memberOf(organization: OrganizationView, id: string | undefined): string {
  if (id === organization.managementAccountId) {
    const message = 'The management account of the organization cannot be its delegated administrator.';
    throw trailError('CannotDelegateManagementAccountException', message);
  }
  if (!id || !organization.has(id)) {
    throw trailError('AccountNotFoundException', 'The specified account does not exist in the organization.');
  }
  return id;
}

/** Accounts that look after the organization's trails; Organizations keeps who they are. */
export function delegationOperations(): Record<string, Handler> {
  return {
    RegisterOrganizationDelegatedAdmin: async (input: RegisterOrganizationDelegatedAdminRequest, context) => {
      const organization = asManagement(context);
      const AccountId = memberOf(organization, input.MemberAccountId);
      if (!organization.trusts(principal)) {
        const message = 'Trusted access for CloudTrail is not enabled in the organization.';
        throw trailError('CloudTrailAccessNotEnabledException', message);
      }
      const standing = organization.delegatedAdministrators(principal);
      if (standing.includes(AccountId)) {
        const message = 'The account is already registered as the CloudTrail delegated administrator.';
        throw trailError('AccountRegisteredException', message);
      }
      if (standing.length >= administratorLimit) {
        const message = `An organization can have ${administratorLimit} CloudTrail delegated administrators at most.`;
        throw trailError('DelegatedAdminAccountLimitExceededException', message);
      }
      const as = { caller: context.caller, region: context.region };
      const request = { AccountId, ServicePrincipal: principal };
      await context.world.call('organizations', 'RegisterDelegatedAdministrator', request, as);
      return {};
    },
    DeregisterOrganizationDelegatedAdmin: async (input: DeregisterOrganizationDelegatedAdminRequest, context) => {
      const organization = asManagement(context);
      const AccountId = memberOf(organization, input.DelegatedAdminAccountId);
      if (!organization.delegatedAdministrators(principal).includes(AccountId)) {
        const message = 'The account is not registered as a CloudTrail delegated administrator.';
        throw trailError('AccountNotRegisteredException', message);
      }
      const as = { caller: context.caller, region: context.region };
      const request = { AccountId, ServicePrincipal: principal };
      await context.world.call('organizations', 'DeregisterDelegatedAdministrator', request, as);
      return {};
    },
  };
}
