import { limitedTo } from './change';
import type { GuardPlan } from './plan';

/**
 * The plan as far as it touches some accounts. Delegating the administration stays part of it, as without it none of them
 * could join through the organization.
 */
export function restrictedTo(plan: GuardPlan, accounts: ReadonlySet<string>): GuardPlan {
  const changes = plan.changes.flatMap((change) => {
    const kept =
      change.kind === 'delegate-administrator' ? change : limitedTo(change, ({ accountId }) => accounts.has(accountId));
    return kept ? [kept] : [];
  });
  return { ...plan, changes, blocked: plan.blocked.filter(({ accountId }) => accounts.has(accountId)) };
}
