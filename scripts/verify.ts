import type { Command } from 'commander';
import type { DriftReport } from '../cloudformation';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import type { Rollout } from './rollout/context';
import { loadFiles } from './rollout/files';
import { observeRollout } from './rollout/observeRollout';
import { driftOf, isInSync } from './verify/drift';
import { linkLines, linkStates } from './verify/links';
import { coverageSummary, coverageTable, routeSummary } from './views/coverageTable';
import { driftLines } from './views/drift';
import { changeLines, changeRecord, isDone } from './views/plan';
import { createProgress } from './views/progress';

interface VerifyOptions extends CommonOptions {
  readonly drift: boolean;
}

/** `garrison verify`: is every cell guarded? */
export function register(program: Command, io: Io): void {
  const command = program
    .command('verify')
    .description('Tell which accounts and regions are guarded, and why the others are not. Changes nothing.')
    .option(
      '--drift',
      'also have CloudFormation find what was changed by hand: minutes, in a large organization',
      false,
    );
  withCommonOptions(command).action(async (options: VerifyOptions) => verify(options, io));
}

async function verify(options: VerifyOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const { picture, rollout } = await observeRollout(files, io);
  const drift = options.drift ? await findDrift(rollout, io) : undefined;
  const done = isDone(picture) && isInSync(drift ?? []);
  if (options.json) {
    const { coverage } = picture;
    const record = {
      ok: done,
      summary: coverageSummary(coverage),
      cells: coverage,
      ...changeRecord(picture),
      links: linkStates(picture, files),
      drift,
    };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    const accountNames = new Map(files.accounts.flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
    io.stdout.write(
      `${coverageTable({ cells: picture.coverage, accountNames })}\n\n${coverageSummary(picture.coverage)}.\n`,
    );
    const routes = routeSummary(picture.coverage);
    io.stdout.write(routes ? `Members joined: ${routes}.\n` : '');
    for (const line of changeLines(picture, { details: false })) {
      io.stdout.write(`${line}\n`);
    }
    for (const line of linkLines(picture, files)) {
      io.stdout.write(`${line}\n`);
    }
    for (const line of drift ? driftLines(drift) : []) {
      io.stdout.write(`${line}\n`);
    }
  }
  io.setExitCode(done ? 0 : 2);
}

async function findDrift(rollout: Rollout, io: Io): Promise<DriftReport[]> {
  const progress = await createProgress(io);
  try {
    return await progress.stage('drift', (host) => driftOf(rollout, host));
  } finally {
    progress.close();
  }
}
