import type { Command } from 'commander';
import pc from 'picocolors';
import {
  applyChanges,
  attachmentProblems,
  type Change,
  hangingOn,
  packPolicies,
  planAttachment,
  roomProblems,
  serviceControlLimits,
  type Target,
} from '../../guardrails';
import { GarrisonErrors } from '../../organization/errors';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { confirm } from '../remove/confirm';
import { createProgress, type Progress } from '../views/progress';
import { warn } from './list';
import { readStanding, type Standing, targetsOf } from './organization';
import { type Configured, readConfigured, requireSome } from './shared';
import { requireHarmless } from './simulation';
import { changeLines, targetNames } from './words';

export interface AttachOptions extends CommonOptions {
  readonly to: string;
  readonly all: boolean;
  readonly enablePolicyType: boolean;
  readonly yes: boolean;
}

const help = `
One unit first: the root is refused until a unit has them, and then needs --all. Policies are shared by all targets, so
a change of garrison.yaml is in force everywhere they hang; the diff names the places before it asks.
`;

/** `garrison guardrails attach --to …`: puts the guardrails in force at one place. */
export function registerAttach(parent: Command, io: Io): void {
  const command = parent
    .command('attach')
    .description(
      'Create or update the policies and attach them to one unit or account. Runs as the management account.',
    )
    .requiredOption('--to <target>', 'path or id of an organizational unit, an account, or root')
    .option('--all', 'with --to root: every account but the management account', false)
    .option('--enable-policy-type', 'switch service control policies on in the organization', false)
    .option('--yes', 'do not ask', false)
    .addHelpText('after', help);
  withCommonOptions(command).action((options: AttachOptions) => attach(options, io));
}

async function attach(options: AttachOptions, io: Io): Promise<void> {
  const configured = readConfigured(options);
  requireSome(configured);
  const policies = packPolicies(configured.guardrails, serviceControlLimits);
  const progress = await createProgress(io);
  try {
    const standing = await progress.stage('organization', (host) => readStanding(configured, host));
    const [target] = (await targetsOf([options.to], standing)) as [Target];
    const changes = planAttachment(standing.observed, policies, [target]);
    await refuse(standing, target, { changes, options });
    if (changes.some(({ kind }) => kind === 'create' || kind === 'update')) {
      await requireHarmless(configured, standing.session, progress);
      warn(configured.guardrails, io);
    }
    await makeChanges(changes, {
      standing,
      progress,
      options,
      io,
      question: `Attach the guardrails to ${targetNames([target])}?`,
    });
    report(changes, target, { options, io, configured });
  } finally {
    progress.close();
  }
}

async function refuse(
  { observed, session }: Standing,
  target: Target,
  { changes, options }: { changes: readonly Change[]; options: AttachOptions },
): Promise<void> {
  const { all, enablePolicyType: enableType } = options;
  const problems = [
    ...attachmentProblems(observed, target, { all, enableType }),
    ...roomProblems(target, await hangingOn(session, target), changes),
  ];
  if (problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
}

interface Making {
  readonly standing: Standing;
  readonly progress: Progress;
  readonly options: { readonly yes: boolean };
  readonly io: Io;
  readonly question: string;
}

/** Shows what would change, asks, and does it. */
export async function makeChanges(
  changes: readonly Change[],
  { standing, progress, options, io, question }: Making,
): Promise<void> {
  if (changes.length === 0) {
    return;
  }
  io.stderr.write(`\n${changeLines(changes).join('\n')}\n\n`);
  await confirm(pc.bold(question), options.yes, io);
  await progress.stage(
    'policies',
    (host) => applyChanges(changes, standing.observed, standing.session, host),
    (count) => ({ text: `${count} changes` }),
  );
}

function report(
  changes: readonly Change[],
  target: Target,
  { options, io, configured }: { options: AttachOptions; io: Io; configured: Configured },
): void {
  const changed = changes.length > 0;
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: true, changed, target, changes })}\n`);
    return;
  }
  const on = configured.guardrails.filter(({ off }) => off === undefined).length;
  io.stdout.write(
    changed
      ? `${on} guardrails are in force at ${targetNames([target])}. \`garrison guardrails detach --from ${target.id}\` takes them off.\n`
      : `Nothing to do: ${on} guardrails are in force at ${targetNames([target])}.\n`,
  );
}
