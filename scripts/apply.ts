import type { Command } from 'commander';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { openRollout } from './rollout/context';
import { loadFiles } from './rollout/files';
import { applyStages } from './rollout/stages';
import { reportApplied } from './views/applied';
import { createProgress } from './views/progress';

/** `garrison apply`: does what `plan` says, and nothing that is done already. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('apply')
    .description('Roll out detectors, members and the notifier. Runs as the security account.');
  withCommonOptions(command).action(async (options: CommonOptions) => apply(options, io));
}

async function apply(options: CommonOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const progress = await createProgress(io);
  try {
    const rollout = await progress.stage('security account', (host) => openRollout(files, host));
    reportApplied(await applyStages(rollout, progress), options, io);
  } finally {
    progress.close();
  }
}
