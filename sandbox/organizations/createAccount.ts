import {
  type CreateAccountRequest,
  CreateAccountState,
  type CreateAccountStatus,
  type DescribeCreateAccountStatusRequest,
  IAMUserAccessToBilling,
  type ListCreateAccountStatusRequest,
} from '@aws-sdk/client-organizations';
import type { CallContext, Handler } from '../core/service';
import type { SandboxAccount } from '../core/world';
import { asManagement, asReader } from './access';
import { invalidInput, organizationsError } from './errors';
import { join } from './found';
import { newId } from './ids';
import { matching, oneOf, page, patterns, printable, text } from './input';
import { type CreationStatus, memberships, type Organization, type OrganizationsState } from './state';
import { afterwards, mayShareAddress } from './strangers';
import { checkedTags } from './tags';

const accountLimit = 10_000;

function describe(status: CreationStatus): CreateAccountStatus {
  return {
    Id: status.id,
    AccountName: status.accountName,
    State: status.state,
    RequestedTimestamp: status.requestedAt,
    CompletedTimestamp: status.completedAt,
    AccountId: status.accountId,
    GovCloudAccountId: status.govCloudAccountId,
    FailureReason: status.failureReason,
  };
}

function failure(context: CallContext, organization: Organization, email: string) {
  const taken = [...context.world.accounts.values()].some(
    (account) => account.email.toLowerCase() === email.toLowerCase(),
  );
  if (taken && !mayShareAddress(context)) {
    return 'EMAIL_ALREADY_EXISTS' as const;
  }
  return memberships(organization).length >= accountLimit ? ('ACCOUNT_LIMIT_EXCEEDED' as const) : undefined;
}

/** Lets other services take the new account in; then the request has succeeded. */
async function complete(state: OrganizationsState, status: CreationStatus, account: SandboxAccount): Promise<void> {
  try {
    await state.world.organization.tell('joined', account);
    status.state = 'SUCCEEDED';
  } catch {
    status.state = 'FAILED';
    status.failureReason = 'INTERNAL_FAILURE';
  }
  status.completedAt = state.now();
}

function newAccount(
  state: OrganizationsState,
  input: CreateAccountRequest,
  govCloudAccountId?: string,
): SandboxAccount {
  const open = [...state.world.regions].filter(([, { optIn }]) => !optIn).map(([name]) => name);
  return {
    id: newId.account(),
    email: input.Email as string,
    name: input.AccountName as string,
    status: 'ACTIVE',
    enabledRegions: new Set(open),
    accessRoleName: input.RoleName,
    govCloudAccountId,
  };
}

function checkInput(input: CreateAccountRequest): void {
  text(input.Email, 6, 64);
  matching(input.Email, patterns.email);
  printable(input.AccountName, 50);
  if (input.RoleName !== undefined && !/^[\w+=,.@-]{1,64}$/.test(input.RoleName)) {
    throw invalidInput('INVALID_ROLE_NAME', 'You provided a role name that is invalid.');
  }
  if (input.IamUserAccessToBilling !== undefined) {
    oneOf(input.IamUserAccessToBilling, IAMUserAccessToBilling);
  }
}

/**
 * The request is answered while the account comes into being. Its id is told at once, because the account is
 * in the organization at once, with its access role; what takes time is what other services put into it.
 */
function create(state: OrganizationsState, operation: 'CreateAccount' | 'CreateGovCloudAccount'): Handler {
  return async (input: CreateAccountRequest, context) => {
    checkInput(input);
    const tags = checkedTags(input.Tags);
    const organization = asManagement(state, context, operation);
    const govCloud = operation === 'CreateGovCloudAccount';
    if (govCloud && state.world.partition !== 'aws') {
      throw organizationsError('UnsupportedAPIEndpointException');
    }
    const status: CreationStatus = {
      id: newId.createAccountRequest(),
      accountName: input.AccountName as string,
      requestedAt: state.now(),
      state: 'IN_PROGRESS',
    };
    organization.creations.set(status.id, status);
    const reason = failure(context, organization, input.Email as string);
    const answer = { CreateAccountStatus: describe(status) };
    if (reason) {
      Object.assign(status, { state: 'FAILED', failureReason: reason, completedAt: state.now() });
      return answer;
    }
    const account = newAccount(state, input, govCloud ? newId.account() : undefined);
    status.accountId = account.id;
    status.govCloudAccountId = account.govCloudAccountId;
    state.world.accounts.set(account.id, account);
    await state.world.organization.tell('created', account);
    const member = join(state, organization, account.id, 'CREATED');
    for (const [key, value] of tags) {
      member.tags.set(key, value);
    }
    await afterwards(context, () => complete(state, status, account));
    return { CreateAccountStatus: describe(status) };
  };
}

/** CreateAccount, CreateGovCloudAccount (a pair of accounts) and the states of such requests. */
export function createAccountOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    CreateAccount: create(state, 'CreateAccount'),
    CreateGovCloudAccount: create(state, 'CreateGovCloudAccount'),
    DescribeCreateAccountStatus: (input: DescribeCreateAccountStatusRequest, context) => {
      const id = matching(input.CreateAccountRequestId, patterns.createAccountRequest);
      const status = asReader(state, context, 'DescribeCreateAccountStatus').creations.get(id);
      if (!status) {
        throw organizationsError('CreateAccountStatusNotFoundException');
      }
      return { CreateAccountStatus: describe(status) };
    },
    ListCreateAccountStatus: (input: ListCreateAccountStatusRequest, context) => {
      const wanted = (input.States ?? []).map((each) => oneOf(each, CreateAccountState));
      const { creations } = asReader(state, context, 'ListCreateAccountStatus');
      const all = [...creations.values()].filter((each) => wanted.length === 0 || wanted.includes(each.state));
      const found = page(all, input);
      return { CreateAccountStatuses: found.items.map(describe), NextToken: found.nextToken };
    },
  };
}
