import type { ChangeOf } from './change';
import type { DesiredGuard } from './desired';
import { delegates } from './memberPlan';
import type { ObservedRegion } from './observed';

/** Which accounts, and which of their plans, GuardDuty is to switch on by itself, where that differs. */
export function autoEnableChanges(
  desired: DesiredGuard,
  seen: ObservedRegion,
  detectorId: string,
): ChangeOf<'set-auto-enable'>[] {
  const { administratorId: accountId, autoEnable, autoEnablePlans = {} } = desired;
  const { region, organization, detector } = seen;
  if (!organization && !delegates(desired, seen)) {
    return [];
  }
  const standing = organization?.plans ?? {};
  // The administrator's own detector lists every plan that the region has.
  const exists = detector?.plans?.features ?? standing;
  const differing = Object.entries(autoEnablePlans).filter(
    ([key, value]) => key in exists && (standing[key] ?? 'NONE') !== value,
  );
  const from = organization?.autoEnable;
  // The call has to say both: what is not configured stays.
  const to = autoEnable ?? from ?? 'NONE';
  if (to === (from ?? 'NONE') && differing.length === 0) {
    return [];
  }
  return [
    {
      kind: 'set-auto-enable',
      accountId,
      region,
      detectorId,
      ...(from ? { from } : {}),
      to,
      ...(differing.length > 0 ? { plans: Object.fromEntries(differing), standing } : {}),
    },
  ];
}
