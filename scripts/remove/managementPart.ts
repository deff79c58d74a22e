import { deleteStack, observeStack, type StackTarget } from '../../cloudformation';
import { delegatedRegions, withdrawDelegation } from '../../guardduty/withdrawal';
import { forEach } from '../../organization/cells';
import { bootstrapMethodOf } from '../../organization/config/bootstrap';
import { roleArn } from '../../organization/config/roles';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { enabledRegions } from '../../organization/regions';
import { AccountSessions, type Session } from '../../organization/sessions';
import { organizationStack } from '../bootstrap/organization';
import { inactiveAccounts, stackTarget } from '../rollout/context';
import { isDelegated, withdrawStackSets } from '../rollout/delegation';
import type { Files } from '../rollout/files';
import { securityStackName } from '../rollout/retired';
import type { Progress } from '../views/progress';
import { bucketExists, deleteBucket } from './bucket';

const executionStack = 'garrison-execution';
const administrationStack = 'garrison-administration';

/** What stands of the bootstrap, everywhere. */
export interface Bootstrapped {
  readonly management: Session;
  readonly security: Session;
  readonly sessions: (accountId: string) => Session;
  /** The stack whose stack set plants roles through the organization. */
  readonly organization: boolean;
  /** Accounts with execution roles of a stack of their own. */
  readonly execution: readonly string[];
  /** Accounts with administration roles. */
  readonly administration: readonly string[];
  readonly bucket?: string;
  readonly delegated: boolean;
  /** Regions in which the security account is GuardDuty's delegated administrator by Garrison's doing. */
  readonly guardDuty: readonly string[];
  /** Accounts that only their own administrators reach. */
  readonly byLink: readonly string[];
  readonly unreachable: readonly GarrisonError[];
}

/**
 * Observes what `bootstrap` planted. Changes nothing.
 *
 * @throws GarrisonError `remove.order` while the security account's part stands
 */
export async function observeBootstrapped(
  management: Session,
  files: Files,
  keepGuardDuty: boolean,
  host: Host,
): Promise<Bootstrapped> {
  const { config, accounts } = files;
  const others = new AccountSessions(management, (accountId) =>
    roleArn({ partition: config.partition, accountId, name: config.roles.accountAccessRole }, { path: '/' }),
  );
  const sessions = (accountId: string) => (accountId === management.accountId ? management : others.of(accountId));
  const security = sessions(config.securityAccount);
  await refuseWhileRolledOut(stackTarget(security, config.homeRegion));
  const inactive = await inactiveAccounts(management, files, host);
  const byLink = accounts.filter((account) => bootstrapMethodOf(account, config) === 'links').map(({ id }) => id);
  const asked = accounts
    .filter(({ id }) => !inactive.has(id) && !byLink.includes(id))
    .map(({ id }) => ({ accountId: id }));
  const stands = async (session: Session, name: string) =>
    (await observeStack(name, stackTarget(session, config.homeRegion))) !== undefined;
  const outcomes = await forEach(asked, config.operations.concurrency, async ({ accountId }) =>
    stands(sessions(accountId), executionStack),
  );
  const bucket = `garrison-assets-${config.securityAccount}-${config.homeRegion}`;
  const administration = await Promise.all(
    [management, security].map(async (session) =>
      (await stands(session, administrationStack)) ? [session.accountId] : [],
    ),
  );
  return {
    management,
    security,
    sessions,
    organization: await stands(management, organizationStack),
    execution: outcomes.flatMap((each) => (each.status === 'done' && each.result ? [each.target.accountId] : [])),
    administration: administration.flat(),
    bucket: (await bucketExists(bucket, security)) ? bucket : undefined,
    delegated: config.organization.delegateStackSets && (await isDelegated(management, config)),
    guardDuty: keepGuardDuty ? [] : await guardDutyRegions(management, files),
    byLink,
    unreachable: outcomes.flatMap((each) => (each.status === 'failed' ? [each.error] : [])),
  };
}

/** Where nobody was enrolled through the organization, whatever delegation there is is somebody else's. */
async function guardDutyRegions(management: Session, { config }: Files): Promise<string[]> {
  if (config.guardduty.route === 'invitation') {
    return [];
  }
  const regions = config.regions === 'all' ? await enabledRegions(management) : config.regions;
  return delegatedRegions(management, config.securityAccount, regions, config.operations.concurrency);
}

async function refuseWhileRolledOut(target: StackTarget): Promise<void> {
  if (await observeStack(securityStackName, target)) {
    throw new GarrisonError(
      'remove.order',
      `The stack ${securityStackName} still stands in ${target.accountId}: without the roles, nothing could take it out`,
      `Run \`garrison remove\` with credentials of the security account, ${target.accountId}, first.`,
      { accountId: target.accountId, region: target.region },
    );
  }
}

/** Nothing stands any more that this command can take out. */
export function isBare({
  organization,
  execution,
  administration,
  bucket,
  delegated,
  guardDuty,
}: Bootstrapped): boolean {
  const stacks = execution.length + administration.length;
  return !organization && !delegated && bucket === undefined && stacks + guardDuty.length === 0;
}

/**
 * Ends GuardDuty's delegation, then takes the roles out: execution roles, then
 * administration roles with the assets bucket, then the delegation of StackSets.
 */
export async function removeBootstrapped(
  standing: Bootstrapped,
  files: Files,
  progress: Progress,
): Promise<GarrisonError[]> {
  const { homeRegion, operations } = files.config;
  const removeFrom = async (name: string, session: Session, host: Host) =>
    deleteStack(name, stackTarget(session, homeRegion), host);
  const everywhere = async (title: string, name: string, accountIds: readonly string[]) => {
    const places = accountIds.map((accountId) => ({ accountId }));
    const outcomes = await progress.stage(
      title,
      (host) =>
        forEach(places, operations.concurrency, ({ accountId }) =>
          removeFrom(name, standing.sessions(accountId), host),
        ),
      (all) => ({ text: `${all.length} ${all.length === 1 ? 'account' : 'accounts'}` }),
    );
    return outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []));
  };
  const { guardDuty } = standing;
  const kept =
    guardDuty.length === 0
      ? []
      : await progress.stage(
          'GuardDuty delegation',
          () =>
            withdrawDelegation(standing.management, files.config.securityAccount, guardDuty, operations.concurrency),
          () => ({ text: `${guardDuty.length} ${guardDuty.length === 1 ? 'region' : 'regions'}` }),
        );
  if (standing.organization) {
    await progress.stage('roles by the organization', (host) =>
      removeFrom(organizationStack, standing.management, host),
    );
  }
  const failed = [
    ...standing.unreachable,
    ...(await everywhere('execution roles', executionStack, standing.execution)),
  ];
  if (failed.length > 0) {
    return failed;
  }
  const left = await everywhere('administration roles', administrationStack, standing.administration);
  const { bucket } = standing;
  if (bucket) {
    await progress.stage('assets bucket', () => deleteBucket(bucket, standing.security));
  }
  if (standing.delegated) {
    await progress.stage('delegated administrator', () => withdrawStackSets(standing.management, files.config));
  }
  return [...kept, ...left];
}
