import { GarrisonError, type Place } from '../organization/errors';
import type { ObservedDetector } from './observed';

const foundations = ['CLOUD_TRAIL', 'DNS_LOGS', 'FLOW_LOGS'];

/** GuardDuty refuses changes of what an organization policy holds; it has no code for it, only a sentence. */
export function isManagedByPolicy(sentence: string): boolean {
  return /managed by (an )?(aws )?organizations? policy/i.test(sentence);
}

/** Whether an organization policy decides if this detector is on. */
export function isHeldByPolicy({ plans }: ObservedDetector): boolean {
  return foundations.some((name) => plans?.managed.includes(name));
}

/** Why a detector stays off. */
export const heldByPolicy = {
  code: 'guardduty.managedByPolicy',
  reason: 'managed by policy: a GuardDuty policy of the organization holds the detector off',
  remedy: 'Change the GuardDuty policy that is attached to the account, or to a unit above it.',
} as const;

/** The refusal of a change that a policy does not allow. */
export function policyRefusal(place: Place, cause: unknown): GarrisonError {
  const { code, reason, remedy } = heldByPolicy;
  return new GarrisonError(code, reason, remedy, place, { cause });
}
