import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { accountDetections } from '../detections/accountDetections';
import { logFiles } from '../detections/hunt/files';
import { Gatherer, maximumFindings } from '../detections/hunt/gatherer';
import { hunt } from '../detections/hunt/hunt';
import { type HuntReport, reportOf } from '../detections/hunt/report';
import { overridesFor } from '../detections/settingsFile';
import { loadAccounts } from '../organization/accountsFile';
import { GarrisonError } from '../organization/errors';
import { chosen, readSettings, reported, type SettingsOptions } from './detections/shared';
import { csvOf } from './hunt/csv';
import { htmlOf } from './hunt/html';
import { createProgress } from './hunt/progress';
import { fromS3 } from './hunt/s3';
import { parseSince } from './hunt/since';
import { noiseText, summaryText } from './hunt/text';
import type { Io } from './io';

/** So many broken files are told one by one. */
const mostBroken = 20;

interface HuntCommandOptions extends SettingsOptions {
  readonly since?: string;
  readonly accounts?: string;
  readonly noise: boolean;
  readonly json: boolean;
  readonly csv?: string | true;
  readonly html?: string;
  readonly threads?: string;
  readonly details: string;
}

/** `garrison hunt PATH…`: the catalog over log files of CloudTrail. */
export function register(program: Command, io: Io): void {
  program
    .command('hunt <path...>')
    .description('What the detections would have found in CloudTrail’s log files: files, folders, s3://bucket/prefix.')
    .option('--since <when>', 'leave out what is older: a date, or such as 7d, 12h')
    .option('--noise', 'which detections would be loud, and because of whom', false)
    .option('--json', 'the whole report as JSON', false)
    .option('--csv [file]', 'the findings as CSV, on standard output or into a file')
    .option('--html <file>', 'a timeline as a page')
    .option('--settings <file>', 'settings of the detections, YAML; a garrison.yaml will do')
    .option('--accounts <file>', 'accounts.csv: which organizational units the settings mean')
    .option('--details <number>', 'findings whose details are kept; all are counted', String(maximumFindings))
    .option('--threads <number>', 'threads that hunt; 0 or 1 for this one alone')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, whatever was found; 1 nothing could be read. Files that are broken are told and passed over.',
    )
    .action((paths: readonly string[], options: HuntCommandOptions) => run(paths, options, io));
}

async function run(paths: readonly string[], options: HuntCommandOptions, io: Io): Promise<void> {
  const detections = detectionsOf(options, io);
  const since = options.since === undefined ? undefined : parseSince(options.since, new Date());
  const threads =
    options.threads === undefined ? Math.min(availableParallelism(), 8) : wholeNumber('--threads', options.threads);
  const local = paths.filter((path) => !path.startsWith('s3://'));
  const files = listed(local, since);
  const details = wholeNumber('--details', options.details);
  const gatherer = new Gatherer(details);
  const progress = createProgress(
    io.stderr,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const run = { threads, detections, since, details };
  await hunt(files, run, gatherer, (bytes) => progress.add(bytes));
  for (const url of paths.filter((path) => path.startsWith('s3://'))) {
    await fromS3(url, since, async ({ files: fetched, failed }) => {
      for (const { file, reason } of failed) {
        gatherer.done({ file, records: 0, bytes: 0, broken: reason });
      }
      await hunt(fetched, run, gatherer);
    });
  }
  progress.end();
  const report = reportOf(gatherer);
  // With --since, an empty folder may only mean that nothing is new.
  if (report.files === 0 && options.since === undefined) {
    throw new GarrisonError(
      'hunt.empty',
      'no log files were found there',
      "CloudTrail's log files end in .json.gz or .json: check the path.",
    );
  }
  output(report, options, io);
}

/** What holds for which accounts, by the settings. */
function detectionsOf({ settings, accounts }: HuntCommandOptions, io: Io) {
  const file = readSettings(settings);
  const known = accounts === undefined ? [] : loadAccounts(accounts);
  const ids = new Set(known.map(({ id }) => id));
  const named = Object.keys(file.accounts ?? {}).filter((id) => !ids.has(id));
  chosen([], overridesFor(file));
  const units = Object.keys(file.organizationalUnits ?? {});
  if (units.length > 0 && accounts === undefined) {
    io.stderr.write(`settings of ${units.join(', ')} are left out: which accounts those are, --accounts tells\n`);
  }
  if (JSON.stringify(file).includes('"administratorPolicies"')) {
    io.stderr.write(
      'administratorPolicies are left out: records do not tell a role’s policies. Name the roles in roles\n',
    );
  }
  return reported(() => accountDetections(file, [...known, ...named.map((id) => ({ id }))]), settings);
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw new GarrisonError('option.number', `${option} ${text} is no whole number`, 'Give one, from 0.');
  }
  return number;
}

function listed(paths: readonly string[], since: string | undefined) {
  try {
    return [...logFiles(paths, since)];
  } catch (error) {
    const { path, message } = error as NodeJS.ErrnoException;
    throw new GarrisonError(
      'file.unreadable',
      `${path ?? paths.join(' ')} cannot be read: ${message}`,
      'Check the path.',
      {},
      { cause: error },
    );
  }
}

function output(report: HuntReport, options: HuntCommandOptions, io: Io): void {
  for (const { file, reason } of report.broken.slice(0, mostBroken)) {
    io.stderr.write(`${file}: passed over: ${reason}\n`);
  }
  if (report.broken.length > mostBroken) {
    io.stderr.write(`and ${report.broken.length - mostBroken} more: --json and --html list all of them\n`);
  }
  if (options.html !== undefined) {
    writeFileSync(options.html, htmlOf(report));
    io.stderr.write(`${options.html} written\n`);
  }
  if (typeof options.csv === 'string') {
    writeFileSync(options.csv, csvOf(report.findings));
    io.stderr.write(`${options.csv} written\n`);
  }
  if (options.json) {
    io.stdout.write(`${JSON.stringify(report)}\n`);
  } else if (options.csv === true) {
    io.stdout.write(csvOf(report.findings));
  } else {
    io.stdout.write(options.noise ? noiseText(report) : summaryText(report));
  }
  io.setExitCode(report.files > 0 && report.broken.length === report.files && report.records === 0 ? 1 : 0);
}
