import type { ObservedStackSet } from '../../cloudformation';
import { listMembers, type RegionMembers } from '../../guardduty/removal';
import { inactiveAmong, type Rollout } from '../rollout/context';
import { observeSecurityStack, observeStackSets } from '../rollout/picture';

/** What stands of some accounts. */
export interface StandingOf {
  /** Where they are our members; regions without any are left out. */
  readonly members: readonly RegionMembers[];
  /** Stack sets with instances in them, with those instances alone. */
  readonly stackSets: readonly ObservedStackSet[];
  /** Those in which nothing can run, and why. */
  readonly inactive: ReadonlyMap<string, string>;
}

/** Looks at what stands of the accounts. Changes nothing. */
export async function observeAccounts(rollout: Rollout, accountIds: ReadonlySet<string>): Promise<StandingOf> {
  const { operator, regions, config, organization } = rollout;
  const [listed, stackSets] = await Promise.all([
    listMembers(operator, regions, config.operations.concurrency),
    observeSecurityStack(rollout).then((stack) => observeStackSets(rollout, stack)),
  ]);
  const members = listed.map((region) => ({
    ...region,
    accountIds: region.accountIds.filter((accountId) => accountIds.has(accountId)),
  }));
  const own = [...stackSets.values()].map((stackSet) => ({
    ...stackSet,
    instances: stackSet.instances.filter(({ accountId }) => accountIds.has(accountId)),
  }));
  const accounts = [...accountIds].map((id) => ({ id }));
  return {
    members: members.filter((region) => region.accountIds.length > 0),
    stackSets: own.filter(({ instances }) => instances.length > 0),
    inactive: inactiveAmong({ accounts }, organization),
  };
}

/** What offboarding would take away, in words; empty when nothing stands. */
export function standingLines({ members, stackSets }: StandingOf, keepDetectors: boolean): string[] {
  const cells = members.reduce((sum, { accountIds }) => sum + accountIds.length, 0);
  return [
    ...(cells > 0
      ? [`- GuardDuty: ${cells} ${cells === 1 ? 'membership' : 'memberships'}; no findings from there any more`]
      : []),
    ...stackSets.map(({ stackSet, instances }) => {
      const what = `${stackSet}: ${instances.length} ${instances.length === 1 ? 'instance' : 'instances'}`;
      if (stackSet !== 'garrison-detectors') {
        return `- ${what}`;
      }
      return keepDetectors ? `  ${what}, let go of: GuardDuty stays on` : `- ${what}: GuardDuty is switched off there`;
    }),
  ];
}
