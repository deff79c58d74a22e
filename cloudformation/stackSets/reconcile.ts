import { applyInstances } from './apply';
import { observeStackSet, withOverrides } from './observe';
import { type StackSetHandle, waitForRunning } from './operations';
import { planInstances } from './plan';
import type { CellOutcome, DesiredInstances, ObservedStackSet, OperationPreferences, StackSetPlan } from './types';

/** What reconciling did. */
export interface Reconciliation {
  readonly plan: StackSetPlan;
  readonly outcomes: readonly CellOutcome[];
}

/** Plans a stack set's instances from what stands now, or from what was seen of it a moment ago. Reads only. */
export async function planStackSet(
  desired: DesiredInstances,
  { client }: Pick<StackSetHandle, 'client'>,
  seen?: ObservedStackSet,
): Promise<StackSetPlan> {
  const observed = seen ?? (await observeStackSet(desired.stackSet, client));
  const compared = desired.overrides ? await withOverrides(observed, client) : observed;
  return planInstances(desired, compared);
}

/**
 * Waits for what is under way, then brings a stack set's instances to what they are to be. A second run finds nothing
 * left, and with what was `seen` a moment ago it makes no call to find that. Throws as `applyInstances` does.
 */
export async function reconcileStackSet(
  desired: DesiredInstances,
  handle: Omit<StackSetHandle, 'stackSet'>,
  preferences: OperationPreferences,
  seen?: ObservedStackSet,
): Promise<Reconciliation> {
  const own = { ...handle, stackSet: desired.stackSet };
  const before = seen ?? (await observeStackSet(desired.stackSet, handle.client));
  if (before.running.length > 0) {
    await waitForRunning(own);
  }
  const plan = await planStackSet(desired, handle, before.running.length > 0 ? undefined : before);
  return { plan, outcomes: await applyInstances(plan, own, preferences) };
}
