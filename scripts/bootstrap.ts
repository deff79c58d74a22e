import { type Command, Option } from 'commander';
import { type AccountResult, deployStack, deployToAccounts, type StackOutcome } from '../cloudformation';
import { GarrisonError } from '../organization/errors';
import type { Host } from '../organization/messages';
import type { Session } from '../organization/sessions';
import { type AccountLink, makeLinks, writeLinks } from './bootstrap/links';
import { type OrganizationOutcome, plantThroughOrganization, usesOrganization } from './bootstrap/organization';
import { bootstrapFailures, planBootstrap } from './bootstrap/plan';
import { methodLines, planLines } from './bootstrap/words';
import { administrationStacks, type Bootstrap, executionVariant, prepareBootstrap } from './bootstrap/work';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { stackTarget } from './rollout/context';
import { delegateStackSets } from './rollout/delegation';
import { loadFiles } from './rollout/files';
import { failureRecords, printFailures } from './views/failure';
import { createProgress, type Progress, type StageSummary } from './views/progress';

interface BootstrapOptions extends CommonOptions {
  readonly plan: boolean;
  readonly links?: string;
}

const help = `
How the roles come into an account, garrison.yaml says in \`bootstrap\`: assume-role (through roles.accountAccessRole),
organization (a stack set of the organization, for accounts to come too) or links (by the account's own administrators).
  AWS_PROFILE=management garrison bootstrap --plan          what would change, policies as a diff; changes nothing
  AWS_PROFILE=management garrison bootstrap                 do it
  AWS_PROFILE=management garrison bootstrap --links         links and a page to send round, and which have been done
`;

/** `garrison bootstrap`: the roles in every account, from the management account. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('bootstrap')
    .description('Plant the roles in every account. Runs as the management account.')
    .option('--plan', 'tell what would change, role policies as a diff; change nothing', false)
    .addOption(
      new Option(
        '--links [dir]',
        'write links for accounts that only their own administrators reach, into a folder (links); change no role',
      ).preset('links'),
    )
    .addHelpText('after', help);
  withCommonOptions(command).action(async (options: BootstrapOptions) => bootstrap(options, io));
}

interface Work extends Bootstrap {
  readonly options: BootstrapOptions;
  readonly progress: Progress;
  readonly io: Io;
}

async function bootstrap(options: BootstrapOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const progress = await createProgress(io);
  try {
    const prepared = await progress.stage('management account', (host) => prepareBootstrap(files, host));
    const work = { ...prepared, options, progress, io };
    await (options.plan ? preview(work) : options.links ? links(work, options.links) : plant(work));
  } finally {
    progress.close();
  }
}

async function preview(work: Work): Promise<void> {
  const { io, options } = work;
  const results = await work.progress.stage('what is there', (host) => planBootstrap(work, host));
  const predicted = bootstrapFailures(work);
  const plans = results.flatMap((result) => ('result' in result ? [result.result] : []));
  const unread = results.flatMap((result) => ('error' in result ? [result.error] : []));
  const errors = [...predicted, ...unread];
  const changes = plans.filter(({ action }) => action !== 'none');
  const done = changes.length + errors.length === 0;
  if (options.json) {
    const record = { ok: done, methods: work.byMethod, stacks: changes, errors: errors.flatMap(failureRecords) };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    const last = done ? 'Nothing to do: all roles stand as they should.' : 'Run `garrison bootstrap` to do it.';
    io.stdout.write(`${[...methodLines(work), ...planLines(changes), last].join('\n')}\n`);
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : done ? 0 : 2);
}

async function links(work: Work, directory: string): Promise<void> {
  const { io, options, byMethod } = work;
  if (byMethod.links.length === 0) {
    throw new GarrisonError(
      'bootstrap.links.none',
      'No account is to be bootstrapped by a link',
      'Name the method in garrison.yaml, such as bootstrap: {accounts: {"123456789012": links}}.',
    );
  }
  const made = await work.progress.stage('links', () => makeLinks(work));
  const paths = writeLinks(directory, made);
  const open = made.filter(({ state }) => state === 'open');
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: open.length === 0, files: paths, links: made })}\n`);
  } else {
    const rows = made.map(({ accountId, name = '', state }: AccountLink) => `${state.padEnd(6)}${accountId}  ${name}`);
    const last = `${made.length - open.length} of ${made.length} done; wrote ${paths.join(' and ')}.`;
    io.stdout.write(`${[...rows, last].join('\n')}\n`);
  }
  io.setExitCode(open.length === 0 ? 0 : 2);
}

async function plant(work: Work): Promise<void> {
  const { config } = work.files;
  if (!work.options.json) {
    work.io.stderr.write(`${methodLines(work).join('\n')}\n`);
  }
  const administration = await administrationRoles(work);
  const execution = await executionRoles(work);
  const organization = usesOrganization(work)
    ? await work.progress.stage('roles by the organization', (host) => plantThroughOrganization(work, host), inWords)
    : undefined;
  const delegation = config.organization.delegateStackSets
    ? await work.progress.stage('delegated administrator', () => delegateStackSets(work.management, config), text)
    : undefined;
  report([...administration, ...execution], organization, delegation, work);
}

/** First, as IAM refuses execution roles that trust a role which does not exist yet. */
function administrationRoles(work: Work): Promise<AccountResult<StackOutcome>[]> {
  return work.progress.stage(
    'administration roles',
    (host) => Promise.all(administrationStacks(work).map(({ session, id }) => deployOne(work, session, id, host))),
    accountsSummary,
  );
}

async function deployOne(work: Work, session: Session, id: string, host: Host): Promise<AccountResult<StackOutcome>> {
  const { accountId } = session;
  const target = stackTarget(session, work.files.config.homeRegion);
  return { accountId, result: await deployStack(work.synthesis.of(id).input, target, host) };
}

function executionRoles(work: Work): Promise<AccountResult<StackOutcome>[]> {
  const { config } = work.files;
  return work.progress.stage(
    'execution roles',
    (host) =>
      deployToAccounts(
        (accountId) => work.synthesis.of(executionVariant(accountId, work)).input,
        work.byMethod['assume-role'],
        {
          host,
          concurrency: config.operations.concurrency,
          targetFor: async (accountId) => {
            await work.session(accountId).ready();
            return stackTarget(work.session(accountId), config.homeRegion);
          },
        },
      ),
    accountsSummary,
  );
}

function accountsSummary(results: readonly AccountResult<StackOutcome>[]): StageSummary {
  const failed = results.filter((result) => 'error' in result).length;
  const changed = results.filter((result) => 'result' in result && result.result.outcome !== 'unchanged').length;
  return summary(changed, results.length - failed - changed, failed);
}

function inWords({ accounts, errors }: OrganizationOutcome): StageSummary {
  const changed = accounts.filter(({ outcome }) => outcome !== 'unchanged').length;
  return summary(changed, accounts.length - changed, errors.length);
}

function summary(changed: number, unchanged: number, failed: number): StageSummary {
  const words = [
    changed ? `${changed} ${changed === 1 ? 'account' : 'accounts'}` : '',
    unchanged ? `${unchanged} unchanged` : '',
    failed ? `${failed} failed` : '',
  ];
  return { text: words.filter(Boolean).join(', '), mark: failed ? 'warning' : 'done' };
}

function text(words: string): StageSummary {
  return { text: words };
}

function report(
  results: readonly AccountResult<StackOutcome>[],
  organization: OrganizationOutcome | undefined,
  delegation: string | undefined,
  work: Work,
): void {
  const { io, options } = work;
  const failed = results.flatMap((result): GarrisonError[] => ('error' in result ? [result.error] : []));
  const errors = [...failed, ...(organization?.errors ?? [])];
  const deployed = results.flatMap((result) => ('result' in result ? [result.result] : []));
  const done = [...deployed, ...(organization?.accounts ?? [])];
  const changed = done.some(({ outcome }) => outcome !== 'unchanged');
  const skipped = [...work.inactive].map(([accountId, reason]) => ({ accountId, reason }));
  if (options.json) {
    const stacks = done.map(({ accountId, region, stackName, outcome }) => ({ accountId, region, stackName, outcome }));
    const ok = errors.length === 0;
    const { byMethod: methods } = work;
    io.stdout.write(
      `${JSON.stringify({ ok, stacks, skipped, methods, delegation, errors: errors.flatMap(failureRecords) })}\n`,
    );
  } else {
    for (const { accountId, reason } of skipped) {
      io.stdout.write(`skipped ${accountId}: ${reason}\n`);
    }
    io.stdout.write(
      changed
        ? `Roles stand in ${new Set(done.map(({ accountId }) => accountId)).size} accounts.\n`
        : 'Nothing to do: all roles stand as they should.\n',
    );
    if (work.byMethod.links.length > 0) {
      io.stdout.write(`By link: ${work.byMethod.links.join(' ')}. garrison bootstrap --links writes the links.\n`);
    }
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}
