import { randomInt } from 'node:crypto';
import type {
  AcceptPrimaryEmailUpdateRequest,
  GetAccountInformationRequest,
  GetGovCloudAccountInformationRequest,
  GetPrimaryEmailRequest,
  PutAccountNameRequest,
  StartPrimaryEmailUpdateRequest,
} from '@aws-sdk/client-account';
import type { CallContext, Handler } from '../core/service';
import type { SandboxAccount } from '../core/world';
import { conflict, denied, invalidField, notFound } from './errors';
import type { AccountState } from './state';

/** Only management and delegated administrator accounts deal with root users' e-mail addresses. */
function member(state: AccountState, given: string | undefined, context: CallContext, operation: string) {
  if (given === undefined) {
    throw invalidField('AccountId', 'AccountId is required.');
  }
  return state.target(given, context, operation);
}

function checkEmail(state: AccountState, account: SandboxAccount, email: string | undefined): string {
  if (!email || email.length < 5 || email.length > 64 || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw invalidField('PrimaryEmail', 'The email address is invalid.');
  }
  const same = (other: SandboxAccount) => other.email.toLowerCase() === email.toLowerCase();
  if ([...state.world.accounts.values()].some((other) => other.id !== account.id && same(other))) {
    throw conflict('The email address is already in use.');
  }
  return email;
}

function primaryEmail(state: AccountState): Record<string, Handler> {
  return {
    GetPrimaryEmail: (input: GetPrimaryEmailRequest, context) => ({
      PrimaryEmail: member(state, input.AccountId, context, 'GetPrimaryEmail').email,
    }),
    StartPrimaryEmailUpdate: (input: StartPrimaryEmailUpdateRequest, context) => {
      const account = member(state, input.AccountId, context, 'StartPrimaryEmailUpdate');
      const email = checkEmail(state, account, input.PrimaryEmail);
      const otp = String(randomInt(100_000, 1_000_000));
      state.record(account.id).emailUpdate = { email, otp, status: 'PENDING', updatedAt: state.world.now() };
      return { Status: 'PENDING' };
    },
    AcceptPrimaryEmailUpdate: (input: AcceptPrimaryEmailUpdateRequest, context) => {
      const account = member(state, input.AccountId, context, 'AcceptPrimaryEmailUpdate');
      const update = state.record(account.id).emailUpdate;
      if (update?.status !== 'PENDING' || update.email !== input.PrimaryEmail) {
        throw notFound('No pending primary email update was found.');
      }
      // No mail is sent here, so nobody can know the code: any well-formed one is right.
      if (!/^[a-zA-Z0-9]{6}$/.test(input.Otp ?? '')) {
        throw denied(context, 'AcceptPrimaryEmailUpdate', 'The one-time password is invalid.');
      }
      update.status = 'ACCEPTED';
      update.updatedAt = state.world.now();
      account.email = update.email;
      return { Status: 'ACCEPTED' };
    },
    GetPrimaryEmailUpdateStatus: (input: { AccountId?: string }, context) => {
      const account = member(state, input.AccountId, context, 'GetPrimaryEmailUpdateStatus');
      const update = state.record(account.id).emailUpdate;
      if (!update) {
        throw notFound('No primary email update was found.');
      }
      return { Status: update.status, UpdatedAt: update.updatedAt };
    },
  };
}

/** The account's name, and its root user's e-mail address. */
export function identityOperations(state: AccountState): Record<string, Handler> {
  return {
    ...primaryEmail(state),
    GetAccountInformation: (input: GetAccountInformationRequest, context) => {
      const account = state.target(input.AccountId, context, 'GetAccountInformation');
      return {
        AccountId: account.id,
        AccountName: account.name,
        AccountCreatedDate: state.record(account.id).createdAt,
        AccountState: account.status === 'PENDING_CLOSURE' ? 'SUSPENDED' : account.status,
      };
    },
    GetGovCloudAccountInformation: (input: GetGovCloudAccountInformationRequest, context) => {
      const account = state.target(input.StandardAccountId, context, 'GetGovCloudAccountInformation');
      if (!account.govCloudAccountId) {
        throw notFound('No GovCloud account is linked to the account.');
      }
      return {
        GovCloudAccountId: account.govCloudAccountId,
        AccountState: account.status === 'PENDING_CLOSURE' ? 'SUSPENDED' : account.status,
      };
    },
    PutAccountName: (input: PutAccountNameRequest, context) => {
      const account = state.target(input.AccountId, context, 'PutAccountName');
      if (!/^[ -;=?-~]{1,50}$/.test(input.AccountName ?? '')) {
        throw invalidField('AccountName', 'The account name is invalid.');
      }
      account.name = input.AccountName as string;
    },
  };
}
