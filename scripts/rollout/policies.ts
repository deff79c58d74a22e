import {
  applyPolicies,
  desiredPolicies,
  type PolicyOutcome,
  type PolicyPlan,
  planPolicies,
  readPolicies,
} from '../../guardduty';
import { GarrisonError } from '../../organization/errors';
import type { Rollout } from './context';
import { desiredGuardOf } from './desired';

/** What a run did about the organization's policies, and what it could not. */
export interface PolicyResults extends PolicyOutcome {
  /** Policies that are no concern of a run: another route, or a run for some accounts. */
  readonly skipped?: boolean;
}

/** The plan for GuardDuty policies; undefined where the route is another, and in runs for some accounts alone. */
export async function observePolicies(rollout: Rollout): Promise<PolicyPlan | undefined> {
  const wanted = rollout.only ? undefined : desiredPolicies(rollout.config, rollout.accounts, desiredGuardOf(rollout));
  if (!wanted) {
    return undefined;
  }
  const management = rollout.members.of(rollout.config.managementAccount);
  try {
    return planPolicies(wanted, await readPolicies(management, wanted));
  } catch (error) {
    // Before the first `apply` with this route the role may not ask yet.
    if (!(error instanceof GarrisonError)) {
      throw error;
    }
    const { code, message, remedy } = error;
    return { changes: [], problems: [{ code, reason: `GuardDuty policies cannot be read: ${message}`, remedy }] };
  }
}

/** Writes and attaches the policies: after the administration is delegated, so that they enrol accounts under ours. */
export async function reconcilePolicies(rollout: Rollout): Promise<PolicyResults> {
  const plan = await observePolicies(rollout);
  if (!plan) {
    return { done: [], failed: [], skipped: true };
  }
  const management = rollout.members.of(rollout.config.managementAccount);
  const { done, failed } = await applyPolicies(plan, management);
  const place = { accountId: management.accountId };
  const problems = plan.problems.map(({ code, reason, remedy }) => new GarrisonError(code, reason, remedy, place));
  return { done, failed: [...failed, ...problems] };
}
