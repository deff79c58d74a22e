import type { DesiredInstances, OperationPreferences } from '../../cloudformation';
import { cellKey, type DesiredGuard, desiredGuard, desiredSettings } from '../../guardduty';
import type { Cell } from '../../organization/accounts';
import { enabledResponders } from '../../organization/config/responders';
import { ownStackSets, regionsOfOwn } from '../../organization/ownStackSets';
import { stackSetNames } from '../../stacks/model';
import type { Rollout } from './context';
import { detectionRegions, detectionRuleStackSet } from './detections';

/** Why nothing can run in a cell: by `cellKey`. */
export type OutOfReach = ReadonlyMap<string, string>;

/** Cells of suspended accounts, and of regions that an account has not enabled as far as it was asked. */
export function outOfReach(rollout: Rollout, disabled: ReadonlyMap<string, ReadonlySet<string>>): OutOfReach {
  const reasons = new Map<string, string>();
  for (const { id } of rollout.accounts) {
    for (const region of rollout.regions) {
      const inactive = rollout.inactive.get(id);
      if (inactive) {
        reasons.set(cellKey(id, region), inactive);
      } else if (disabled.get(id)?.has(region)) {
        reasons.set(cellKey(id, region), 'the region is not enabled in the account');
      }
    }
  }
  return reasons;
}

/** Instances of the stack sets as they are to be. Names: docs/architecture.md. */
export interface DesiredStackSets {
  readonly memberRoles: DesiredInstances;
  readonly detectors: DesiredInstances;
  /** Those that stand on neither: event rules, where detections are rolled out their rules, and the user's own. */
  readonly others: readonly DesiredInstances[];
}

/** All of them, in the order in which they are rolled out. */
export function inOrder({ memberRoles, detectors, others }: DesiredStackSets): DesiredInstances[] {
  return [memberRoles, detectors, ...others];
}

/** Instances of the stack sets as they are to be, without what nobody can reach. */
export function desiredInstances(
  rollout: Rollout,
  unreachable: OutOfReach,
  adopted: readonly Cell[],
): DesiredStackSets {
  const { config, regions } = rollout;
  const all = rollout.accounts.map(({ id }) => id);
  const others = all.filter((id) => id !== config.securityAccount);
  const instances = (stackSet: string, accountIds: readonly string[], where: readonly string[]): DesiredInstances => {
    const touched = accountIds.filter((id) => rollout.only?.has(id) ?? true);
    const cells = touched.flatMap((accountId) => where.map((region) => ({ accountId, region })));
    const blocked = cells.flatMap((cell) => {
      const reason = rollout.inactive.get(cell.accountId) ?? unreachable.get(cellKey(cell.accountId, cell.region));
      return reason ? [{ ...cell, reason, remedy: reasonRemedy(reason) }] : [];
    });
    return {
      stackSet,
      cells,
      blocked,
      removal: config.operations.removedAccounts,
      ...(rollout.only ? { only: rollout.only } : {}),
    };
  };
  const withRules = detectionRegions(rollout);
  return {
    memberRoles: instances('garrison-member-roles', others, [config.homeRegion]),
    detectors: { ...instances('garrison-detectors', all, regions), adopted },
    others: [
      instances('garrison-event-rules', [config.securityAccount], regions),
      ...(withRules.length > 0 ? [instances(detectionRuleStackSet, all, withRules)] : []),
      ...(enabledResponders(config.responders).length > 0
        ? [instances(stackSetNames.responderRoles, all, [config.homeRegion])]
        : []),
      ...ownStackSets(config, rollout.accounts, rollout.paths.config).map((own) => ({
        ...instances(own.name, own.accountIds, regionsOfOwn(own, { homeRegion: config.homeRegion, guarded: regions })),
        ...(own.overrides && { overrides: own.overrides }),
      })),
    ],
  };
}

function reasonRemedy(reason: string): string {
  return reason.startsWith('the region')
    ? 'Enable the region in the account, or leave it out of `regions`.'
    : 'Nothing can run there. Take the row out of accounts.csv once the account is gone.';
}

/** GuardDuty as it is to be. `findingsKeyArn` is the key that findings are exported with, once its stack stands. */
export function desiredGuardOf(rollout: Rollout, findingsKeyArn?: string): DesiredGuard {
  const { config, accounts, regions, organization, only, paths } = rollout;
  const inside = organization && new Set(organization.map(({ id }) => id));
  const touched = accounts.filter(({ id }) => only?.has(id) ?? true);
  // The administrator's own settings are not part of a run for some accounts.
  const settings = only ? undefined : desiredSettings(config, paths.config, findingsKeyArn);
  return desiredGuard(config, touched, regions, inside, settings);
}

/** How stack set operations go about their work. */
export function preferencesOf({ config }: Rollout): OperationPreferences {
  return {
    accountPercentage: config.operations.stackSetAccountPercentage,
    regionConcurrency: config.operations.regionConcurrency,
    regionOrder: config.operations.regionOrder,
  };
}
