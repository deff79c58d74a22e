import type { Cell } from '../organization/accounts';
import type { DesiredGuard } from './desired';
import { cellKey } from './observed';
import type { GuardPlan } from './plan';
import { type RouteInForce, routeIn } from './routes';

/** One cell: guarded, or the one reason why not. */
export interface CellCoverage extends Cell {
  readonly state: 'guarded' | 'not-guarded' | 'unknown' | 'out-of-reach';
  /** How the account is or becomes a member here; absent for the administrator, and where it is not known. */
  readonly route?: RouteInForce;
  /** Stable identifier of the reason. */
  readonly code?: string;
  readonly reason?: string;
  readonly remedy?: string;
}

/** Every account in every region, in the order of `accounts.csv` with the administrator first. */
export function coverage(desired: DesiredGuard, plan: GuardPlan): CellCoverage[] {
  const blocked = new Map(plan.blocked.map((cell) => [cellKey(cell.accountId, cell.region), cell]));
  const accounts = [desired.administratorId, ...desired.members.map(({ accountId }) => accountId)];
  return accounts.flatMap((accountId) =>
    desired.regions.map((region): CellCoverage => {
      const key = cellKey(accountId, region);
      const isMember = accountId !== desired.administratorId;
      const inForce = isMember ? routeIn(plan.routes.get(region), accountId) : undefined;
      const route = inForce ? { route: inForce } : {};
      const obstacle = blocked.get(key);
      if (plan.guarded.has(key)) {
        return { accountId, region, state: 'guarded', ...route };
      }
      if (plan.outOfReach.has(key)) {
        return {
          accountId,
          region,
          state: 'out-of-reach',
          code: 'cell.outOfReach',
          reason: plan.outOfReach.get(key),
        };
      }
      if (obstacle) {
        const { code, reason, remedy } = obstacle;
        return {
          accountId,
          region,
          state: obstacle.state === 'unread' ? 'unknown' : 'not-guarded',
          ...route,
          code,
          reason,
          remedy,
        };
      }
      return { accountId, region, state: 'not-guarded', ...route, ...pending };
    }),
  );
}

const pending = {
  code: 'cell.pending',
  reason: 'not guarded yet',
  remedy: '`garrison apply` does the rest.',
};
