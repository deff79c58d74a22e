import type { ListedAccount } from '../../organization/accountsSync';
import { type Config, roleArn, roleNames } from '../../organization/config';
import { GarrisonError } from '../../organization/errors';
import { organizationAccounts } from '../../organization/members';
import type { Host } from '../../organization/messages';
import { AccountSessions, callerSession, type Session } from '../../organization/sessions';
import { organizationUnits } from '../../organization/units';

/**
 * Who may read the organization: the management account itself, or the operator in the security account.
 *
 * @throws GarrisonError `credentials.account` for credentials of any other account
 */
export async function organizationReader(config: Config): Promise<Session> {
  const caller = await callerSession(config.homeRegion);
  if (caller.accountId === config.managementAccount) {
    return caller;
  }
  if (caller.accountId !== config.securityAccount) {
    throw new GarrisonError(
      'credentials.account',
      `these credentials are of account ${caller.accountId}; only the management and the security account may read the organization`,
      `Choose credentials of ${config.securityAccount} or ${config.managementAccount} (AWS_PROFILE, or the keys in the environment).`,
      { accountId: caller.accountId },
    );
  }
  const { operator } = roleNames(config.roles);
  const sessions = new AccountSessions(caller, (accountId) =>
    roleArn({ partition: config.partition, accountId, name: operator }, config.roles),
  );
  return sessions.of(caller.accountId);
}

/**
 * The accounts of the organization with the paths of their units. Where units may not be read they are left out, and
 * said to be.
 *
 * @throws GarrisonError when accounts may not be read, or when this is another organization than the configuration's
 */
export async function readOrganization(
  session: Session,
  config: Config,
  options: { readonly units: boolean; readonly host: Host },
): Promise<ListedAccount[]> {
  const accounts = await organizationAccounts(session);
  if (!accounts.some(({ id }) => id === config.managementAccount)) {
    throw new GarrisonError(
      'organization.other',
      `this organization has no account ${config.managementAccount}, the managementAccount of the configuration`,
      'Choose the credentials, or the configuration, of the right organization.',
      { accountId: session.accountId },
    );
  }
  const paths = options.units ? await unitsOf(session, options.host) : undefined;
  return accounts.map((account) => ({ ...account, ou: paths?.get(account.id) }));
}

async function unitsOf(session: Session, host: Host): Promise<Map<string, string> | undefined> {
  try {
    return await organizationUnits(session);
  } catch (error) {
    host.emit({
      code: 'organization.units',
      level: 'warning',
      text: `organizational units cannot be read, the column ou stays as it is: ${(error as Error).message}`,
    });
    return undefined;
  }
}
