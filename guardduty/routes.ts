import type { DesiredGuard, DesiredMember } from './desired';
import { isAdministeredElsewhere, joinsThroughOrganization } from './memberPlan';
import type { ObservedRegion } from './observed';

/** How an account is, or becomes, a member in one region. `policy`: a GuardDuty policy of the organization holds it. */
export type RouteInForce = 'organization' | 'invitation' | 'policy';

/** The routes of a region's members: nearly always they all have one. */
export interface RegionRoutes {
  readonly usual?: RouteInForce;
  /** By account; nothing where the route is not known. */
  readonly others: ReadonlyMap<string, RouteInForce | undefined>;
}

/** The routes of a region's members. */
export function routesOf(desired: DesiredGuard, seen: ObservedRegion, members: readonly DesiredMember[]): RegionRoutes {
  const [first] = members;
  const usual = first && routeOf(desired, seen, first.accountId);
  const others = new Map<string, RouteInForce | undefined>();
  for (const { accountId } of members) {
    const route = routeOf(desired, seen, accountId);
    if (route !== usual) {
      others.set(accountId, route);
    }
  }
  return { ...(usual ? { usual } : {}), others };
}

function routeOf(desired: DesiredGuard, seen: ObservedRegion, accountId: string): RouteInForce | undefined {
  // Of a member GuardDuty tells only its plans, not whether the detector itself is held.
  if (seen.members.get(accountId)?.plans?.managed.length) {
    return 'policy';
  }
  if (joinsThroughOrganization(desired, accountId, seen)) {
    return 'organization';
  }
  const isStuck = desired.route === 'organization' || isAdministeredElsewhere(desired, accountId, seen);
  return isStuck ? undefined : 'invitation';
}

/** The route of one member. */
export function routeIn(routes: RegionRoutes | undefined, accountId: string): RouteInForce | undefined {
  return routes?.others.has(accountId) ? routes.others.get(accountId) : routes?.usual;
}
