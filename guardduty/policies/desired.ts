import { createHash } from 'node:crypto';
import type { Account } from '../../organization/accounts';
import type { Config } from '../../organization/config';
import { isInUnit } from '../../organization/unitPaths';
import { type DesiredGuard, desiredPlans } from '../desired';
import { policyContent } from './content';
import type { DesiredPolicy, PolicyTarget } from './types';

/** Names of our policies begin with this. */
export const policyPrefix = 'garrison-guardduty';

/**
 * The policies that the configuration asks for: one for each target, and one more for each unit or account below a target
 * for which an override says something else. Each names every plan, as a region's block replaces the default.
 *
 * @param guard with the rules that the plans follow from
 * @returns undefined where the route is another: policies are not looked at then
 */
export function desiredPolicies(
  config: Config,
  accounts: readonly Account[],
  guard: DesiredGuard,
): DesiredPolicy[] | undefined {
  if (config.guardduty.route !== 'policy') {
    return undefined;
  }
  const given = config.guardduty.policy.targets.map(targetOf);
  const isCovered = (account: Pick<Account, 'id' | 'ou'>) =>
    given.some((target) => covers(target, account)) && (guard.inside?.has(account.id) ?? true);
  const { overrides } = config.guardduty;
  const units = overrides
    .filter((override) => override.accounts === undefined)
    .flatMap(({ ous = [] }) => ous)
    .filter((path) => given.some((target) => covers(target, { id: '', ou: path })))
    .map((path): PolicyTarget => ({ kind: 'unit', path }));
  const named = new Set(overrides.flatMap((override) => override.accounts ?? []));
  const singles = accounts
    .filter((account) => named.has(account.id) && isCovered(account))
    .map(({ id }): PolicyTarget => ({ kind: 'account', accountId: id }));
  const targets = new Map([...given, ...units, ...singles].map((target) => [policyName(target), target]));
  const ouOf = new Map(accounts.map(({ id, ou }) => [id, ou]));
  return [...targets].map(([name, target]) => ({
    name,
    target,
    content: policyContent(blocksOf(target, config, guard, ouOf)),
  }));
}

/** Whether a policy of ours holds GuardDuty on in an account of the organization. */
export function isHeldByOurPolicy({ guardduty }: Config, account: Pick<Account, 'id' | 'ou'>): boolean {
  return (
    guardduty.route === 'policy' && guardduty.policy.targets.map(targetOf).some((target) => covers(target, account))
  );
}

function targetOf(text: string): PolicyTarget {
  if (text === 'root') {
    return { kind: 'root' };
  }
  return /^\d{12}$/.test(text) ? { kind: 'account', accountId: text } : { kind: 'unit', path: text };
}

/** Whether what is attached to a target holds for an account or a unit. */
function covers(target: PolicyTarget, { id, ou }: Pick<Account, 'id' | 'ou'>): boolean {
  switch (target.kind) {
    case 'root':
      return true;
    case 'unit':
      return isInUnit(ou, target.path);
    case 'account':
      return id === target.accountId;
  }
}

function policyName(target: PolicyTarget): string {
  switch (target.kind) {
    case 'root':
      return policyPrefix;
    case 'unit':
      return unitPolicyName(target.path);
    case 'account':
      return `${policyPrefix}-${target.accountId}`;
  }
}

/** Names have at most 128 characters; paths may be longer. */
function unitPolicyName(path: string): string {
  const name = `${policyPrefix}-${path.replaceAll('/', '.')}`;
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return name.length <= 128 ? name : `${name.slice(0, 111)}-${hash}`;
}

/** With `regions: all` a default, and a block where an override names the region; else a block for each guarded region. */
function blocksOf(
  target: PolicyTarget,
  { regions, guardduty }: Config,
  guard: DesiredGuard,
  ouOf: ReadonlyMap<string, string | undefined>,
) {
  const accountId = target.kind === 'account' ? target.accountId : '';
  const ou = target.kind === 'unit' ? target.path : ouOf.get(accountId);
  const plansIn = (region: string) => desiredPlans(guard, { accountId, ou }, region);
  const special = [...new Set(guardduty.overrides.flatMap((override) => override.regions ?? []))];
  const named = regions === 'all' ? special : regions;
  return {
    ...(regions === 'all' ? { default: plansIn('') } : {}),
    ...Object.fromEntries(named.map((region) => [region, plansIn(region)])),
  };
}
