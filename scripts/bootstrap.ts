import type { Command } from 'commander';
import { type AccountResult, deployStack, deployToAccounts, type StackOutcome } from '../cloudformation';
import { roleArn } from '../organization/config';
import type { GarrisonError } from '../organization/errors';
import type { Host } from '../organization/messages';
import { enabledRegions } from '../organization/regions';
import { AccountSessions, callerSession, type Session } from '../organization/sessions';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { inactiveAccounts, requireAccount, stackTarget } from './rollout/context';
import { delegateStackSets } from './rollout/delegation';
import { type Files, loadFiles } from './rollout/files';
import { type Synthesis, synthesizeFor } from './rollout/synthesis';
import { failureRecords, printFailures } from './views/failure';
import { createProgress, type Progress, type StageSummary } from './views/progress';

/** `garrison bootstrap`: the roles in every account, from the management account. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('bootstrap')
    .description('Plant the roles in every account. Runs as the management account.');
  withCommonOptions(command).action(async (options: CommonOptions) => bootstrap(options, io));
}

interface Work {
  readonly files: Files;
  readonly management: Session;
  readonly others: AccountSessions;
  readonly inactive: ReadonlyMap<string, string>;
  readonly synthesis: Synthesis;
  readonly progress: Progress;
}

async function bootstrap(options: CommonOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const progress = await createProgress(io);
  try {
    const work = await progress.stage('management account', (host) => prepare(files, host, progress));
    const administration = await administrationRoles(work);
    const execution = await executionRoles(work);
    const delegation = files.config.organization.delegateStackSets
      ? await progress.stage('delegated administrator', () => delegateStackSets(work.management, files.config), text)
      : undefined;
    await work.synthesis.clean();
    report([...administration, ...execution], delegation, work, options, io);
  } finally {
    progress.close();
  }
}

async function prepare(files: Files, host: Host, progress: Progress): Promise<Work> {
  const { config } = files;
  const management = await callerSession(config.homeRegion);
  requireAccount(management, config.managementAccount, 'management');
  const accessRole = (accountId: string) =>
    roleArn({ partition: config.partition, accountId, name: config.roles.accountAccessRole }, { path: '/' });
  const others = new AccountSessions(management, accessRole);
  const [inactive, regions] = await Promise.all([
    inactiveAccounts(management, files, host),
    config.regions === 'all' ? enabledRegions(others.of(config.securityAccount)) : config.regions,
  ]);
  return { files, management, others, inactive, synthesis: await synthesizeFor(files, regions), progress };
}

/** First, as IAM refuses execution roles that trust a role which does not exist yet. */
function administrationRoles(work: Work): Promise<AccountResult<StackOutcome>[]> {
  const { config } = work.files;
  return work.progress.stage(
    'administration roles',
    async (host) =>
      Promise.all([
        deployOne(work, work.management, 'garrison-administration-management', host),
        deployOne(work, work.others.of(config.securityAccount), 'garrison-administration-security', host),
      ]),
    accountsSummary,
  );
}

async function deployOne(work: Work, session: Session, id: string, host: Host): Promise<AccountResult<StackOutcome>> {
  const { accountId } = session;
  const result = await deployStack(
    work.synthesis.of(id).input,
    stackTarget(session, work.files.config.homeRegion),
    host,
  );
  return { accountId, result };
}

function executionRoles(work: Work): Promise<AccountResult<StackOutcome>[]> {
  const { config, accounts } = work.files;
  const variant = (accountId: string) => {
    if (accountId === config.managementAccount) {
      return 'garrison-execution-management';
    }
    return accountId === config.securityAccount ? 'garrison-execution-security' : 'garrison-execution-member';
  };
  const session = (accountId: string) =>
    accountId === config.managementAccount ? work.management : work.others.of(accountId);
  const active = accounts.map(({ id }) => id).filter((id) => !work.inactive.has(id));
  return work.progress.stage(
    'execution roles',
    (host) =>
      deployToAccounts((accountId) => work.synthesis.of(variant(accountId)).input, active, {
        host,
        concurrency: config.operations.concurrency,
        targetFor: async (accountId) => {
          await session(accountId).ready();
          return stackTarget(session(accountId), config.homeRegion);
        },
      }),
    accountsSummary,
  );
}

function accountsSummary(results: readonly AccountResult<StackOutcome>[]): StageSummary {
  const failed = results.filter((result) => 'error' in result).length;
  const changed = results.filter((result) => 'result' in result && result.result.outcome !== 'unchanged').length;
  const text = [
    changed ? `${changed} ${changed === 1 ? 'account' : 'accounts'}` : '',
    results.length - failed - changed ? `${results.length - failed - changed} unchanged` : '',
    failed ? `${failed} failed` : '',
  ];
  return { text: text.filter(Boolean).join(', '), mark: failed ? 'warning' : 'done' };
}

function text(summary: string): StageSummary {
  return { text: summary };
}

function report(
  results: readonly AccountResult<StackOutcome>[],
  delegation: string | undefined,
  work: Work,
  options: CommonOptions,
  io: Io,
): void {
  const errors = results.flatMap((result): GarrisonError[] => ('error' in result ? [result.error] : []));
  const done = results.flatMap((result) => ('result' in result ? [result.result] : []));
  const changed = done.filter(({ outcome }) => outcome !== 'unchanged');
  const skipped = [...work.inactive].map(([accountId, reason]) => ({ accountId, reason }));
  if (options.json) {
    const stacks = done.map(({ accountId, region, stackName, outcome }) => ({ accountId, region, stackName, outcome }));
    io.stdout.write(
      `${JSON.stringify({ ok: errors.length === 0, stacks, skipped, delegation, errors: errors.flatMap(failureRecords) })}\n`,
    );
  } else {
    for (const { accountId, reason } of skipped) {
      io.stdout.write(`skipped ${accountId}: ${reason}\n`);
    }
    io.stdout.write(
      changed.length > 0
        ? `Roles stand in ${new Set(done.map(({ accountId }) => accountId)).size} accounts.\n`
        : 'Nothing to do: all roles stand as they should.\n',
    );
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}
