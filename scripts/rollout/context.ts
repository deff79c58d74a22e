import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { StackTarget } from '../../cloudformation';
import { type Config, configProblem, roleArn, roleNames } from '../../organization/config';
import { GarrisonError, GarrisonErrors } from '../../organization/errors';
import { type OrganizationAccount, organizationAccounts } from '../../organization/members';
import type { Host } from '../../organization/messages';
import { enabledRegions, knownRegions } from '../../organization/regions';
import { AccountSessions, callerSession, type Session } from '../../organization/sessions';
import { nearest } from '../../organization/text';
import { administratorsOf } from './administrators';
import type { Files } from './files';

/** All that `plan`, `apply`, `verify` and `drill` stand on: who acts, and where. */
export interface Rollout extends Files {
  /** `GarrisonOperator` in the security account. */
  readonly operator: Session;
  /** `GarrisonMember` in every other account. */
  readonly members: AccountSessions;
  /** Regions that are guarded, sorted. */
  readonly regions: readonly string[];
  /** Accounts in which nothing can run, and why. */
  readonly inactive: ReadonlyMap<string, string>;
  /** The accounts of the organization; absent when nobody could be asked. */
  readonly organization?: readonly OrganizationAccount[];
  /** Accounts that may be touched; all unless given. */
  readonly only?: ReadonlySet<string>;
}

/**
 * Finds out who calls and becomes the operator.
 *
 * @throws GarrisonError when the credentials are of another account, or the operator role cannot be assumed
 */
export async function openRollout(files: Files, host: Host): Promise<Rollout> {
  const { config } = files;
  const caller = await callerSession(config.homeRegion);
  requireAccount(caller, config.securityAccount, 'security');
  const names = roleNames(config.roles);
  const arnIn = (accountId: string, name: string) =>
    roleArn({ partition: config.partition, accountId, name }, config.roles);
  const operator = new AccountSessions(caller, (accountId) => arnIn(accountId, names.operator)).of(caller.accountId);
  await operator.ready();
  const [regions, organization] = await Promise.all([guardedRegions(config, operator), knownAccounts(operator, host)]);
  const members = new AccountSessions(operator, (accountId) => arnIn(accountId, names.member));
  const inactive = inactiveAmong(files, organization);
  return { ...files, operator, members, regions, organization, inactive };
}

/** As `openRollout`, for what compiles the detections' rules: accounts are asked for their administrators where rules name them. */
export async function openRolloutWithRules(files: Files, host: Host): Promise<Rollout> {
  const rollout = await openRollout(files, host);
  return { ...rollout, administrators: await administratorsOf(rollout, host) };
}

/** @throws GarrisonErrors for regions that AWS does not know: a misspelt one would silently go unguarded */
async function guardedRegions(config: Config, operator: Session): Promise<string[]> {
  if (config.regions === 'all') {
    return enabledRegions(operator);
  }
  // Whoever may not ask finds out at the first call in the region.
  const known = await knownRegions(operator).catch(() => config.regions as readonly string[]);
  const problems = config.regions.flatMap((region, index) => {
    const near = nearest(region, known);
    const remedy = near ? `Did you mean ${near}?` : `Regions: ${known.join(' ')}.`;
    return known.includes(region)
      ? []
      : [configProblem(config, ['regions', index], `"${region}" is no region`, remedy)];
  });
  if (problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
  return [...config.regions].sort();
}

/** @throws GarrisonError when the session is not of the account that the command is for */
export function requireAccount(caller: Session, accountId: string, part: 'security' | 'management'): void {
  if (caller.accountId !== accountId) {
    throw new GarrisonError(
      'credentials.account',
      `these credentials are of account ${caller.accountId}; this command runs as the ${part} account, ${accountId}`,
      `Choose credentials of ${accountId} (AWS_PROFILE, or the keys in the environment).`,
      { accountId: caller.accountId },
    );
  }
}

/** Accounts of `accounts.csv` that Organizations says are suspended or closing, and why nothing can run there. */
export async function inactiveAccounts(session: Session, files: Files, host: Host): Promise<Map<string, string>> {
  return inactiveAmong(files, await knownAccounts(session, host));
}

/** The same of accounts that are known already. */
export function inactiveAmong(
  files: { readonly accounts: readonly { readonly id: string }[] },
  known: readonly OrganizationAccount[] = [],
): Map<string, string> {
  const statuses = new Map(known.map(({ id, status }) => [id, status]));
  const inactive = new Map<string, string>();
  for (const { id } of files.accounts) {
    const status = statuses.get(id);
    if (status !== undefined && status !== 'ACTIVE') {
      inactive.set(id, `the account is ${status.toLowerCase().replaceAll('_', ' ')}`);
    }
  }
  return inactive;
}

/** Not being allowed to ask is no reason to stop: then the accounts themselves will tell. */
async function knownAccounts(session: Session, host: Host): Promise<OrganizationAccount[] | undefined> {
  try {
    return await organizationAccounts(session);
  } catch (error) {
    host.emit({
      code: 'organization.unknown',
      level: 'warning',
      text: `which accounts are suspended is not known: ${(error as Error).message}`,
    });
    return undefined;
  }
}

/** CloudFormation in the home region of a session's account. */
export function stackTarget(session: Session, region: string): StackTarget {
  return { accountId: session.accountId, region, client: session.client(CloudFormationClient, region) };
}
