import type { Cell } from '../organization/accounts';
import type { DesiredGuard, DesiredMember } from './desired';
import { planMember } from './memberPlan';
import { cellKey, type ObservedGuard, type ObservedRegion } from './observed';

/** One change. Plain data: it can be stored, compared and shown. */
export type Change =
  | {
      readonly kind: 'enable-detector';
      readonly accountId: string;
      readonly region: string;
      readonly detectorId: string;
    }
  | {
      readonly kind: 'set-frequency';
      readonly accountId: string;
      readonly region: string;
      readonly detectorId: string;
      readonly from?: string;
      readonly to: DesiredGuard['findingPublishingFrequency'];
    }
  | (OnMembers & { readonly kind: 'delete-members' })
  | (OnMembers & { readonly kind: 'create-members'; readonly members: readonly DesiredMember[] })
  | (OnMembers & { readonly kind: 'invite-members'; readonly emails: boolean })
  | (OnMembers & { readonly kind: 'start-monitoring' })
  | {
      readonly kind: 'accept-invitation';
      readonly accountId: string;
      readonly region: string;
      readonly detectorId: string;
    };

interface OnMembers {
  readonly region: string;
  /** The administrator's detector. */
  readonly detectorId: string;
  readonly accountIds: readonly string[];
}

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
}

/** What is to happen to one member in one region, before the members of a region are put together. */
export interface MemberSteps {
  readonly delete?: boolean;
  readonly create?: boolean;
  readonly invite?: boolean;
  readonly startMonitoring?: boolean;
  /** The member's detector, in which the invitation is accepted. */
  readonly accept?: string;
  /** The member's detector, to be switched on first. */
  readonly enable?: string;
}

/** Compares. Pure: the same desired and observed state give the same plan. */
export function plan(
  desired: DesiredGuard,
  observed: ObservedGuard,
  outOfReach: ReadonlyMap<string, string>,
): GuardPlan {
  const changes: Change[] = [];
  const blocked: Blocked[] = [];
  const guarded = new Set<string>();
  for (const region of desired.regions) {
    const seen = observed.regions.get(region);
    const obstacle = regionObstacle(desired, region, observed);
    const reachable = desired.members.filter(({ accountId }) => !outOfReach.has(cellKey(accountId, region)));
    if (obstacle || !seen?.detector) {
      const cells = [desired.administratorId, ...reachable.map(({ accountId }) => accountId)];
      blocked.push(...cells.map((accountId) => ({ accountId, region, ...(obstacle ?? noDetector) })));
      continue;
    }
    guarded.add(cellKey(desired.administratorId, region));
    const regionChanges = planRegion(desired, seen, seen.detector.id, reachable, { observed, blocked, guarded });
    changes.push(...regionChanges);
    if (
      regionChanges.some((change) => change.kind === 'enable-detector' && change.accountId === desired.administratorId)
    ) {
      guarded.delete(cellKey(desired.administratorId, region));
    }
  }
  return { administratorId: desired.administratorId, changes, blocked, guarded, outOfReach };
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
  for (const member of members) {
    const next = planMember(desired, member, seen, context.observed);
    if (next === 'guarded') {
      context.guarded.add(cellKey(member.accountId, region));
    } else if ('code' in next) {
      context.blocked.push({ accountId: member.accountId, region, ...next });
    } else {
      steps.set(member, next);
    }
  }
  return [...administratorChanges(desired, seen, detectorId), ...memberChanges(desired, region, detectorId, steps)];
}

function administratorChanges(
  desired: DesiredGuard,
  { region, detector }: ObservedRegion,
  detectorId: string,
): Change[] {
  const accountId = desired.administratorId;
  const { findingPublishingFrequency: to } = desired;
  const from = detector?.findingPublishingFrequency;
  return [
    ...(detector?.enabled ? [] : [{ kind: 'enable-detector', accountId, region, detectorId } as const]),
    ...(from === to ? [] : [{ kind: 'set-frequency', accountId, region, detectorId, from, to } as const]),
  ];
}

/** GuardDuty takes 50 accounts a call. Source: GuardDuty API reference, CreateMembers. */
const batchSize = 50;

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
    ...[...steps].flatMap(([{ accountId }, { enable, accept }]) => [
      ...(enable ? [{ kind: 'enable-detector', accountId, region, detectorId: enable } as const] : []),
      ...(accept ? [{ kind: 'accept-invitation', accountId, region, detectorId: accept } as const] : []),
    ]),
  ];
}

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / batchSize) }, (_, index) =>
    items.slice(index * batchSize, (index + 1) * batchSize),
  );
}
