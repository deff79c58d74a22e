import type {
  CloseAccountRequest,
  DescribeAccountRequest,
  ListAccountsForParentRequest,
  ListAccountsRequest,
  MoveAccountRequest,
  RemoveAccountFromOrganizationRequest,
} from '@aws-sdk/client-organizations';
import type { Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { accountOf, describeAccount } from './describe';
import { constraint, organizationsError } from './errors';
import { matching, page, patterns } from './input';
import {
  childrenOf,
  type Membership,
  membership,
  memberships,
  type Organization,
  type OrganizationsState,
} from './state';
import { afterwards } from './strangers';
import { parent } from './units';

const closingQuota = { smallest: 10, largest: 1_000, share: 0.1, days: 30 };
const day = 86_400_000;

function move(state: OrganizationsState): Handler {
  return (input: MoveAccountRequest, context) => {
    const id = matching(input.AccountId, patterns.account);
    const sourceId = matching(input.SourceParentId, patterns.parent);
    const destinationId = matching(input.DestinationParentId, patterns.parent);
    const organization = asManagement(state, context, 'MoveAccount');
    const moved = membership(organization, id);
    const source = organization.nodes.get(sourceId);
    const destination = organization.nodes.get(destinationId);
    if (!source || moved.parentId !== sourceId) {
      throw organizationsError('SourceParentNotFoundException');
    }
    if (!destination) {
      throw organizationsError('DestinationParentNotFoundException');
    }
    if (sourceId === destinationId) {
      throw organizationsError('DuplicateAccountException');
    }
    moved.parentId = destinationId;
  };
}

/** Takes an account out of its organization; the account itself stays. */
async function leave(state: OrganizationsState, organization: Organization, member: Membership): Promise<void> {
  if (member.id === organization.managementAccountId) {
    throw organizationsError('MasterCannotLeaveOrganizationException');
  }
  if (member.delegations.size > 0) {
    throw constraint(
      'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
      'You cannot remove a delegated administrator from the organization.',
    );
  }
  organization.nodes.delete(member.id);
  await state.world.organization.tell('left', accountOf(state, member.id));
}

function checkClosingQuota(state: OrganizationsState, organization: Organization): void {
  const since = state.now().getTime() - closingQuota.days * day;
  const recent = organization.closures.filter((date) => date.getTime() > since).length;
  const share = Math.floor(memberships(organization).length * closingQuota.share);
  if (recent >= Math.min(Math.max(share, closingQuota.smallest), closingQuota.largest)) {
    throw constraint('CLOSE_ACCOUNT_QUOTA_EXCEEDED', 'You have exceeded close account quota for the past 30 days.');
  }
}

function close(state: OrganizationsState): Handler {
  return async (input: CloseAccountRequest, context) => {
    const id = matching(input.AccountId, patterns.account);
    const organization = asManagement(state, context, 'CloseAccount');
    const member = membership(organization, id);
    const account = accountOf(state, member.id);
    if (id === organization.managementAccountId) {
      throw constraint('CANNOT_CLOSE_MANAGEMENT_ACCOUNT', 'You cannot close the management account.');
    }
    if (account.status !== 'ACTIVE') {
      throw organizationsError('AccountAlreadyClosedException');
    }
    checkClosingQuota(state, organization);
    organization.closures.push(state.now());
    account.status = 'PENDING_CLOSURE';
    await afterwards(context, async () => {
      account.status = 'SUSPENDED';
      await state.world.organization.tell('closed', account);
    });
  };
}

/** Accounts in the organization. */
export function accountOperations(state: OrganizationsState): Record<string, Handler> {
  const described = (organization: Organization, members: readonly Membership[]) =>
    members.map((member) => describeAccount(state, organization, member));
  return {
    ListAccounts: (input: ListAccountsRequest, context) => {
      const organization = asReader(state, context, 'ListAccounts');
      const found = page(memberships(organization), input);
      return { Accounts: described(organization, found.items), NextToken: found.nextToken };
    },
    ListAccountsForParent: (input: ListAccountsForParentRequest, context) => {
      const organization = asReader(state, context, 'ListAccountsForParent');
      const above = parent(organization, input.ParentId);
      const members = childrenOf(organization, above.id).filter((node) => node.kind === 'ACCOUNT') as Membership[];
      const found = page(members, input);
      return { Accounts: described(organization, found.items), NextToken: found.nextToken };
    },
    DescribeAccount: (input: DescribeAccountRequest, context) => {
      const id = matching(input.AccountId, patterns.account);
      if (!state.of(context.accountId)) {
        throw organizationsError('AccountNotFoundException');
      }
      const organization = asReader(state, context, 'DescribeAccount');
      return { Account: describeAccount(state, organization, membership(organization, id)) };
    },
    MoveAccount: move(state),
    CloseAccount: close(state),
    RemoveAccountFromOrganization: async (input: RemoveAccountFromOrganizationRequest, context) => {
      const id = matching(input.AccountId, patterns.account);
      const organization = asManagement(state, context, 'RemoveAccountFromOrganization');
      await leave(state, organization, membership(organization, id));
    },
    LeaveOrganization: async (_input: unknown, context) => {
      const organization = state.required(context);
      await leave(state, organization, membership(organization, context.accountId));
    },
  };
}
