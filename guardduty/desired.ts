import type { Account } from '../organization/accounts';
import type { Config } from '../organization/config';

/** What GuardDuty is to look like: pure, from `accounts.csv` and `garrison.yaml`. */
export interface DesiredGuard {
  /** The security account: GuardDuty administrator in every region. */
  readonly administratorId: string;
  readonly regions: readonly string[];
  /** Every account but the administrator, with its root e-mail. */
  readonly members: readonly DesiredMember[];
  readonly findingPublishingFrequency: 'FIFTEEN_MINUTES' | 'ONE_HOUR' | 'SIX_HOURS';
  readonly invitationEmails: boolean;
}

/** An account that is to be a member, and the regions in which it can be. */
export interface DesiredMember {
  readonly accountId: string;
  readonly email: string;
}

/** The desired state. `regions` is what `regions: all` stands for. */
export function desiredGuard(config: Config, accounts: readonly Account[], regions: readonly string[]): DesiredGuard {
  return {
    administratorId: config.securityAccount,
    regions,
    members: accounts
      .filter((account) => account.id !== config.securityAccount)
      .map((account) => ({ accountId: account.id, email: account.email })),
    findingPublishingFrequency: config.guardduty.findingPublishingFrequency,
    invitationEmails: config.guardduty.invitationEmails,
  };
}
