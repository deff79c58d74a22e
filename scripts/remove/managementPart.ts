import { deleteStack, observeStack, type StackTarget } from '../../cloudformation';
import { forEach } from '../../organization/cells';
import { bootstrapMethodOf } from '../../organization/config/bootstrap';
import { roleArn } from '../../organization/config/roles';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { AccountSessions, type Session } from '../../organization/sessions';
import { organizationStack } from '../bootstrap/organization';
import { inactiveAccounts, stackTarget } from '../rollout/context';
import { isDelegated, withdrawStackSets } from '../rollout/delegation';
import type { Files } from '../rollout/files';
import type { Progress } from '../views/progress';
import { bucketExists, deleteBucket } from './bucket';
import { securityStack } from './observe';

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
  /** Accounts that only their own administrators reach. */
  readonly byLink: readonly string[];
  readonly unreachable: readonly GarrisonError[];
}

/**
 * Observes what `bootstrap` planted. Changes nothing.
 *
 * @throws GarrisonError `remove.order` while the security account's part stands
 */
export async function observeBootstrapped(management: Session, files: Files, host: Host): Promise<Bootstrapped> {
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
    byLink,
    unreachable: outcomes.flatMap((each) => (each.status === 'failed' ? [each.error] : [])),
  };
}

async function refuseWhileRolledOut(target: StackTarget): Promise<void> {
  if (await observeStack(securityStack, target)) {
    throw new GarrisonError(
      'remove.order',
      `The stack ${securityStack} still stands in ${target.accountId}: without the roles, nothing could take it out`,
      `Run \`garrison remove\` with credentials of the security account, ${target.accountId}, first.`,
      { accountId: target.accountId, region: target.region },
    );
  }
}

/** Nothing stands any more that this command can take out. */
export function isBare({ organization, execution, administration, bucket, delegated }: Bootstrapped): boolean {
  return !organization && execution.length + administration.length === 0 && bucket === undefined && !delegated;
}

/** Takes the roles out: execution roles, then administration roles with the assets bucket, then the delegation. */
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
  return left;
}
