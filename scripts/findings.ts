import type { Command } from 'commander';
import { type FindingFilter, type Findings, listFindings } from '../guardduty';
import { GarrisonError } from '../organization/errors';
import { nearest } from '../organization/text';
import { parseSince } from './hunt/since';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { openRollout, type Rollout } from './rollout/context';
import { loadFiles } from './rollout/files';
import { failureRecords, printFailures } from './views/failure';
import { findingsTable } from './views/findingsTable';
import { createProgress } from './views/progress';

interface FindingsOptions extends CommonOptions {
  readonly severity?: string;
  readonly account?: readonly string[];
  readonly region?: readonly string[];
  readonly type?: readonly string[];
  readonly since?: string;
  readonly archived: boolean;
  readonly limit: string;
}

/** `garrison findings`: what GuardDuty found, in all accounts and regions. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('findings')
    .description('List current findings of all accounts and regions, the gravest first. Runs as the security account.')
    .option('--severity <from>', 'this severity and above: Low, Medium, High, Critical, or a number from 1 to 10')
    .option('--account <account...>', 'findings of these accounts only')
    .option('--region <region...>', 'findings in these regions only')
    .option('--type <finding type...>', 'findings of these types only')
    .option('--since <time>', 'updated since: a date, or how long ago, such as 7d or 12h')
    .option('--archived', 'archived findings instead of current ones', false)
    .option('--limit <number>', 'the gravest so many', '100');
  withCommonOptions(command).action(async (options: FindingsOptions) => findings(options, io));
}

async function findings(options: FindingsOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const filter = filterOf(options, new Set(files.accounts.map(({ id }) => id)));
  const progress = await createProgress(io);
  try {
    const rollout = await progress.stage('security account', (host) => openRollout(files, host));
    const regions = regionsOf(options.region, rollout);
    const { concurrency } = rollout.config.operations;
    const found = await progress.stage(
      'findings',
      () => listFindings(rollout.operator, regions, filter, { concurrency }),
      ({ unread }) => ({
        text: unread.length > 0 ? `${unread.length} of ${regions.length} regions could not be read` : '',
        mark: unread.length > 0 ? 'warning' : 'done',
      }),
    );
    report({ ...found, findings: found.findings.slice(0, filter.limit) }, files.accounts, options, io);
  } finally {
    progress.close();
  }
}

const bands: Readonly<Record<string, number>> = { low: 1, medium: 4, high: 7, critical: 9 };

/** @throws GarrisonError `option.…` for a value that no finding can match */
function filterOf(options: FindingsOptions, known: ReadonlySet<string>): FindingFilter {
  const { severity, account, type, since, archived } = options;
  const minimumSeverity = severity === undefined ? undefined : (bands[severity.toLowerCase()] ?? Number(severity));
  if (minimumSeverity !== undefined && !(minimumSeverity >= 1 && minimumSeverity <= 10)) {
    throw new GarrisonError(
      'option.severity',
      `--severity ${severity} is no severity`,
      'Give Low, Medium, High, Critical, or a number from 1 to 10.',
    );
  }
  const unknown = (account ?? []).find((id) => !known.has(id));
  if (unknown !== undefined) {
    const meant = nearest(unknown, [...known]);
    throw new GarrisonError(
      'option.account',
      `--account ${unknown} is not in ${options.accounts}`,
      meant ? `Did you mean ${meant}?` : 'Give account ids, separated by blanks.',
    );
  }
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new GarrisonError('option.limit', `--limit ${options.limit} is no number above 0`, 'Give a whole number.');
  }
  return {
    minimumSeverity,
    accountIds: account,
    types: type,
    since: since === undefined ? undefined : new Date(parseSince(since, new Date())),
    archived,
    limit,
  };
}

/** @throws GarrisonError `option.region` for a region that is not guarded */
function regionsOf(asked: readonly string[] | undefined, { regions }: Rollout): readonly string[] {
  const unknown = (asked ?? []).find((region) => !regions.includes(region));
  if (unknown !== undefined) {
    const remedy = `Guarded regions: ${regions.join(' ')}.`;
    throw new GarrisonError('option.region', `--region ${unknown} is not guarded`, remedy);
  }
  return asked ?? regions;
}

function report(
  { findings: found, unread }: Findings,
  accounts: readonly { readonly id: string; readonly name?: string }[],
  options: FindingsOptions,
  io: Io,
): void {
  const errors = unread.map(({ error }) => error);
  if (options.json) {
    const record = { ok: errors.length === 0, findings: found, errors: errors.flatMap(failureRecords) };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else if (found.length === 0) {
    io.stdout.write(errors.length > 0 ? 'No findings where GuardDuty could be asked.\n' : 'No findings.\n');
  } else {
    const names = new Map(accounts.map(({ id, name = '' }) => [id, name]));
    io.stdout.write(`${findingsTable(found, names, io.stdout.columns)}\n`);
    if (found.length === Number(options.limit)) {
      io.stderr.write(`The gravest ${found.length} are shown; --limit shows more.\n`);
    }
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}
