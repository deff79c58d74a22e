import type { Command } from 'commander';
import pc from 'picocolors';
import {
  applyChanges,
  attachmentProblems,
  type Change,
  freePlaces,
  hangingOn,
  packPolicies,
  planAttachment,
  policiesAt,
  roomProblems,
  serviceControlLimits,
  type Target,
  wantedPolicies,
} from '../../guardrails';
import { type GarrisonError, GarrisonErrors } from '../../organization/errors';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { confirm } from '../remove/confirm';
import { createProgress, type Progress } from '../views/progress';
import { warn } from './list';
import { readStanding, type Standing, targetsOf } from './organization';
import { type Configured, readConfigured, requireSome } from './shared';
import { requireHarmless } from './simulation';
import { changeLines, type Documents, targetNames, targetOption } from './words';

export interface AttachOptions extends CommonOptions {
  readonly to: string;
  readonly all: boolean;
  readonly enablePolicyType: boolean;
  readonly yes: boolean;
}

const help = `
One unit first: the root is refused until a unit has these very guardrails, and then needs --all. A change of garrison.yaml
comes into force at one target after the other, too: what hangs elsewhere stays as it is until you attach there.
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
  const wanted = wantedPolicies(packPolicies(configured.guardrails, serviceControlLimits));
  const progress = await createProgress(io);
  try {
    const standing = await progress.stage('organization', (host) => readStanding(configured, host));
    const { observed, session } = standing;
    const [target] = (await targetsOf([options.to], standing)) as [Target];
    const hanging = await hangingOn(session, target);
    const changes = planAttachment(observed, wanted, target, freePlaces(hanging));
    const { all, enablePolicyType: enableType } = options;
    refuse([
      ...attachmentProblems(observed, wanted, target, { all, enableType }),
      ...roomProblems(target, hanging, changes),
    ]);
    if (changes.some(({ kind }) => kind === 'create')) {
      await requireHarmless(configured, session, progress);
    }
    if (changes.length > 0) {
      warn(configured.guardrails, io);
    }
    const before = policiesAt(observed, target).map(({ content }) => content);
    const documents = { before, after: wanted.map(({ content }) => content) };
    const question = `Attach the guardrails to ${targetNames([target])}?`;
    await makeChanges(changes, { standing, progress, options, io, question, documents });
    report(changes, target, { options, io, configured });
  } finally {
    progress.close();
  }
}

function refuse(problems: readonly GarrisonError[]): void {
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
  /** Of the target, before and after. */
  readonly documents?: Documents;
}

/** Shows what would change, asks, and does it. */
export async function makeChanges(
  changes: readonly Change[],
  { standing, progress, options, io, question, documents }: Making,
): Promise<void> {
  if (changes.length === 0) {
    return;
  }
  io.stderr.write(`\n${changeLines(changes, documents).join('\n')}\n\n`);
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
      ? `${on} guardrails are in force at ${targetNames([target])}. \`garrison guardrails detach --from ${targetOption(target)}\` takes them off.\n`
      : `Nothing to do: ${on} guardrails are in force at ${targetNames([target])}.\n`,
  );
}
