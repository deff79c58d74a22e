import type {
  AlternateContact,
  ContactInformation,
  PhoneNumberVerificationStatus,
  PrimaryEmailUpdateStatus,
} from '@aws-sdk/client-account';
import type { CallContext } from '../core/service';
import { isStranger, strangersAccount } from '../core/strangers';
import type { SandboxAccount, World } from '../core/world';
import { denied, notFound } from './errors';

/** What the Account API keeps of one account. */
export interface AccountRecord {
  readonly alternateContacts: Map<string, AlternateContact>;
  contact?: ContactInformation;
  /** Of the phone number in the primary contact information; absent until somebody asks. */
  phone?: PhoneNumberVerificationStatus;
  /** Regions on their way to on or off. */
  readonly changing: Map<string, 'ENABLING' | 'DISABLING'>;
  emailUpdate?: { readonly email: string; readonly otp: string; status: PrimaryEmailUpdateStatus; updatedAt: Date };
  readonly createdAt: Date;
}

/** All of the Account service's state in one world. */
export class AccountState {
  private readonly records = new Map<string, AccountRecord>();

  constructor(readonly world: World) {}

  record(accountId: string): AccountRecord {
    let record = this.records.get(accountId);
    if (!record) {
      record = { alternateContacts: new Map(), changing: new Map(), createdAt: this.world.now() };
      this.records.set(accountId, record);
    }
    return record;
  }

  account(id: string): SandboxAccount {
    const account = this.world.accounts.get(id);
    if (!account) {
      throw notFound('No account was found for the given account ID.');
    }
    return account;
  }

  /**
   * The account that a call is about: the caller's own, or the member that it names.
   * @throws ServiceError `AccessDeniedException` unless the caller may speak for that member
   */
  target(given: string | undefined, context: CallContext, operation: string): SandboxAccount {
    if (given === undefined) {
      return this.account(context.accountId);
    }
    const organization = this.world.organization.current;
    const named = isStranger(context) && !organization ? strangersAccount(this.world, given) : undefined;
    if (named) {
      return named;
    }
    const { accountId } = context;
    if (!organization?.has(accountId)) {
      throw denied(context, operation, 'Your account is not a member of an organization.');
    }
    const delegated = organization.delegatedAdministrators('account.amazonaws.com').includes(accountId);
    if (accountId !== organization.managementAccountId && !delegated) {
      throw denied(
        context,
        operation,
        'You must be the management account or a delegated administrator of your organization.',
      );
    }
    if (given === accountId && !delegated) {
      throw denied(context, operation, 'The management account must not specify its own account ID.');
    }
    if (!organization.has(given)) {
      throw denied(context, operation, 'The account is not a member of your organization.');
    }
    if (!organization.trusts('account.amazonaws.com')) {
      throw denied(
        context,
        operation,
        'Your organization must first enable trusted access with AWS Account Management.',
      );
    }
    return this.account(given);
  }
}
