import type { Cell } from '../organization/accounts';
import { batches, type ChangeOf } from './change';
import { type DesiredGuard, type DesiredMember, desiredPlans } from './desired';
import { type Features, missingFeatures } from './features';
import type { ObservedPlans, ObservedRegion } from './observed';

/** A protection plan that is wanted and that nobody can set in a cell, or a setting of the administrator that others have to mend. */
export interface PlanNote extends Cell {
  /** As in `Features`; a setting such as `filter known-scanner`. */
  readonly plan: string;
  readonly code:
    | 'guardduty.plan.unavailable'
    | 'guardduty.plan.managedByPolicy'
    | 'guardduty.setting.foreign'
    | 'guardduty.destination.refused';
}

/** What has to change in one detector: only plans that exist in the region and that no policy holds. */
export function plansToChange(
  desired: DesiredGuard,
  member: Pick<DesiredMember, 'accountId' | 'ou'>,
  seen: ObservedRegion,
  observed: ObservedPlans | undefined,
): Features {
  const wanted = available(desiredPlans(desired, member, seen.region), seen);
  return missingFeatures(wanted, observed?.features ?? {}, observed?.managed);
}

/** The administrator's own detector lists every plan that the region has. */
function available(wanted: Features, { detector }: ObservedRegion): Features {
  const existing = detector?.plans?.features;
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => existing === undefined || key in existing));
}

/** The administrator sets its members' plans: those that differ, and those of members that join in this run. */
export function memberPlanChanges(
  desired: DesiredGuard,
  seen: ObservedRegion,
  detectorId: string,
  members: { readonly enabled: readonly DesiredMember[]; readonly joining: readonly DesiredMember[] },
): ChangeOf<'set-member-plans'>[] {
  const groups = new Map<string, { plans: Features; accountIds: string[] }>();
  for (const member of [...members.enabled, ...members.joining]) {
    const observed = seen.members.get(member.accountId)?.plans;
    const plans = plansToChange(desired, member, seen, observed);
    if (Object.keys(plans).length > 0) {
      const key = JSON.stringify(plans);
      const group = groups.get(key) ?? { plans, accountIds: [] };
      group.accountIds.push(member.accountId);
      groups.set(key, group);
    }
  }
  return [...groups.values()].flatMap(({ plans, accountIds }) =>
    batches(accountIds).map(
      (batch) => ({ kind: 'set-member-plans', region: seen.region, detectorId, accountIds: batch, plans }) as const,
    ),
  );
}

/** Wanted plans that will not come, so that nothing is left out without saying so. */
export function planNotes(desired: DesiredGuard, seen: ObservedRegion, members: readonly DesiredMember[]): PlanNote[] {
  const { region, detector } = seen;
  const cells = [
    { accountId: desired.administratorId, ou: desired.administratorOu, observed: detector?.plans },
    ...members.map(({ accountId, ou }) => ({ accountId, ou, observed: seen.members.get(accountId)?.plans })),
  ];
  return cells.flatMap(({ accountId, ou, observed }) => {
    const wanted = desiredPlans(desired, { accountId, ou }, region);
    const exists = available(wanted, seen);
    return Object.keys(wanted).flatMap((plan): PlanNote[] => {
      if (!(plan in exists)) {
        // What does not exist is off already.
        return wanted[plan] === 'ENABLED' ? [{ accountId, region, plan, code: 'guardduty.plan.unavailable' }] : [];
      }
      const held = observed?.managed.includes(plan) && observed.features[plan] !== wanted[plan];
      return held ? [{ accountId, region, plan, code: 'guardduty.plan.managedByPolicy' }] : [];
    });
  });
}
