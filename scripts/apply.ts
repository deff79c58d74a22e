import { S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import {
  type CellOutcome,
  deployStack,
  publishAssets,
  type Reconciliation,
  reconcileStackSet,
  type StackOutcome,
} from '../cloudformation';
import { type ApplyOutcome, apply as applyGuard, type CellCoverage, coverage, observe, plan } from '../guardduty';
import { GarrisonError } from '../organization/errors';
import type { Host } from '../organization/messages';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { openRollout, type Rollout, stackTarget } from './rollout/context';
import { desiredGuardOf, desiredInstances, type OutOfReach, outOfReach, preferencesOf } from './rollout/desired';
import { loadFiles } from './rollout/files';
import { guardSessions, observeCells } from './rollout/picture';
import { type SynthesizedStack, synthesizeFor } from './rollout/synthesis';
import { coverageSummary } from './views/coverageTable';
import { failureRecords, printFailures } from './views/failure';
import { createProgress, type Progress, type StageSummary } from './views/progress';

/** `garrison apply`: does what `plan` says, and nothing that is done already. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('apply')
    .description('Roll out detectors, members and the notifier. Runs as the security account.');
  withCommonOptions(command).action(async (options: CommonOptions) => apply(options, io));
}

/** What every stage did. */
interface Results {
  readonly stack: StackOutcome;
  readonly stackSets: readonly Reconciliation[];
  readonly guard: ApplyOutcome;
  readonly coverage: readonly CellCoverage[];
}

async function apply(options: CommonOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const progress = await createProgress(io);
  try {
    const rollout = await progress.stage('security account', (host) => openRollout(files, host));
    const results = await stages(rollout, progress);
    report(results, options, io);
  } finally {
    progress.close();
  }
}

async function stages(rollout: Rollout, progress: Progress): Promise<Results> {
  const stack = await progress.stage(
    'security stack',
    (host) => deploySecurityStack(rollout, host),
    ({ outcome }) => ({ text: outcome }),
  );
  const first = desiredInstances(rollout, outOfReach(rollout, new Map()), []);
  const memberRoles = await reconcile('member roles', first.memberRoles, rollout, progress);
  const cells = await progress.stage('what is there', (host) => observeCells(rollout, host));
  const desired = desiredInstances(rollout, cells.unreachable, cells.adopted);
  const others = await Promise.all([
    reconcile('detectors', desired.detectors, rollout, progress),
    reconcile('event rules', desired.eventRules, rollout, progress),
  ]);
  const guard = await guardStages(rollout, cells.unreachable, progress);
  return { stack, stackSets: [memberRoles, ...others], ...guard };
}

async function deploySecurityStack(rollout: Rollout, host: Host): Promise<StackOutcome> {
  const synthesis = await synthesizeFor(rollout, rollout.regions);
  try {
    const { stack, input }: SynthesizedStack = synthesis.of('garrison-security');
    const { homeRegion } = rollout.config;
    await publishAssets(stack.assets, {
      s3: rollout.operator.client(S3Client, homeRegion),
      host,
      place: { accountId: rollout.operator.accountId, region: homeRegion },
    });
    return await deployStack(input, stackTarget(rollout.operator, homeRegion), host);
  } finally {
    await synthesis.clean();
  }
}

function reconcile(
  title: string,
  desired: Parameters<typeof reconcileStackSet>[0],
  rollout: Rollout,
  progress: Progress,
): Promise<Reconciliation> {
  const { client } = stackTarget(rollout.operator, rollout.config.homeRegion);
  return progress.stage(
    title,
    (host) => reconcileStackSet(desired, { client, host }, preferencesOf(rollout)),
    ({ outcomes }) => instancesSummary(outcomes),
  );
}

function instancesSummary(outcomes: readonly CellOutcome[]): StageSummary {
  const count = (outcome: CellOutcome['outcome']) => outcomes.filter((cell) => cell.outcome === outcome).length;
  const adopted = outcomes.filter(({ action }) => action === 'adopted').length;
  const parts = [
    count('done') ? `${count('done')} cells` : '',
    count('unchanged') - adopted > 0 ? `${count('unchanged') - adopted} unchanged` : '',
    adopted ? `${adopted} had a detector` : '',
    count('blocked') ? `${count('blocked')} out of reach` : '',
    count('failed') ? `${count('failed')} failed` : '',
  ];
  return { text: parts.filter(Boolean).join(', '), mark: count('failed') ? 'warning' : 'done' };
}

async function guardStages(
  rollout: Rollout,
  unreachable: OutOfReach,
  progress: Progress,
): Promise<Pick<Results, 'guard' | 'coverage'>> {
  const desired = desiredGuardOf(rollout);
  const sessions = guardSessions(rollout);
  const { concurrency } = rollout.config.operations;
  const look = async (host: Host) =>
    plan(desired, await observe(desired, sessions, { concurrency, outOfReach: unreachable, host }), unreachable);
  const guard = await progress.stage(
    'GuardDuty members',
    async (host) => applyGuard(await look(host), sessions, { concurrency, host }),
    ({ done, failed }) => ({
      text:
        done.length + failed.length === 0
          ? 'unchanged'
          : `${done.length} cells${failed.length ? `, ${failed.length} failed` : ''}`,
      mark: failed.length ? 'warning' : 'done',
    }),
  );
  const covered = await progress.stage(
    'coverage',
    async (host) => coverage(desired, await look(host)),
    (cells) => ({ text: coverageSummary(cells) }),
  );
  return { guard, coverage: covered };
}

/** Every cell that is not guarded, once, with the first cause that is known. */
function failuresOf(results: Results): GarrisonError[] {
  const failed = results.stackSets.flatMap(({ plan: { stackSet }, outcomes }) =>
    outcomes
      .filter(({ outcome }) => outcome === 'failed')
      .map(
        ({ accountId, region, reason = 'the instance failed', remedy = '' }) =>
          new GarrisonError('stackset.instance', `${stackSet}: ${reason}`, remedy, { accountId, region }),
      ),
  );
  const told = new Set(failed.map(({ place }) => `${place.accountId}/${place.region}`));
  const members = results.guard.failed
    .map(({ error }) => error)
    .filter(({ place }) => !told.has(`${place.accountId}/${place.region}`));
  for (const { place } of members) {
    told.add(`${place.accountId}/${place.region}`);
  }
  const left = results.coverage
    .filter(
      ({ state, accountId, region }) =>
        (state === 'not-guarded' || state === 'unknown') && !told.has(`${accountId}/${region}`),
    )
    .map(
      ({ accountId, region, code = 'cell', reason = '', remedy = '' }) =>
        new GarrisonError(code, reason, remedy, { accountId, region }),
    );
  return [...failed, ...members, ...left];
}

function report(results: Results, options: CommonOptions, io: Io): void {
  const errors = failuresOf(results);
  const instances = results.stackSets.map(({ plan: { stackSet }, outcomes }) => ({
    stackSet,
    changed: outcomes.filter(({ outcome }) => outcome === 'done').length,
  }));
  const changed =
    results.stack.outcome !== 'unchanged' ||
    instances.some((stackSet) => stackSet.changed > 0) ||
    results.guard.done.length > 0;
  if (options.json) {
    const record = {
      ok: errors.length === 0,
      changed,
      stack: { name: results.stack.stackName, outcome: results.stack.outcome },
      stackSets: instances,
      members: { changed: results.guard.done.length },
      coverage: coverageSummary(results.coverage),
      errors: errors.flatMap(failureRecords),
    };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    io.stdout.write(`${changed ? 'Applied' : 'Nothing to do'}: ${coverageSummary(results.coverage)}.\n`);
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}
