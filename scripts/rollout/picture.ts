import {
  type DesiredInstances,
  type ObservedStack,
  type ObservedStackSet,
  observeStack,
  observeStackSet,
  planStack,
  planStackSet,
  type StackPlan,
  type StackSetPlan,
} from '../../cloudformation';
import {
  type Candidate,
  type CellCoverage,
  cellKey,
  cellsWithDetector,
  coverage,
  type DesiredGuard,
  type GuardPlan,
  type GuardSessions,
  type ObservedGuard,
  observe,
  type PolicyPlan,
  plan,
} from '../../guardduty';
import type { Cell } from '../../organization/accounts';
import type { Host } from '../../organization/messages';
import { findingsKeyOutput } from '../../stacks/model';
import { type Rollout, stackTarget } from './context';
import { desiredGuardOf, desiredInstances, inOrder, type OutOfReach, outOfReach } from './desired';
import { observePolicies } from './policies';
import { disabledRegions } from './reach';
import { retiredStackSets, securityStackName, stackSetsIn } from './retired';
import type { SideStacks, SynthesizedStack } from './synthesis';

/** Everything that was observed, compared with what is to be: the plan, and the coverage that follows from it. */
export interface Picture extends SideStacks<StackPlan> {
  readonly stack: StackPlan;
  readonly stackSets: readonly StackSetPlan[];
  readonly guard: GuardPlan;
  /** GuardDuty policies of the organization; undefined where the route is another. */
  readonly policies?: PolicyPlan;
  readonly coverage: readonly CellCoverage[];
}

/** What GuardDuty and the stack sets need to know of the cells before anything is done in them. */
export interface Cells {
  readonly unreachable: OutOfReach;
  /** Cells that have a detector which no stack set made. */
  readonly adopted: readonly Cell[];
  readonly observed: ObservedGuard;
  /** Accounts whose member role stands, and the security account. */
  readonly askable: ReadonlySet<string>;
}

/** Stack sets as they stood a moment ago, by name. */
export type SeenStackSets = ReadonlyMap<string, ObservedStackSet>;

/**
 * Looks at every stack set once, those that `stack` holds and nobody asks for any more included: what follows plans
 * from that, and asks again only for what has changed since.
 */
export async function observeStackSets(
  rollout: Rollout,
  stack: ObservedStack | undefined,
): Promise<Map<string, ObservedStackSet>> {
  const { client } = stackTarget(rollout.operator, rollout.config.homeRegion);
  const wanted = inOrder(desiredInstances({ ...rollout, only: undefined }, new Map(), []));
  const names = [...new Set([...wanted.map(({ stackSet }) => stackSet), ...stackSetsIn(stack)])];
  const seen = await Promise.all(names.map((name) => observeStackSet(name, client, expectedOf(wanted, name))));
  return new Map(seen.map((observed) => [observed.stackSet, observed]));
}

/** Where a stack set's instances are, if all is in order. */
function expectedOf(wanted: readonly DesiredInstances[], name: string): readonly Cell[] | undefined {
  const { cells, blocked = [] } = wanted.find(({ stackSet }) => stackSet === name) ?? {};
  const isBlocked = new Set(blocked.map(({ accountId, region }) => cellKey(accountId, region)));
  return isBlocked.size === 0 ? cells : cells?.filter((cell) => !isBlocked.has(cellKey(cell.accountId, cell.region)));
}

/** The stack that holds the stack sets, as it stands. */
export function observeSecurityStack({ operator, config }: Rollout): Promise<ObservedStack | undefined> {
  return observeStack(securityStackName, stackTarget(operator, config.homeRegion));
}

/** Those of the stacks that stand. */
async function observeSideStacks(
  { operator, config }: Rollout,
  { record, findings }: SideStacks<SynthesizedStack>,
): Promise<SideStacks<ObservedStack>> {
  const observed = (stack: SynthesizedStack | undefined) =>
    stack && observeStack(stack.input.stackName, stackTarget(operator, config.homeRegion));
  return { record: await observed(record), findings: await observed(findings) };
}

/** Observes everything. Changes nothing. */
export async function observeAll(
  rollout: Rollout,
  stack: SynthesizedStack,
  host: Host,
  side: SideStacks<SynthesizedStack> = {},
): Promise<Picture> {
  const target = stackTarget(rollout.operator, rollout.config.homeRegion);
  const observedStack = await observeSecurityStack(rollout);
  const beside = await observeSideStacks(rollout, side);
  const seen = await observeStackSets(rollout, observedStack);
  const cells = await observeCells(rollout, seen, host);
  const desired = inOrder(desiredInstances(rollout, cells.unreachable, cells.adopted));
  const stackSets = await Promise.all(
    [...retiredStackSets(rollout, seen), ...desired].map((instances) =>
      planStackSet(instances, target, seen.get(instances.stackSet)),
    ),
  );
  const guard = desiredGuardOf(rollout, beside.findings?.outputs[findingsKeyOutput]);
  const guardPlan = plan(guard, cells.observed, cells.unreachable);
  const canAsk = cells.askable.has(rollout.config.managementAccount);
  const policies = canAsk ? await observePolicies(rollout) : undefined;
  return {
    stack: planStack(stack.input, observedStack, target),
    ...(side.record && { record: planStack(side.record.input, beside.record, target) }),
    ...(side.findings && { findings: planStack(side.findings.input, beside.findings, target) }),
    stackSets,
    guard: guardPlan,
    ...(policies ? { policies } : {}),
    coverage: coverage(guard, guardPlan),
  };
}

/** Observes the cells: which cannot be reached, which have a detector already, and how GuardDuty stands in each. */
export async function observeCells(rollout: Rollout, seen: SeenStackSets, host: Host): Promise<Cells> {
  const target = stackTarget(rollout.operator, rollout.config.homeRegion);
  const first = desiredInstances(rollout, outOfReach(rollout, new Map()), []);
  const [memberRoles, detectors] = await Promise.all([
    planStackSet(first.memberRoles, target, seen.get(first.memberRoles.stackSet)),
    planStackSet(first.detectors, target, seen.get(first.detectors.stackSet)),
  ]);
  const askable = accountsWithRole(memberRoles, rollout);
  const open = detectors.cells.filter(({ action }) => action === 'create' || action === 'update');
  const openAccounts = [...new Set(open.map(({ accountId }) => accountId))].filter((id) => askable.has(id));
  const unreachable = outOfReach(rollout, await disabledRegions(rollout, openAccounts, host));
  const guard = desiredGuardOf(rollout);
  const observed = await observe(guard, guardSessions(rollout), {
    concurrency: rollout.config.operations.concurrency,
    outOfReach: unreachable,
    host,
  });
  const candidates = open
    .filter(({ action, made }) => action === 'create' || made !== undefined)
    .filter(({ accountId, region }) => askable.has(accountId) && !unreachable.has(cellKey(accountId, region)))
    .map(({ accountId, region, made }) => ({ accountId, region, ...(made === 'unknown' ? { othersOnly: true } : {}) }));
  return { unreachable, observed, askable, adopted: await adoptable(candidates, observed, guard, rollout) };
}

/** Sessions through which GuardDuty is observed and changed. */
export function guardSessions(rollout: Rollout): GuardSessions {
  return { administrator: rollout.operator, member: (accountId) => rollout.members.of(accountId) };
}

/** Accounts whose member role stands, and the security account, which needs none. */
function accountsWithRole(memberRoles: StackSetPlan, rollout: Rollout): Set<string> {
  const standing = memberRoles.exists ? memberRoles.cells.filter(({ action }) => action === 'none') : [];
  return new Set([rollout.config.securityAccount, ...standing.map(({ accountId }) => accountId)]);
}

/**
 * Cells without an instance, or with one that failed, that have a detector all the same: GuardDuty enrols accounts of the
 * organization by itself. What has been seen already is not asked again.
 */
async function adoptable(
  candidates: readonly Candidate[],
  observed: ObservedGuard,
  guard: DesiredGuard,
  rollout: Rollout,
): Promise<Cell[]> {
  const seen = ({ accountId, region, othersOnly }: Candidate): boolean | undefined => {
    if (othersOnly) {
      return undefined;
    }
    const administrator = observed.regions.get(region);
    if (accountId === guard.administratorId) {
      return administrator && administrator.detector !== undefined;
    }
    const cell = observed.cells.get(cellKey(accountId, region));
    return administrator?.members.get(accountId)?.status === 'Enabled' || (cell && cell.detector !== undefined);
  };
  const unseen = candidates.filter((cell) => seen(cell) === undefined);
  const session = (accountId: string) =>
    accountId === guard.administratorId ? rollout.operator : rollout.members.of(accountId);
  const found = await cellsWithDetector(unseen, session, rollout.config.operations.concurrency);
  return [...candidates.filter((cell) => seen(cell) === true), ...found];
}
