import type { Cell } from '../organization/accounts';
import { autoEnableChanges } from './autoEnablePlan';
import { batches, type Change } from './change';
import type { DesiredGuard, DesiredMember } from './desired';
import { heldByPolicy, isHeldByPolicy } from './managed';
import { delegates, type MemberSteps, planMember } from './memberPlan';
import { cellKey, type ObservedGuard, type ObservedRegion } from './observed';
import { memberPlanChanges, type PlanNote, planNotes, plansToChange } from './plansPlan';
import { type RegionRoutes, routesOf } from './routes';
import { compareSettings } from './settingsPlan';

/** A cell that cannot be guarded by any change of ours. */
export interface Blocked extends Cell {
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  /** `unread`: its state is unknown, and it never counts as guarded. */
  readonly state: 'not-guarded' | 'unread';
}

/** What is to be done, what cannot be, and what is done already. */
export interface GuardPlan {
  readonly administratorId: string;
  readonly changes: readonly Change[];
  readonly blocked: readonly Blocked[];
  /** Keys (`cellKey`) of cells that are guarded as they are. */
  readonly guarded: ReadonlySet<string>;
  /** Keys of cells in which nothing can run, with the reason. */
  readonly outOfReach: ReadonlyMap<string, string>;
  /** What is wanted and not set: plans that are not in the region or held by a policy, settings that others made. */
  readonly notes: readonly PlanNote[];
  /** By region; regions that could not be read are left out. */
  readonly routes: ReadonlyMap<string, RegionRoutes>;
}

/** Compares. Pure: the same desired and observed state give the same plan. */
export function plan(
  desired: DesiredGuard,
  observed: ObservedGuard,
  outOfReach: ReadonlyMap<string, string>,
): GuardPlan {
  const changes: Change[] = [];
  const blocked: Blocked[] = [];
  const notes: PlanNote[] = [];
  const guarded = new Set<string>();
  const routes = new Map<string, RegionRoutes>();
  for (const region of desired.regions) {
    const seen = observed.regions.get(region);
    const obstacle = regionObstacle(desired, region, observed);
    const reachable = desired.members.filter(({ accountId }) => !outOfReach.has(cellKey(accountId, region)));
    if (obstacle || !seen?.detector) {
      const cells = [desired.administratorId, ...reachable.map(({ accountId }) => accountId)];
      blocked.push(...cells.map((accountId) => ({ accountId, region, ...(obstacle ?? noDetector) })));
      continue;
    }
    if (seen.detector.enabled) {
      guarded.add(cellKey(desired.administratorId, region));
    } else if (isHeldByPolicy(seen.detector)) {
      blocked.push({ accountId: desired.administratorId, region, ...heldByPolicy, state: 'not-guarded' });
    }
    routes.set(region, routesOf(desired, seen, reachable));
    changes.push(...planRegion(desired, seen, seen.detector.id, reachable, { observed, blocked, guarded }));
    const settings = compareSettings(desired, seen, seen.detector.id);
    changes.push(...settings.changes);
    notes.push(...planNotes(desired, seen, reachable), ...settings.notes);
  }
  return { administratorId: desired.administratorId, changes, blocked, guarded, outOfReach, notes, routes };
}

type Obstacle = Omit<Blocked, keyof Cell>;

const noDetector: Obstacle = {
  code: 'guardduty.administrator.detector',
  reason: 'the security account has no detector in this region yet',
  remedy: '`garrison apply` creates it by the stack set garrison-detectors.',
  state: 'not-guarded',
};

function regionObstacle(desired: DesiredGuard, region: string, observed: ObservedGuard): Obstacle | undefined {
  const unreadable = observed.unreadable.get(region);
  if (unreadable) {
    return { code: unreadable.code, reason: unreadable.message, remedy: unreadable.remedy, state: 'unread' };
  }
  const memberOf = observed.regions.get(region)?.memberOf;
  if (memberOf && memberOf !== desired.administratorId) {
    return {
      code: 'guardduty.administrator.member',
      reason: `the security account is itself a member of ${memberOf} here, so it cannot be an administrator`,
      remedy: `Disassociate it from ${memberOf}, or name ${memberOf} as the security account.`,
      state: 'not-guarded',
    };
  }
  return undefined;
}

function planRegion(
  desired: DesiredGuard,
  seen: ObservedRegion,
  detectorId: string,
  members: readonly DesiredMember[],
  context: { observed: ObservedGuard; blocked: Blocked[]; guarded: Set<string> },
): Change[] {
  const { region } = seen;
  const steps = new Map<DesiredMember, MemberSteps>();
  const enabled: DesiredMember[] = [];
  for (const member of members) {
    const next = planMember(desired, member, seen, context.observed);
    if (next === 'guarded') {
      context.guarded.add(cellKey(member.accountId, region));
      enabled.push(member);
    } else if ('code' in next) {
      context.blocked.push({ accountId: member.accountId, region, ...next });
    } else {
      steps.set(member, next);
    }
  }
  return [
    ...administratorChanges(desired, seen, detectorId),
    ...memberChanges(desired, region, detectorId, steps),
    ...memberPlanChanges(desired, seen, detectorId, { enabled, joining: [...steps.keys()] }),
  ];
}

function administratorChanges(desired: DesiredGuard, seen: ObservedRegion, detectorId: string): Change[] {
  const { region, detector } = seen;
  const { administratorId: accountId, findingPublishingFrequency: to, managementAccountId } = desired;
  const from = detector?.findingPublishingFrequency;
  const delegated = delegates(desired, seen);
  const plans = plansToChange(desired, { accountId, ou: desired.administratorOu }, seen, detector?.plans);
  return [
    ...(!detector || detector.enabled || isHeldByPolicy(detector)
      ? []
      : [{ kind: 'enable-detector', accountId, region, detectorId } as const]),
    ...(from === to ? [] : [{ kind: 'set-frequency', accountId, region, detectorId, from, to } as const]),
    ...(Object.keys(plans).length === 0 ? [] : [{ kind: 'set-plans', accountId, region, detectorId, plans } as const]),
    ...(delegated && managementAccountId !== undefined
      ? [
          {
            kind: 'delegate-administrator',
            accountId: managementAccountId,
            region,
            administratorId: accountId,
          } as const,
        ]
      : []),
    ...autoEnableChanges(desired, seen, detectorId),
  ];
}

function memberChanges(
  desired: DesiredGuard,
  region: string,
  detectorId: string,
  steps: ReadonlyMap<DesiredMember, MemberSteps>,
): Change[] {
  const having = (step: keyof MemberSteps) =>
    batches([...steps].filter(([, wanted]) => wanted[step]).map(([member]) => member));
  const on = (members: readonly DesiredMember[]) => ({
    region,
    detectorId,
    accountIds: members.map(({ accountId }) => accountId),
  });
  return [
    ...having('delete').map((members) => ({ kind: 'delete-members', ...on(members) }) as const),
    ...having('create').map((members) => ({ kind: 'create-members', ...on(members), members }) as const),
    ...having('invite').map(
      (members) => ({ kind: 'invite-members', ...on(members), emails: desired.invitationEmails }) as const,
    ),
    ...having('startMonitoring').map((members) => ({ kind: 'start-monitoring', ...on(members) }) as const),
    ...[...steps].flatMap(([{ accountId }, { enable, accept, fresh }]) => [
      ...(enable ? [{ kind: 'enable-detector', accountId, region, detectorId: enable } as const] : []),
      ...(accept
        ? [
            {
              kind: 'accept-invitation',
              accountId,
              region,
              detectorId: accept,
              administratorDetectorId: detectorId,
              ...(fresh ? { fresh } : {}),
            } as const,
          ]
        : []),
    ]),
  ];
}
