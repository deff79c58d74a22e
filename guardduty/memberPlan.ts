import type { DesiredGuard, DesiredMember } from './desired';
import {
  cellKey,
  type ObservedGuard,
  type ObservedMember,
  type ObservedMemberCell,
  type ObservedRegion,
} from './observed';
import type { Blocked } from './plan';

type Obstacle = Omit<Blocked, 'accountId' | 'region'>;

/** What is to happen to one member in one region, before the members of a region are put together. */
export interface MemberSteps {
  readonly delete?: boolean;
  readonly create?: boolean;
  readonly invite?: boolean;
  readonly startMonitoring?: boolean;
  /** The member's detector, in which the invitation is accepted. */
  readonly accept?: string;
  readonly fresh?: boolean;
  /** The member's detector, to be switched on first. */
  readonly enable?: string;
}

/**
 * What leads one member in one region to `Enabled`: nothing, steps, or the reason why no step of ours does. Each
 * status of GuardDuty's relationship has a branch of its own.
 */
export function planMember(
  desired: DesiredGuard,
  member: DesiredMember,
  seen: ObservedRegion,
  observed: ObservedGuard,
): 'guarded' | MemberSteps | Obstacle {
  const listed = seen.members.get(member.accountId);
  if (listed?.status === 'Enabled') {
    return 'guarded';
  }
  if (listed?.status === 'Disabled') {
    return { startMonitoring: true };
  }
  if (joinsThroughOrganization(desired, member.accountId, seen)) {
    return organizationSteps(listed);
  }
  if (isAdministeredElsewhere(desired, member.accountId, seen)) {
    return administeredElsewhere(seen);
  }
  if (desired.route === 'organization') {
    return notInOrganization(desired, member);
  }
  const key = cellKey(member.accountId, seen.region);
  const unread = observed.unreadableCells.get(key);
  if (unread) {
    return { code: unread.code, reason: unread.message, remedy: unread.remedy, state: 'not-guarded' };
  }
  const cell = observed.cells.get(key);
  return obstacleInMember(desired, cell) ?? stepsFor(member, listed, cell as ObservedMemberCell);
}

/** Whether GuardDuty's administration is to be delegated in a region where it is not yet. */
export function delegates(desired: DesiredGuard, seen: ObservedRegion): boolean {
  const { organization, otherAdministrator, withoutManagement } = seen;
  const asItFits = desired.route === 'auto' || desired.route === 'policy';
  const wanted = desired.route === 'organization' || (asItFits && desired.inside !== undefined);
  const isFree = organization === undefined && otherAdministrator === undefined && !withoutManagement;
  return wanted && isFree && desired.managementAccountId !== undefined;
}

/**
 * Whether the account becomes a member without an invitation. Where GuardDuty is administered for the organization there
 * is no other way for its accounts, whatever route is configured.
 */
export function joinsThroughOrganization(desired: DesiredGuard, accountId: string, seen: ObservedRegion): boolean {
  if (!seen.organization && !delegates(desired, seen)) {
    return false;
  }
  // Nobody could be asked who is inside: only accounts outside stay at Created when they are created.
  return desired.inside?.has(accountId) ?? !atInvitation.test(seen.members.get(accountId)?.status ?? '');
}

/** Whether another account administers GuardDuty for the organization that the account is in: no invitation would help. */
export function isAdministeredElsewhere(desired: DesiredGuard, accountId: string, seen: ObservedRegion): boolean {
  return seen.otherAdministrator !== undefined && (desired.inside?.has(accountId) ?? true);
}

function administeredElsewhere({ otherAdministrator }: ObservedRegion): Obstacle {
  return {
    code: 'guardduty.administrator.other',
    reason: `${otherAdministrator} administers GuardDuty for the organization here`,
    remedy: `Name ${otherAdministrator} as the security account; or take the administration from it, as the management account (guardduty:DisableOrganizationAdminAccount), then run \`garrison apply\` again.`,
    state: 'not-guarded',
  };
}

const atInvitation = /^(Created|Invited|EmailVerification)/;

/** CreateMembers enrols the organization's accounts at once; what is left of an earlier membership is cleared first. */
function organizationSteps(listed: ObservedMember | undefined): MemberSteps {
  return { create: true, ...(listed ? { delete: true } : {}) };
}

function notInOrganization({ inside }: DesiredGuard, { accountId }: DesiredMember): Obstacle {
  return {
    code: 'guardduty.member.outside',
    reason:
      inside === undefined || inside.has(accountId)
        ? 'GuardDuty is not administered for the organization here'
        : 'the account is not in the organization',
    remedy: 'Set guardduty.route to auto: accounts outside are then invited.',
    state: 'not-guarded',
  };
}

function obstacleInMember(desired: DesiredGuard, cell: ObservedMemberCell | undefined): Obstacle | undefined {
  if (!cell?.detector) {
    return {
      code: 'guardduty.member.detector',
      reason: 'the account has no detector in this region',
      remedy: 'See what became of its instance of the stack set garrison-detectors; then run `garrison apply` again.',
      state: 'not-guarded',
    };
  }
  if (cell.administratorId && cell.administratorId !== desired.administratorId) {
    return {
      code: 'guardduty.member.otherAdministrator',
      reason: `the account is a member of another administrator, ${cell.administratorId}`,
      remedy:
        'Disassociate it there (guardduty:DisassociateFromAdministratorAccount); then run `garrison apply` again.',
      state: 'not-guarded',
    };
  }
  return undefined;
}

function stepsFor(
  member: DesiredMember,
  listed: ObservedMember | undefined,
  { detector, fresh }: ObservedMemberCell,
): MemberSteps | Obstacle {
  const detectorId = detector?.id as string;
  const common = {
    accept: detectorId,
    ...(fresh ? { fresh } : {}),
    ...(detector?.enabled === false ? { enable: detectorId } : {}),
  };
  const anew = { delete: true, create: true, invite: true, ...common };
  // GuardDuty verifies the address that the member was created with: another one in accounts.csv needs a new start.
  const corrected = listed?.email !== undefined && listed.email.toLowerCase() !== member.email.toLowerCase();
  switch (listed?.status) {
    case undefined:
      return { create: true, invite: true, ...common };
    case 'Created':
      return corrected ? anew : { invite: true, ...common };
    case 'Invited':
      return common;
    case 'EmailVerificationInProgress':
      return corrected ? anew : common;
    case 'Removed':
    case 'Resigned':
      return anew;
    case 'EmailVerificationFailed':
      return corrected ? anew : emailFailed(member);
    default:
      return {
        code: 'guardduty.member.status',
        reason: `GuardDuty reports the status "${listed?.status}", which Garrison does not know`,
        remedy: 'Look at the member in the console, and report this.',
        state: 'not-guarded',
      };
  }
}

/** The same address would fail again. */
export function emailFailed({ email }: { readonly email: string }): Obstacle {
  return {
    code: 'guardduty.member.email',
    reason: `GuardDuty could not verify ${email}: it is not the account's root e-mail`,
    remedy: 'Correct the row in accounts.csv; then run `garrison apply` again.',
    state: 'not-guarded',
  };
}
