import { applyInstances } from './apply';
import { observeStackSet, withOverrides } from './observe';
import { type StackSetHandle, waitForRunning } from './operations';
import { planInstances } from './plan';
import type { CellOutcome, DesiredInstances, OperationPreferences, StackSetPlan } from './types';

/** What reconciling did. */
export interface Reconciliation {
  readonly plan: StackSetPlan;
  readonly outcomes: readonly CellOutcome[];
}

/** Plans a stack set's instances from what stands now. Reads only. */
export async function planStackSet(
  desired: DesiredInstances,
  { client }: Pick<StackSetHandle, 'client'>,
): Promise<StackSetPlan> {
  const observed = await observeStackSet(desired.stackSet, client);
  const compared = desired.overrides ? await withOverrides(observed, client) : observed;
  return planInstances(desired, compared);
}

/**
 * Waits for what is under way, then brings a stack set's instances to what they are to be. A second run finds nothing
 * left. Throws as `applyInstances` does.
 */
export async function reconcileStackSet(
  desired: DesiredInstances,
  handle: Omit<StackSetHandle, 'stackSet'>,
  preferences: OperationPreferences,
): Promise<Reconciliation> {
  const own = { ...handle, stackSet: desired.stackSet };
  const before = await observeStackSet(desired.stackSet, handle.client);
  if (before.running.length > 0) {
    await waitForRunning(own);
  }
  const plan = await planStackSet(desired, handle);
  return { plan, outcomes: await applyInstances(plan, own, preferences) };
}
