import { type BootstrapMethod, bootstrapMethodOf } from '../../organization/config/bootstrap';
import { roleArn } from '../../organization/config/roles';
import type { Host } from '../../organization/messages';
import { enabledRegions } from '../../organization/regions';
import { AccountSessions, callerSession, type Session } from '../../organization/sessions';
import { inactiveAccounts, requireAccount } from '../rollout/context';
import type { Files } from '../rollout/files';
import { type Synthesis, synthesizeFor } from '../rollout/synthesis';

/** All that `bootstrap` stands on: who acts, and where. */
export interface Bootstrap {
  readonly files: Files;
  readonly management: Session;
  /** Sessions of any account, through `roles.accountAccessRole`. */
  readonly session: (accountId: string) => Session;
  /** Accounts in which nothing can run, and why. */
  readonly inactive: ReadonlyMap<string, string>;
  readonly synthesis: Synthesis;
  /** Active accounts by the way in which the roles come into them. */
  readonly byMethod: Readonly<Record<BootstrapMethod, readonly string[]>>;
}

/**
 * Finds out who calls, and makes the templates. Changes nothing.
 *
 * @throws GarrisonError when the credentials are not of the management account
 */
export async function prepareBootstrap(files: Files, host: Host): Promise<Bootstrap> {
  const { config, accounts } = files;
  const management = await callerSession(config.homeRegion);
  requireAccount(management, config.managementAccount, 'management');
  const others = new AccountSessions(management, (accountId) =>
    roleArn({ partition: config.partition, accountId, name: config.roles.accountAccessRole }, { path: '/' }),
  );
  const [inactive, regions] = await Promise.all([
    inactiveAccounts(management, files, host),
    config.regions === 'all' ? enabledRegions(others.of(config.securityAccount)) : config.regions,
  ]);
  const having = (method: BootstrapMethod) =>
    accounts
      .filter((account) => !inactive.has(account.id) && bootstrapMethodOf(account, config) === method)
      .map(({ id }) => id);
  return {
    files,
    management,
    session: (accountId) => (accountId === management.accountId ? management : others.of(accountId)),
    inactive,
    synthesis: await synthesizeFor(files, regions),
    byMethod: {
      'assume-role': having('assume-role'),
      organization: having('organization'),
      links: having('links'),
    },
  };
}

/** Which template of execution roles an account gets. */
export function executionVariant(accountId: string, { files: { config } }: Bootstrap): string {
  if (accountId === config.managementAccount) {
    return 'garrison-execution-management';
  }
  return accountId === config.securityAccount ? 'garrison-execution-security' : 'garrison-execution-member';
}

/** The two accounts with administration roles, and the ids of their stacks in the assembly. */
export function administrationStacks({ management, session, files: { config } }: Bootstrap) {
  return [
    { session: management, id: 'garrison-administration-management' },
    { session: session(config.securityAccount), id: 'garrison-administration-security' },
  ] as const;
}
