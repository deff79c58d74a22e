import type { Command } from 'commander';
import {
  type Change,
  inForceAt,
  packPolicies,
  planAttachment,
  serviceControlLimits,
  type Target,
} from '../../guardrails';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { createProgress } from '../views/progress';
import { warn } from './list';
import { readStanding, targetsOf } from './organization';
import { readConfigured } from './shared';
import { changeLines, targetNames } from './words';

/** `garrison guardrails plan`: what differs between garrison.yaml and the organization. */
export function registerPlan(parent: Command, io: Io): void {
  const command = parent
    .command('plan')
    .description('What would change in the organization; changes nothing. Runs as the management account.')
    .addHelpText('after', '\nExit codes: 0 nothing to do, 1 an error, 2 something is to be done.');
  withCommonOptions(command).action((options: CommonOptions) => plan(options, io));
}

async function plan(options: CommonOptions, io: Io): Promise<void> {
  const configured = readConfigured(options);
  const progress = await createProgress(io);
  try {
    const standing = await progress.stage('organization', (host) => readStanding(configured, host));
    const wanted = await targetsOf(configured.config.guardrails.targets, standing);
    const policies = packPolicies(configured.guardrails, serviceControlLimits);
    const inForce = inForceAt(standing.observed);
    // Where nobody wants them, and they do not stand, there is nothing to write either.
    const idle = wanted.length === 0 && standing.observed.policies.length === 0;
    const changes = idle ? [] : planAttachment(standing.observed, policies, wanted);
    const unwanted = wanted.length === 0 ? [] : inForce.filter(({ id }) => !wanted.some((target) => target.id === id));
    warn(configured.guardrails, io);
    report({ changes, inForce, wanted, unwanted }, options, io);
  } finally {
    progress.close();
  }
}

interface Plan {
  readonly changes: readonly Change[];
  readonly inForce: readonly Target[];
  readonly wanted: readonly Target[];
  /** Where they are in force though `guardrails.targets` does not name it. */
  readonly unwanted: readonly Target[];
}

function report(plan: Plan, options: CommonOptions, io: Io): void {
  const { changes, inForce, wanted, unwanted } = plan;
  const done = changes.length === 0 && unwanted.length === 0;
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok: done, ...plan })}\n`);
  } else {
    const lines = [`In force at ${targetNames(inForce)}.`, ...changeLines(changes), ...nextLines(plan)];
    io.stdout.write(`${lines.join('\n')}\n`);
    if (done) {
      const idle = wanted.length === 0 && inForce.length === 0;
      io.stdout.write(
        idle
          ? 'Nothing to do: guardrails.targets names no unit. `garrison guardrails attach --to <unit>` attaches to one.\n'
          : 'Nothing to do.\n',
      );
    }
  }
  io.setExitCode(done ? 0 : 2);
}

function nextLines({ changes, inForce, wanted, unwanted }: Plan): string[] {
  const missing = wanted.filter(({ id }) =>
    changes.some((change) => change.kind === 'attach' && change.target.id === id),
  );
  const [next] = [...missing, ...(changes.length > 0 ? inForce : [])];
  return [
    ...(next
      ? [
          `\`garrison guardrails attach --to ${next.kind === 'unit' ? JSON.stringify(next.name) : next.id}\` does it there.`,
        ]
      : []),
    ...unwanted.map(
      ({ id, name }) =>
        `${name} is not among guardrails.targets: \`garrison guardrails detach --from ${id}\` detaches.`,
    ),
  ];
}
