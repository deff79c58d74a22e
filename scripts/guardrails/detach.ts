import type { Command } from 'commander';
import { inForceAt, planDetachment } from '../../guardrails';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { createProgress } from '../views/progress';
import { makeChanges } from './attach';
import { readStanding, targetsOf } from './organization';
import { readConfigured } from './shared';
import { targetNames } from './words';

interface DetachOptions extends CommonOptions {
  readonly from?: string;
  readonly all: boolean;
  readonly yes: boolean;
}

/** `garrison guardrails detach --from …`: takes the guardrails off. */
export function registerDetach(parent: Command, io: Io): void {
  const command = parent
    .command('detach')
    .description('Detach the policies from a unit or account; those that then hang nowhere are deleted.')
    .option('--from <target>', 'path or id of an organizational unit, an account, or root')
    .option('--all', 'everywhere', false)
    .option('--yes', 'do not ask', false);
  withCommonOptions(command).action((options: DetachOptions) => detach(options, io));
}

async function detach(options: DetachOptions, io: Io): Promise<void> {
  const { from, all } = options;
  if ((from === undefined) === !all) {
    throw new GarrisonError('option.from', 'say from where', 'Give --from <target>, or --all for everywhere.');
  }
  const configured = readConfigured(options);
  const progress = await createProgress(io);
  try {
    const standing = await progress.stage('organization', (host) => readStanding(configured, host));
    const targets = from === undefined ? inForceAt(standing.observed) : await targetsOf([from], standing);
    const changes = planDetachment(standing.observed, targets);
    await makeChanges(changes, {
      standing,
      progress,
      options,
      io,
      question: 'These guardrails hold nobody there any more.',
    });
    const changed = changes.length > 0;
    if (options.json) {
      io.stdout.write(`${JSON.stringify({ ok: true, changed, targets, changes })}\n`);
    } else {
      io.stdout.write(
        changed ? `Detached from ${targetNames(targets)}.\n` : 'Nothing to do: none of them hangs there.\n',
      );
    }
  } finally {
    progress.close();
  }
}
