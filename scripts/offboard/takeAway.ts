import { type ObservedStackSet, reconcileStackSet } from '../../cloudformation';
import { removeMembers } from '../../guardduty/removal';
import { GarrisonError } from '../../organization/errors';
import { type Rollout, stackTarget } from '../rollout/context';
import { preferencesOf } from '../rollout/desired';
import { instancesSummary, stackSetTitle } from '../rollout/stages';
import type { Progress } from '../views/progress';
import type { StandingOf } from './standing';

/** What became of it. */
export interface TakenAway {
  /** Cells whose membership ended. */
  readonly members: number;
  readonly instances: readonly { readonly stackSet: string; readonly removed: number }[];
  readonly errors: readonly GarrisonError[];
}

interface Work {
  readonly rollout: Rollout;
  readonly keepDetectors: boolean;
  readonly progress: Progress;
}

/**
 * Memberships end before detectors go, and the member role goes last. An account in which something failed keeps what
 * depends on it for the next run.
 */
export async function takeAway(accountIds: readonly string[], standing: StandingOf, work: Work): Promise<TakenAway> {
  const { removed, failed } = await forgetMembers(standing, work);
  const last = 'garrison-member-roles';
  const others = standing.stackSets.filter(({ stackSet }) => stackSet !== last);
  const first = await removeInstances(without(accountIds, failed), others, standing, work);
  const roles = standing.stackSets.filter(({ stackSet }) => stackSet === last);
  const left = without(accountIds, [...failed, ...first.errors]);
  const second = await removeInstances(left, roles, standing, work);
  return {
    members: removed.length,
    instances: [...first.instances, ...second.instances],
    errors: [...failed, ...first.errors, ...second.errors],
  };
}

/** A failure that names no account concerns them all. */
function without(accountIds: readonly string[], errors: readonly GarrisonError[]): string[] {
  return errors.some(({ place }) => place.accountId === undefined)
    ? []
    : accountIds.filter((id) => !errors.some(({ place }) => place.accountId === id));
}

async function forgetMembers({ members }: StandingOf, { rollout, progress }: Work) {
  if (members.length === 0) {
    return { removed: [], failed: [] };
  }
  return progress.stage(
    'GuardDuty members',
    // Which accounts GuardDuty enrols by itself is the organization's matter, not that of the few that leave.
    () =>
      removeMembers(rollout.operator, members, {
        concurrency: rollout.config.operations.concurrency,
        endAutoEnable: false,
      }),
    ({ removed, failed }) => ({
      text: `${removed.length} cells${failed.length ? `, ${failed.length} failed` : ''}`,
      mark: failed.length ? 'warning' : 'done',
    }),
  );
}

async function removeInstances(
  accountIds: readonly string[],
  stackSets: readonly ObservedStackSet[],
  { inactive }: StandingOf,
  work: Work,
): Promise<Pick<TakenAway, 'instances' | 'errors'>> {
  // Nothing can run in a suspended account: StackSets lets go of what stands there.
  const groups = [accountIds.filter((id) => !inactive.has(id)), accountIds.filter((id) => inactive.has(id))];
  const done = await Promise.all(
    stackSets.map(async ({ stackSet }) => {
      const outcomes = [];
      for (const [index, group] of groups.entries()) {
        if (group.length > 0) {
          const keep = work.keepDetectors && stackSet === 'garrison-detectors';
          outcomes.push(...(await removeGroup(stackSet, group, index === 1 || keep, work)));
        }
      }
      return { stackSet, outcomes };
    }),
  );
  return {
    instances: done.map(({ stackSet, outcomes }) => ({
      stackSet,
      removed: outcomes.filter(({ outcome }) => outcome === 'done').length,
    })),
    errors: done.flatMap(({ stackSet, outcomes }) =>
      outcomes
        .filter(({ outcome }) => outcome === 'failed')
        .map(
          ({ accountId, region, reason, remedy = '' }) =>
            new GarrisonError('stackset.instance', `${stackSet}: ${reason}`, remedy, { accountId, region }),
        ),
    ),
  };
}

async function removeGroup(stackSet: string, group: readonly string[], retain: boolean, { rollout, progress }: Work) {
  const { client } = stackTarget(rollout.operator, rollout.config.homeRegion);
  const { outcomes } = await progress.stage(
    stackSetTitle(stackSet),
    (host) =>
      reconcileStackSet(
        { stackSet, cells: [], only: new Set(group), removal: retain ? 'retain' : 'delete' },
        { client, host },
        preferencesOf(rollout),
      ),
    (reconciled) => instancesSummary(reconciled.outcomes),
  );
  return outcomes;
}
