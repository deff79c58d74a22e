import pc from 'picocolors';
import { applyInstances, type ObservedStackSet, planStackSet, type StackSetPlan } from '../../cloudformation';
import { waitForRunning } from '../../cloudformation/stackSets/operations';
import { listMembers, removeMembers } from '../../guardduty/removal';
import { removalPlan } from '../remove/securityPart';
import { placeLines } from '../views/places';
import type { Progress } from '../views/progress';
import { type Rollout, stackTarget } from './context';
import { desiredInstances, inOrder, preferencesOf } from './desired';
import { observeSecurityStack, observeStackSets, type SeenStackSets } from './picture';
import { retiredStackSets } from './retired';
import { instancesSummary } from './stages';

/** Instances of a stack set that are no longer wanted. */
export interface Unwanted extends ObservedStackSet {
  /** What their removal can be named after, if nothing else is to be done. */
  readonly mark?: StackSetPlan['mark'];
}

/** Instances that stand in accounts and regions which are no longer wanted, stack set by stack set. Reads only. */
export async function unwantedInstances(rollout: Rollout, known?: SeenStackSets): Promise<Unwanted[]> {
  const target = stackTarget(rollout.operator, rollout.config.homeRegion);
  const seen = known ?? (await observeStackSets(rollout, await observeSecurityStack(rollout)));
  const desired = inOrder(desiredInstances(rollout, new Map(), []));
  const plans = await Promise.all(
    [...retiredStackSets(rollout, seen), ...desired].map((instances) =>
      planStackSet(instances, target, seen.get(instances.stackSet)),
    ),
  );
  return plans.flatMap(({ stackSet, cells, operations, mark }) => {
    const unwanted = new Set(
      cells.filter(({ action }) => action === 'delete').map(({ accountId, region }) => `${accountId}/${region}`),
    );
    const observed = seen.get(stackSet);
    if (unwanted.size === 0) {
      return [];
    }
    const instances = (observed?.instances ?? []).filter(({ accountId, region }) =>
      unwanted.has(`${accountId}/${region}`),
    );
    const isAll = operations.every(({ kind }) => kind === 'delete');
    return observed && instances.length > 0 ? [{ ...observed, instances, ...(isAll && { mark }) }] : [];
  });
}

/** What would be destroyed, in words. */
export function unwantedLines(unwanted: readonly ObservedStackSet[]): string[] {
  return unwanted.flatMap(({ stackSet, instances }) => [
    `${pc.red('- destroy')}  ${stackSet}: ${instances.length} ${instances.length === 1 ? 'instance' : 'instances'} that accounts.csv and garrison.yaml no longer ask for${stackSet === 'garrison-detectors' ? ': GuardDuty is switched off there' : ''}`,
    ...placeLines(instances.map(({ accountId, region }) => ({ accountId, region }))),
  ]);
}

/**
 * Takes unwanted instances out, members before detectors; with `operations.removedAccounts: retain` it only lets go of
 * them. An instance that fails stays in the plan, and is reported by the stages that follow.
 */
export async function removeUnwanted(asked: readonly Unwanted[], rollout: Rollout, progress: Progress): Promise<void> {
  const { client } = stackTarget(rollout.operator, rollout.config.homeRegion);
  const unwanted = await settled(asked, rollout, progress);
  const retain = rollout.config.operations.removedAccounts === 'retain';
  if (!retain) {
    await forgetMembers(unwanted, rollout, progress);
  }
  await progress.stage(
    retain ? 'instances let go of' : 'instances removed',
    async (host) => {
      const outcomes = await Promise.all(
        unwanted.map((observed) =>
          applyInstances(
            removalPlan(observed, inactiveIn(rollout), retain),
            { stackSet: observed.stackSet, client, host },
            preferencesOf(rollout),
          ),
        ),
      );
      return outcomes.flat();
    },
    instancesSummary,
  );
}

/** Waits for what a run that was killed has under way; what went meanwhile is not asked for again. */
async function settled(asked: readonly Unwanted[], rollout: Rollout, progress: Progress): Promise<readonly Unwanted[]> {
  const busy = asked.filter(({ running }) => running.length > 0);
  if (busy.length === 0) {
    return asked;
  }
  const { client } = stackTarget(rollout.operator, rollout.config.homeRegion);
  await progress.stage('operations under way', (host) =>
    Promise.all(busy.map(({ stackSet }) => waitForRunning({ stackSet, client, host }))),
  );
  const agreed = new Set(asked.flatMap(({ instances }) => instances.map((cell) => `${cell.accountId}/${cell.region}`)));
  const now = await unwantedInstances(rollout);
  // Less may go than what is unwanted by now: nothing proves what stands then.
  return now.map(({ mark: _, ...observed }) => ({
    ...observed,
    instances: observed.instances.filter(({ accountId, region }) => agreed.has(`${accountId}/${region}`)),
  }));
}

/** GuardDuty lets nobody delete the detector of a member. */
async function forgetMembers(
  unwanted: readonly ObservedStackSet[],
  rollout: Rollout,
  progress: Progress,
): Promise<void> {
  const cells = unwanted.find(({ stackSet }) => stackSet === 'garrison-detectors')?.instances ?? [];
  const regions = [...new Set(cells.map(({ region }) => region))];
  const isUnwanted = (accountId: string, region: string) =>
    cells.some((cell) => cell.accountId === accountId && cell.region === region);
  const { concurrency } = rollout.config.operations;
  await progress.stage('GuardDuty members that leave', async () => {
    const members = await listMembers(rollout.operator, regions, concurrency);
    const leaving = members
      .map((own) => ({ ...own, accountIds: own.accountIds.filter((id) => isUnwanted(id, own.region)) }))
      .filter(({ accountIds }) => accountIds.length > 0);
    return removeMembers(rollout.operator, leaving, { concurrency, endAutoEnable: false });
  });
}

/** Accounts of the organization, in accounts.csv or not, in which nothing can run. */
function inactiveIn({ organization = [] }: Rollout): Map<string, string> {
  const inactive = organization.filter(({ status }) => status !== 'ACTIVE');
  return new Map(inactive.map(({ id, status }) => [id, status]));
}
