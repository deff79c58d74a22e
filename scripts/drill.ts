import type { Command } from 'commander';
import type { Cell } from '../organization/accounts';
import { forEach, type Outcome } from '../organization/cells';
import { GarrisonError } from '../organization/errors';
import type { Host } from '../organization/messages';
import { callerSession } from '../organization/sessions';
import { type CellOptions, cellsOf } from './drill/cells';
import { type Announcement, awaitAnnouncement, createSample, type SampleFinding } from './drill/sample';
import { requireSecrets } from './drill/secrets';
import type { Io } from './io';
import { settingsOf } from './notifier/context';
import { type CommonOptions, withCommonOptions } from './options';
import { openRollout, type Rollout } from './rollout/context';
import { loadFiles } from './rollout/files';
import { failureRecords, printFailures } from './views/failure';
import { createProgress } from './views/progress';

interface DrillOptions extends CommonOptions, CellOptions {
  readonly type?: readonly string[];
  readonly timeout: string;
}

// Of High severity, so that every sensible configuration lets it through.
const defaultType = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS';

/** `garrison drill`: would an alarm be heard? */
export function register(program: Command, io: Io): void {
  const command = program
    .command('drill')
    .description('Send a sample finding through the real path and wait until the notifier has announced it.')
    .option('--account <account...>', 'accounts in which samples are created (default: one member account)')
    .option('--region <region...>', 'regions in which samples are created (default: the home region)')
    .option('--all-regions', 'a sample in every region', false)
    .option('--all-cells', 'a sample in every account and region: proof for each of them', false)
    .option('--type <finding type...>', `types of the sample findings (default: ${defaultType})`)
    .option('--timeout <seconds>', 'how long to wait for each', '300');
  withCommonOptions(command).action(async (options: DrillOptions) => drill(options, io));
}

interface Drilled {
  readonly finding: SampleFinding;
  readonly announcement: Announcement;
}

async function drill(options: DrillOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const { config, accounts } = files;
  const seconds = parseSeconds(options.timeout);
  const progress = await createProgress(io);
  try {
    const rollout = await progress.stage('security account', async (host) => {
      await requireSecrets(settingsOf(config, accounts), await callerSession(config.homeRegion), host);
      return openRollout(files, host);
    });
    const cells = await progress.stage(
      'cells',
      (host) => cellsOf(options, rollout, host),
      (chosen) => ({ text: `${chosen.length} to drill` }),
    );
    const types = options.type ?? [defaultType];
    const targets = cells.flatMap((cell) => types.map((type) => ({ ...cell, type })));
    const outcomes = await progress.stage(
      'sample findings',
      (host) => drillCells(targets, seconds, rollout, host),
      (results) => {
        const heard = results.filter(({ status }) => status === 'done').length;
        return { text: `${heard} of ${results.length} announced`, mark: heard === results.length ? 'done' : 'warning' };
      },
    );
    report(outcomes, options, io);
  } finally {
    progress.close();
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) {
    throw new GarrisonError('option.timeout', `--timeout ${text} is not a number of seconds`, 'Give a number above 0.');
  }
  return seconds;
}

type Target = Cell & { readonly type: string };

async function drillCells(
  targets: readonly Target[],
  seconds: number,
  { operator, members, config }: Rollout,
  host: Host,
): Promise<Outcome<Target, Drilled>[]> {
  let heard = 0;
  return forEach(targets, config.operations.concurrency, async ({ accountId, region, type }) => {
    const session = accountId === operator.accountId ? operator : members.of(accountId);
    const finding = await createSample(session, region, type, operator);
    const announcement = await awaitAnnouncement(finding, operator, seconds);
    heard += 1;
    host.emit({ code: 'drill.heard', level: 'info', text: `${heard} of ${targets.length} announced` });
    return { finding, announcement };
  });
}

function report(outcomes: readonly Outcome<Target, Drilled>[], options: DrillOptions, io: Io): void {
  const drilled = outcomes.flatMap((outcome) => (outcome.status === 'done' ? [outcome.result] : []));
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []));
  if (options.json) {
    const findings = drilled.map(({ finding, announcement }) => ({ ...finding, ...announcement }));
    io.stdout.write(
      `${JSON.stringify({ ok: errors.length === 0, findings, errors: errors.flatMap(failureRecords) })}\n`,
    );
  } else {
    const several = (options.type ?? []).length > 1;
    for (const { finding, announcement } of drilled) {
      const what = several ? ` ${finding.type}` : '';
      io.stdout.write(
        `${finding.accountId} ${finding.region}${what}: announced after ${announcement.seconds.toFixed(1)} s (${announcement.as})\n`,
      );
    }
    if (drilled.length > 1) {
      io.stdout.write(`${drilled.length} of ${outcomes.length} announced, ${spread(drilled)}.\n`);
    }
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}

function spread(drilled: readonly Drilled[]): string {
  const seconds = drilled.map(({ announcement }) => announcement.seconds).sort((one, other) => one - other);
  const at = (share: number) => (seconds[Math.floor((seconds.length - 1) * share)] as number).toFixed(1);
  return `half of them within ${at(0.5)} s, the last after ${at(1)} s`;
}
