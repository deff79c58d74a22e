import type { Command } from 'commander';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { confirm } from './remove/confirm';
import { openRolloutWithRules, type Rollout } from './rollout/context';
import { loadFiles } from './rollout/files';
import { observeSecurityStack, observeStackSets, type SeenStackSets } from './rollout/picture';
import { removeUnwanted, unwantedInstances, unwantedLines } from './rollout/removals';
import { applyStages } from './rollout/stages';
import { reportApplied } from './views/applied';
import { createProgress, type Progress } from './views/progress';

interface ApplyOptions extends CommonOptions {
  readonly yes: boolean;
}

/** `garrison apply`: does what `plan` says, and nothing that is done already. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('apply')
    .description('Roll out detectors, members and the notifier. Runs as the security account.');
  withCommonOptions(command)
    .option('--yes', 'do not ask before instances in removed accounts and regions are deleted', false)
    .action(async (options: ApplyOptions) => apply(options, io));
}

async function apply(options: ApplyOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const progress = await createProgress(io);
  try {
    const rollout = await progress.stage('security account', (host) => openRolloutWithRules(files, host));
    const seen = await takeOutUnwanted(rollout, progress, options, io);
    reportApplied(await applyStages(rollout, progress, seen), options, io);
  } finally {
    progress.close();
  }
}

/** A line that went missing in accounts.csv must not switch a guard off unasked. Answers what it saw, if that still holds. */
async function takeOutUnwanted(
  rollout: Rollout,
  progress: Progress,
  { yes }: ApplyOptions,
  io: Io,
): Promise<SeenStackSets | undefined> {
  const seen = await observeStackSets(rollout, await observeSecurityStack(rollout));
  const unwanted = await unwantedInstances(rollout, seen);
  if (unwanted.length === 0) {
    return seen;
  }
  if (rollout.config.operations.removedAccounts === 'delete') {
    io.stderr.write(`${unwantedLines(unwanted).join('\n')}\n`);
    await confirm('These are going to be deleted.', yes, io);
  }
  await removeUnwanted(unwanted, rollout, progress);
  return undefined;
}
