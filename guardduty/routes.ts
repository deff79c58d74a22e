import type { DesiredGuard, DesiredMember } from './desired';
import { joinsThroughOrganization } from './memberPlan';
import type { ObservedRegion } from './observed';

/** How an account is, or becomes, a member in one region. `policy`: a GuardDuty policy of the organization holds it. */
export type RouteInForce = 'organization' | 'invitation' | 'policy';

/** The routes of a region's members, by account. */
export function routesOf(
  desired: DesiredGuard,
  seen: ObservedRegion,
  members: readonly DesiredMember[],
): Map<string, RouteInForce> {
  const routes = new Map<string, RouteInForce>();
  for (const { accountId } of members) {
    // Of a member GuardDuty tells only its plans, not whether the detector itself is held.
    if (seen.members.get(accountId)?.plans?.managed.length) {
      routes.set(accountId, 'policy');
    } else if (joinsThroughOrganization(desired, accountId, seen)) {
      routes.set(accountId, 'organization');
    } else if (desired.route !== 'organization') {
      routes.set(accountId, 'invitation');
    }
  }
  return routes;
}
