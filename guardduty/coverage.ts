import type { Cell } from '../organization/accounts';
import type { DesiredGuard } from './desired';
import { cellKey } from './observed';
import type { GuardPlan } from './plan';

/** One cell: guarded, or the one reason why not. */
export interface CellCoverage extends Cell {
  readonly state: 'guarded' | 'not-guarded' | 'unknown' | 'out-of-reach';
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
    desired.regions.map((region) => {
      const key = cellKey(accountId, region);
      const obstacle = blocked.get(key);
      if (plan.guarded.has(key)) {
        return { accountId, region, state: 'guarded' as const };
      }
      if (plan.outOfReach.has(key)) {
        return {
          accountId,
          region,
          state: 'out-of-reach' as const,
          code: 'cell.outOfReach',
          reason: plan.outOfReach.get(key),
        };
      }
      if (obstacle) {
        const { code, reason, remedy } = obstacle;
        return {
          accountId,
          region,
          state: obstacle.state === 'unread' ? ('unknown' as const) : ('not-guarded' as const),
          code,
          reason,
          remedy,
        };
      }
      return { accountId, region, state: 'not-guarded' as const, ...pending };
    }),
  );
}

const pending = {
  code: 'cell.pending',
  reason: 'not guarded yet',
  remedy: '`garrison apply` does the rest.',
};
