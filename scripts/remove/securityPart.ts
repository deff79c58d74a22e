import {
  applyInstances,
  type CellOutcome,
  deleteStack,
  type ObservedStackSet,
  observeStackSet,
  type StackSetHandle,
  type StackSetPlan,
} from '../../cloudformation';
import { poll } from '../../cloudformation/poll';
import { waitForRunning } from '../../cloudformation/stackSets/operations';
import { applyPolicies } from '../../guardduty';
import { removeMembers } from '../../guardduty/removal';
import { GarrisonError } from '../../organization/errors';
import type { Session } from '../../organization/sessions';
import { stackTarget } from '../rollout/context';
import type { Files } from '../rollout/files';
import { securityStackName } from '../rollout/retired';
import { instancesSummary, stackSetTitle } from '../rollout/stages';
import type { Progress } from '../views/progress';
import { deleteFindings } from './findings';
import { detectors, managementMember, memberRoles, type Standing } from './observe';
import { deleteRecord } from './record';

interface Work {
  readonly operator: Session;
  readonly files: Files;
  readonly keepGuardDuty: boolean;
  readonly deleteRecord: boolean;
  readonly deleteFindings: boolean;
  readonly progress: Progress;
}

/**
 * Takes out what the security account rolled out: policies first, members before detectors, instances before stack sets, the security
 * stack last. What failed is answered, and what depends on it is left for the next run.
 */
export async function removeRollout(standing: Standing, work: Work): Promise<readonly GarrisonError[]> {
  const policies = await removePolicies(standing, work);
  if (policies.length > 0) {
    return policies;
  }
  const members = work.keepGuardDuty ? [] : await forgetMembers(standing, work);
  const others = standing.stackSets.filter(({ stackSet }) => stackSet !== memberRoles);
  const last = standing.stackSets.filter(({ stackSet }) => stackSet === memberRoles);
  const failed = [...members, ...(await removeInstances(others, standing, work))];
  if (failed.length > 0) {
    return failed;
  }
  const left = await removeInstances(last, standing, work);
  if (left.length === 0 && standing.stack) {
    const target = stackTarget(work.operator, work.files.config.homeRegion);
    await work.progress.stage('security stack', (host) => deleteStack(securityStackName, target, host));
  }
  if (left.length === 0 && standing.record && work.deleteRecord) {
    await work.progress.stage('record', (host) => deleteRecord(work.operator, work.files.config.homeRegion, host));
  }
  if (left.length === 0 && standing.findings && work.deleteFindings) {
    await work.progress.stage('findings', (host) => deleteFindings(work.operator, work.files.config.homeRegion, host));
  }
  return left;
}

/** First of all: while a policy holds GuardDuty on, it comes back wherever it is switched off. */
async function removePolicies({ policies }: Standing, work: Work): Promise<readonly GarrisonError[]> {
  if (!policies || work.keepGuardDuty) {
    return [];
  }
  const { failed } = await work.progress.stage(
    'GuardDuty policies',
    () => applyPolicies(policies, managementMember(work.operator, work.files)),
    ({ done, failed: left }) => ({
      text: `${done.length} changes${left.length ? `, ${left.length} failed` : ''}`,
      mark: left.length ? 'warning' : 'done',
    }),
  );
  return failed;
}

async function forgetMembers({ members }: Standing, work: Work): Promise<GarrisonError[]> {
  if (members.length === 0) {
    return [];
  }
  const { config } = work.files;
  const { failed } = await work.progress.stage(
    'GuardDuty members',
    () =>
      removeMembers(work.operator, members, {
        concurrency: config.operations.concurrency,
        endAutoEnable: config.guardduty.route !== 'invitation',
      }),
    (done) => ({
      text: `${done.removed.length} cells${done.failed.length ? `, ${done.failed.length} failed` : ''}`,
      mark: done.failed.length ? 'warning' : 'done',
    }),
  );
  return [...failed];
}

async function removeInstances(
  stackSets: readonly ObservedStackSet[],
  { inactive }: Standing,
  work: Work,
): Promise<GarrisonError[]> {
  const { client } = stackTarget(work.operator, work.files.config.homeRegion);
  const { stackSetAccountPercentage: accountPercentage, regionConcurrency, regionOrder } = work.files.config.operations;
  const failures = await Promise.all(
    stackSets
      .filter(({ instances, running }) => instances.length + running.length > 0)
      .map(async (stackSet) => {
        const retain = work.keepGuardDuty && stackSet.stackSet === detectors;
        const outcomes = await work.progress.stage(
          stackSetTitle(stackSet.stackSet),
          (host) => {
            const handle = { stackSet: stackSet.stackSet, client, host };
            const plan = async (observed: ObservedStackSet) =>
              removalPlan(await settled(observed, handle), inactive, retain);
            const preferences = { accountPercentage, regionConcurrency, regionOrder };
            return untilFree(stackSet, handle, async (seen) => applyInstances(await plan(seen), handle, preferences));
          },
          instancesSummary,
        );
        return outcomes.flatMap((outcome) => failureOf(stackSet.stackSet, outcome));
      }),
  );
  return failures.flat();
}

/** The end of a policy takes effect late: what it still holds is tried again for some minutes. */
async function untilFree(
  first: ObservedStackSet,
  handle: StackSetHandle,
  remove: (seen: ObservedStackSet) => Promise<CellOutcome[]>,
): Promise<CellOutcome[]> {
  const outcomes = new Map<string, CellOutcome>();
  let seen = first;
  await poll(
    async () => {
      for (const outcome of await remove(seen)) {
        outcomes.set(`${outcome.accountId}/${outcome.region}`, outcome);
      }
      const held = [...outcomes.values()].some(({ reason = '' }) => /managed by an organization policy/.test(reason));
      seen = held ? await observeStackSet(first.stackSet, handle.client) : seen;
      return held ? undefined : true;
    },
    { first: 200, longest: 15_000, factor: 2, total: 180_000 },
  );
  return [...outcomes.values()];
}

/** Waits for what another run, or one that was killed, has under way, and then looks again. */
async function settled(observed: ObservedStackSet, handle: StackSetHandle): Promise<ObservedStackSet> {
  if (observed.running.length === 0) {
    return observed;
  }
  await waitForRunning(handle);
  return observeStackSet(observed.stackSet, handle.client);
}

/** Every instance goes. Nothing can run in a suspended account: StackSets lets go of what stands there. */
export function removalPlan(
  { stackSet, running, instances, mark }: ObservedStackSet & Pick<StackSetPlan, 'mark'>,
  inactive: ReadonlyMap<string, string>,
  retain: boolean,
): StackSetPlan {
  const byRegions = new Map<string, { accountIds: string[]; regions: string[]; retainStacks: boolean }>();
  for (const accountId of new Set(instances.map((instance) => instance.accountId))) {
    const own = instances.filter((instance) => instance.accountId === accountId);
    const regions = own.map(({ region }) => region).sort();
    const retainStacks = retain || inactive.has(accountId);
    const key = `${regions.join()} ${retainStacks}`;
    const group = byRegions.get(key) ?? { accountIds: [], regions, retainStacks };
    group.accountIds.push(accountId);
    byRegions.set(key, group);
  }
  return {
    stackSet,
    exists: true,
    running,
    operations: [...byRegions.values()].map((group) => ({ kind: 'delete', ...group })),
    cells: instances.map(({ accountId, region }) => ({ accountId, region, action: 'delete' })),
    ...(mark && { mark }),
  };
}

function failureOf(
  stackSet: string,
  { accountId, region, outcome, reason, remedy = '' }: CellOutcome,
): GarrisonError[] {
  return outcome === 'failed'
    ? [new GarrisonError('stackset.instance', `${stackSet}: ${reason}`, remedy, { accountId, region })]
    : [];
}
