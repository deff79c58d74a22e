import type { Command } from 'commander';
import {
  type Change,
  documentDiff,
  freePlaces,
  hangingOn,
  inForceAt,
  packPolicies,
  planAttachment,
  policiesAt,
  serviceControlLimits,
  type Target,
  type WantedPolicy,
  wantedPolicies,
} from '../../guardrails';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { createProgress } from '../views/progress';
import { warn } from './list';
import { readStanding, type Standing, targetsOf } from './organization';
import { readConfigured } from './shared';
import { changeLines, targetNames, targetOption } from './words';

/** `garrison guardrails plan`: what differs between garrison.yaml and the organization. */
export function registerPlan(parent: Command, io: Io): void {
  const command = parent
    .command('plan')
    .description('What would change in the organization; changes nothing. Runs as the management account.')
    .addHelpText('after', '\nExit codes: 0 nothing to do, 1 an error, 2 something is to be done.');
  withCommonOptions(command).action((options: CommonOptions) => plan(options, io));
}

/** What differs at one target. */
interface TargetPlan {
  readonly target: Target;
  /** `guardrails.targets` names it. Where that is empty, whatever has guardrails is meant. */
  readonly wanted: boolean;
  readonly changes: readonly Change[];
  readonly diff: readonly string[];
}

async function plan(options: CommonOptions, io: Io): Promise<void> {
  const configured = readConfigured(options);
  const progress = await createProgress(io);
  try {
    const standing = await progress.stage('organization', (host) => readStanding(configured, host));
    const named = await targetsOf(configured.config.guardrails.targets, standing);
    const policies = wantedPolicies(packPolicies(configured.guardrails, serviceControlLimits));
    const inForce = inForceAt(standing.observed);
    const others = inForce.filter(({ id }) => !named.some((target) => target.id === id));
    const plans: TargetPlan[] = [];
    for (const target of [...named, ...others]) {
      plans.push(await planFor(target, named.length === 0 || named.includes(target), policies, standing));
    }
    warn(configured.guardrails, io);
    report(plans, inForce, options, io);
  } finally {
    progress.close();
  }
}

async function planFor(
  target: Target,
  wanted: boolean,
  policies: readonly WantedPolicy[],
  { observed, session }: Standing,
): Promise<TargetPlan> {
  const free = freePlaces(await hangingOn(session, target));
  const changes = planAttachment(observed, policies, target, free);
  const before = policiesAt(observed, target).map(({ content }) => content);
  const diff = documentDiff(
    before,
    policies.map(({ content }) => content),
  );
  return { target, wanted, changes, diff };
}

function report(plans: readonly TargetPlan[], inForce: readonly Target[], options: CommonOptions, io: Io): void {
  const done = plans.every(({ wanted, changes }) => wanted && changes.length === 0);
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: done, inForce, targets: plans })}\n`);
  } else {
    const lines = [`In force at ${targetNames(inForce)}.`, ...plans.flatMap(planLines)];
    const idle = plans.length === 0 ? ': `garrison guardrails attach --to <unit>` attaches to one unit' : '';
    io.stdout.write(`${[...lines, ...(done ? [`Nothing to do${idle}.`] : [])].join('\n')}\n`);
  }
  io.setExitCode(done ? 0 : 2);
}

function planLines({ target, wanted, changes, diff }: TargetPlan): string[] {
  if (!wanted) {
    return [
      `${target.name} is not among guardrails.targets: \`garrison guardrails detach --from ${targetOption(target)}\` detaches.`,
    ];
  }
  return changes.length === 0
    ? []
    : [
        '',
        ...changeLines(changes),
        ...diff.map((line) => `    ${line}`),
        `\`garrison guardrails attach --to ${targetOption(target)}\` does it.`,
      ];
}
