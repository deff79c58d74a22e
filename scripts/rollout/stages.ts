import { S3Client } from '@aws-sdk/client-s3';
import {
  type CellOutcome,
  type DesiredInstances,
  deployStack,
  planStack,
  publishAssets,
  type Reconciliation,
  reconcileStackSet,
  type StackOutcome,
} from '../../cloudformation';
import {
  type ApplyOutcome,
  apply as applyGuard,
  type CellCoverage,
  cellKey,
  coverage,
  type DesiredGuard,
  type GuardPlan,
  observe,
  plan,
  restrictedTo,
} from '../../guardduty';
import { GarrisonError } from '../../organization/errors';
import type { Host } from '../../organization/messages';
import { findingsKeyOutput } from '../../stacks/model';
import { coverageSummary } from '../views/coverageTable';
import type { Progress, StageSummary } from '../views/progress';
import { type Rollout, stackTarget } from './context';
import { desiredGuardOf, desiredInstances, outOfReach, preferencesOf } from './desired';
import {
  type Cells,
  guardSessions,
  observeCells,
  observeSecurityStack,
  observeStackSets,
  type SeenStackSets,
} from './picture';
import { type PolicyResults, reconcilePolicies } from './policies';
import { retiredStackSets } from './retired';
import { type SideStacks, type SynthesizedStack, sideStacksOf, synthesizeFor } from './synthesis';

/** What every stage did. */
export interface Results extends DeployedStacks {
  readonly stackSets: readonly Reconciliation[];
  readonly guard: ApplyOutcome;
  readonly policies: PolicyResults;
  readonly coverage: readonly CellCoverage[];
}

/**
 * The stages of `apply`. Each plans from what it observes; what was observed a moment ago and has not changed since is
 * not asked for again: `known` is how the stack sets stood before. With `rollout.only`, other accounts stay as they are.
 */
export async function applyStages(rollout: Rollout, progress: Progress, known?: SeenStackSets): Promise<Results> {
  const { cells, detectors, ...instances } = await instanceStages(rollout, progress, known);
  const desired = desiredGuardOf(rollout, instances.findings?.outputs[findingsKeyOutput]);
  return { ...instances, ...(await guardStages(rollout, desired, cells, detectors, progress)) };
}

/** Stacks and stack sets. What was seen of thousands of instances is let go of with this function. */
async function instanceStages(rollout: Rollout, progress: Progress, known: SeenStackSets | undefined) {
  const atFirst = known ?? (await observeStackSets(rollout, await observeSecurityStack(rollout)));
  const retired = await retire(rollout, progress, atFirst);
  const stacks = await progress.stage(
    'security stack',
    (host) => deployStacks(rollout, host),
    (deployed) => ({
      text: stackOutcomes(deployed).find(({ outcome }) => outcome !== 'unchanged')?.outcome ?? 'unchanged',
    }),
  );
  const isKnown = stacks.stack.outcome === 'unchanged' && retired.length === 0;
  const before = isKnown ? atFirst : await observeStackSets(rollout, undefined);
  const first = desiredInstances(rollout, outOfReach(rollout, new Map()), []);
  const memberRoles = await reconcile(first.memberRoles, before, rollout, progress);
  const seen = unchanged(before, memberRoles);
  const cells = await progress.stage('what is there', (host) => observeCells(rollout, seen, host));
  const desired = desiredInstances(rollout, cells.unreachable, cells.adopted);
  const others = await Promise.all(
    [desired.detectors, ...desired.others].map((instances) => reconcile(instances, seen, rollout, progress)),
  );
  const stackSets = [...retired, memberRoles, ...others].map(whatChanged);
  return { ...stacks, stackSets, cells, detectors: others[0] && whatChanged(others[0]) };
}

/** A reconciliation without the cells that stay as they are. */
function whatChanged({ plan, outcomes }: Reconciliation): Reconciliation {
  return {
    plan: { ...plan, cells: plan.cells.filter(({ action }) => action !== 'none') },
    outcomes: outcomes.filter(({ outcome }) => outcome !== 'unchanged'),
  };
}

/**
 * What is left of stack sets that nobody asks for any more goes before their stack is updated.
 *
 * @throws GarrisonError in a run for some accounts, which takes nothing from the others
 */
async function retire(rollout: Rollout, progress: Progress, seen: SeenStackSets): Promise<Reconciliation[]> {
  const retired = retiredStackSets(rollout, seen);
  const [first] = retired;
  if (first && rollout.only) {
    throw new GarrisonError(
      'stackset.retired',
      `The files no longer ask for the stack set ${first.stackSet}, and it still stands`,
      'Run `garrison apply` first: it says what goes, and asks.',
    );
  }
  return Promise.all(retired.map((instances) => reconcile(instances, seen, rollout, progress)));
}

/** What became of the stacks of the security account. */
export interface DeployedStacks extends SideStacks<StackOutcome> {
  /** The stack `garrison-security`. */
  readonly stack: StackOutcome;
}

/**
 * The stacks of the security account as the files want them, those beside `garrison-security` first. Where that one
 * stands so, its assets are not asked for one by one.
 */
export async function deployStacks(rollout: Rollout, host: Host): Promise<DeployedStacks> {
  const synthesis = await synthesizeFor(rollout, rollout.regions);
  const target = stackTarget(rollout.operator, rollout.config.homeRegion);
  const wanted = sideStacksOf(rollout, synthesis);
  const record = wanted.record && (await deployStack(wanted.record.input, target, host));
  const findings = wanted.findings && (await deployStack(wanted.findings.input, target, host));
  const stack = await deploySecurityStack(synthesis.of('garrison-security'), rollout, host);
  return { ...(record && { record }), ...(findings && { findings }), stack };
}

/** In the order in which they were deployed. */
export function stackOutcomes({ record, findings, stack }: DeployedStacks): StackOutcome[] {
  return [record, findings, stack].filter((one) => one !== undefined);
}

async function deploySecurityStack(
  { stack, input }: SynthesizedStack,
  rollout: Rollout,
  host: Host,
): Promise<StackOutcome> {
  const { homeRegion } = rollout.config;
  const target = stackTarget(rollout.operator, homeRegion);
  const standing = await observeSecurityStack(rollout);
  if (standing?.status.endsWith('_COMPLETE') && planStack(input, standing, target).action === 'none') {
    const { accountId, region } = target;
    return { accountId, region, stackName: input.stackName, outcome: 'unchanged', outputs: standing.outputs };
  }
  await publishAssets(stack.assets, {
    s3: rollout.operator.client(S3Client, homeRegion),
    host,
    place: { accountId: rollout.operator.accountId, region: homeRegion },
  });
  return await deployStack(input, target, host);
}

function reconcile(
  desired: DesiredInstances,
  seen: SeenStackSets,
  rollout: Rollout,
  progress: Progress,
): Promise<Reconciliation> {
  const { client } = stackTarget(rollout.operator, rollout.config.homeRegion);
  return progress.stage(
    stackSetTitle(desired.stackSet),
    (host) => reconcileStackSet(desired, { client, host }, preferencesOf(rollout), seen.get(desired.stackSet)),
    ({ outcomes }) => instancesSummary(outcomes),
  );
}

/** Without the stack set that a reconciliation has changed. */
function unchanged(seen: SeenStackSets, { plan: { stackSet, operations, running } }: Reconciliation): SeenStackSets {
  const isSame = operations.length === 0 && running.length === 0 && (seen.get(stackSet)?.running.length ?? 0) === 0;
  return isSame ? seen : new Map([...seen].filter(([name]) => name !== stackSet));
}

/** What a person calls a stack set: `event rules` for `garrison-event-rules`. */
export function stackSetTitle(stackSet: string): string {
  return stackSet.replace(/^garrison-/, '').replaceAll('-', ' ');
}

/** What became of a stack set's instances, in a few words. */
export function instancesSummary(outcomes: readonly CellOutcome[]): StageSummary {
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
  desired: DesiredGuard,
  cells: Cells,
  detectors: Reconciliation | undefined,
  progress: Progress,
): Promise<Pick<Results, 'guard' | 'policies' | 'coverage'>> {
  const sessions = guardSessions(rollout);
  const { concurrency } = rollout.config.operations;
  const { unreachable: outOfReach } = cells;
  const look = (host: Host, fresh?: ReadonlySet<string>) =>
    observe(desired, sessions, { concurrency, outOfReach, host, fresh });
  const planned = async (host: Host): Promise<GuardPlan> => {
    const isSame = detectors?.outcomes.every(({ outcome }) => outcome !== 'done');
    const all = plan(desired, isSame ? cells.observed : await look(host, freshCells(detectors)), outOfReach);
    return rollout.only ? restrictedTo(all, rollout.only) : all;
  };
  const { guardPlan, guard } = await progress.stage(
    'GuardDuty members',
    async (host) => {
      const guardPlan = await planned(host);
      return { guardPlan, guard: await applyGuard(guardPlan, sessions, { concurrency, host }) };
    },
    ({ guard: { done, failed } }) => ({
      text:
        done.length + failed.length === 0
          ? 'unchanged'
          : `${done.length} cells${failed.length ? `, ${failed.length} failed` : ''}`,
      mark: failed.length ? 'warning' : 'done',
    }),
  );
  const policies = await policyStage(rollout, progress);
  const covered = await progress.stage(
    'coverage',
    async (host) => {
      const isSame = guardPlan.changes.length + policies.done.length === 0;
      const now = isSame ? guardPlan : plan(desired, await look(host), outOfReach);
      return coverage(desired, now).filter(({ accountId }) => rollout.only?.has(accountId) ?? true);
    },
    (all) => ({ text: coverageSummary(all) }),
  );
  return { guard, policies, coverage: covered };
}

async function policyStage(rollout: Rollout, progress: Progress): Promise<PolicyResults> {
  if (rollout.config.guardduty.route !== 'policy' || rollout.only) {
    return { done: [], failed: [], skipped: true };
  }
  return progress.stage(
    'GuardDuty policies',
    () => reconcilePolicies(rollout),
    ({ done, failed }) => ({
      text: `${done.length > 0 ? `${done.length} changes` : 'unchanged'}${failed.length ? `, ${failed.length} failed` : ''}`,
      mark: failed.length ? 'warning' : 'done',
    }),
  );
}

/** Cells whose detector was made in this run: nobody can be its administrator yet. */
function freshCells(detectors: Reconciliation | undefined): Set<string> {
  const made = (detectors?.outcomes ?? []).filter(({ action, outcome }) => action === 'create' && outcome === 'done');
  return new Set(made.map(({ accountId, region }) => cellKey(accountId, region)));
}
