import type { Command } from 'commander';
import pc from 'picocolors';
import { permissionWarning, waysToBootstrap } from './bootstrap/words';
import type { Io } from './io';
import { settingsOf } from './notifier/context';
import { silenceLines, silenceNotes, unwantedDetections } from './notifier/silences';
import { type CommonOptions, withCommonOptions } from './options';
import { rolledOut } from './rollout/detections';
import { loadFiles } from './rollout/files';
import { observeRollout } from './rollout/observeRollout';
import { coverageSummary } from './views/coverageTable';
import { bootstrapLines, leftOutLines, logFileLines } from './views/detections';
import { failureRecords } from './views/failure';
import { changeLines, changeRecord, isDone } from './views/plan';

interface PlanOptions extends CommonOptions {
  readonly summary: boolean;
}

/** `garrison plan`: what `apply` would do, what cannot be done, and why. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('plan')
    .description('Tell what apply would do, and what cannot be done and why. Changes nothing.')
    .option('--summary', 'counts instead of every account and region', false);
  withCommonOptions(command).action(async (options: PlanOptions) => plan(options, io));
}

async function plan(options: PlanOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const { rollout, picture, predicted, bootstrapDue } = await observeRollout(files, io);
  const done = isDone(picture);
  const settings = settingsOf(files.config, files.accounts);
  const rules = rolledOut(rollout);
  const silences = silenceNotes(settings, rules.alerts, new Date());
  const leftOut = [...rules.leftOut, ...unwantedDetections(settings, rules.alerts)];
  if (options.json) {
    const record = {
      ok: done,
      summary: coverageSummary(picture.coverage),
      ...changeRecord(picture),
      predicted: predicted.flatMap(failureRecords),
      silences,
      bootstrapDue,
      detectionsLeftOut: leftOut,
    };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    const lines = [
      ...changeLines(picture, { details: !options.summary }),
      ...predicted.map(({ message, remedy }) => `${pc.red('! will fail')}  ${message}. ${remedy}`),
      ...silenceLines(silences),
      ...bootstrapLines(bootstrapDue),
      ...permissionWarning(files.config),
      ...leftOutLines({ leftOut }),
      ...logFileLines(picture, files.config),
      ...waysToBootstrap(files),
    ];
    io.stdout.write(
      `${lines.length > 0 ? `${lines.join('\n')}\n` : ''}${done ? 'Nothing to do' : 'Run `garrison apply` to do it'}: ${coverageSummary(picture.coverage)}.\n`,
    );
  }
  io.setExitCode(done ? 0 : 2);
}
