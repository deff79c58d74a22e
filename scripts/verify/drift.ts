import { type DriftReport, detectDrift, observeStackSet } from '../../cloudformation';
import type { Host } from '../../organization/messages';
import { type Rollout, stackTarget } from '../rollout/context';
import { desiredInstances, inOrder, outOfReach, preferencesOf } from '../rollout/desired';

/**
 * Has CloudFormation compare every instance of every stack set with what really stands. Cells in which nothing can run
 * are not missed. Changes nothing; takes as long as a stack set operation.
 */
export async function driftOf(rollout: Rollout, host: Host): Promise<DriftReport[]> {
  const { client } = stackTarget(rollout.operator, rollout.config.homeRegion);
  const stackSets = inOrder(desiredInstances(rollout, outOfReach(rollout, new Map()), []));
  const reports = await Promise.all(
    stackSets.map(async ({ stackSet }) => {
      const { exists, instances } = await observeStackSet(stackSet, client);
      if (!exists || instances.length === 0) {
        return [];
      }
      return [await detectDrift({ stackSet, client, host }, preferencesOf(rollout).accountPercentage)];
    }),
  );
  return reports.flat().map((report) => ({
    ...report,
    unchecked: report.unchecked.filter(({ accountId }) => !rollout.inactive.has(accountId)),
  }));
}

/** Nothing was changed by hand, and every instance could be looked at. */
export function isInSync(reports: readonly DriftReport[]): boolean {
  return reports.every(({ drifted, unchecked }) => drifted.length === 0 && unchecked.length === 0);
}
