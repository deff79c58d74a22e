import type { Command } from 'commander';
import { forEach, type Outcome } from '../organization/cells';
import { GarrisonError } from '../organization/errors';
import { type Announcement, awaitAnnouncement, createSample, type SampleFinding } from './drill/sample';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { openRollout, type Rollout } from './rollout/context';
import { loadFiles } from './rollout/files';
import { failureRecords, printFailures } from './views/failure';
import { createProgress } from './views/progress';

interface DrillOptions extends CommonOptions {
  readonly region?: readonly string[];
  readonly allRegions: boolean;
  readonly type: string;
  readonly timeout: string;
}

// Of High severity, so that every sensible configuration lets it through.
const defaultType = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS';

/** `garrison drill`: would an alarm be heard? */
export function register(program: Command, io: Io): void {
  const command = program
    .command('drill')
    .description('Send a sample finding through the real path and wait until the notifier has announced it.')
    .option('--region <region...>', 'regions in which the sample is created (default: the home region)')
    .option('--all-regions', 'a sample in every region', false)
    .option('--type <finding type>', 'type of the sample finding', defaultType)
    .option('--timeout <seconds>', 'how long to wait for each', '300');
  withCommonOptions(command).action(async (options: DrillOptions) => drill(options, io));
}

interface Drilled {
  readonly finding: SampleFinding;
  readonly announcement: Announcement;
}

async function drill(options: DrillOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const seconds = parseSeconds(options.timeout);
  const progress = await createProgress(io);
  try {
    const rollout = await progress.stage('security account', (host) => openRollout(files, host));
    const regions = regionsOf(options, rollout);
    const outcomes = await progress.stage(
      'sample findings',
      () => drillRegions(regions, options.type, seconds, rollout),
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

function regionsOf(options: DrillOptions, rollout: Rollout): readonly string[] {
  if (options.allRegions) {
    return rollout.regions;
  }
  const regions = options.region ?? [rollout.config.homeRegion];
  const unknown = regions.filter((region) => !rollout.regions.includes(region));
  if (unknown.length > 0) {
    throw new GarrisonError(
      'option.region',
      `--region ${unknown.join(' ')} is not guarded`,
      `Guarded regions: ${rollout.regions.join(' ')}.`,
    );
  }
  return regions;
}

function drillRegions(
  regions: readonly string[],
  type: string,
  seconds: number,
  rollout: Rollout,
): Promise<Outcome<{ accountId: string; region: string }, Drilled>[]> {
  const places = regions.map((region) => ({ accountId: rollout.operator.accountId, region }));
  return forEach(places, rollout.config.operations.concurrency, async ({ region }) => {
    const finding = await createSample(rollout.operator, region, type);
    return { finding, announcement: await awaitAnnouncement(finding, rollout.operator, seconds) };
  });
}

function report(
  outcomes: readonly Outcome<{ accountId: string; region: string }, Drilled>[],
  options: DrillOptions,
  io: Io,
): void {
  const drilled = outcomes.flatMap((outcome) => (outcome.status === 'done' ? [outcome.result] : []));
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : []));
  if (options.json) {
    const findings = drilled.map(({ finding, announcement }) => ({ ...finding, ...announcement }));
    io.stdout.write(
      `${JSON.stringify({ ok: errors.length === 0, findings, errors: errors.flatMap(failureRecords) })}\n`,
    );
  } else {
    for (const { finding, announcement } of drilled) {
      io.stdout.write(
        `${finding.accountId} ${finding.region}: announced after ${announcement.seconds.toFixed(1)} s (${announcement.as})\n`,
      );
    }
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}
