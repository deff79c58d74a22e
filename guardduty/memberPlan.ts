import type { DesiredGuard, DesiredMember } from './desired';
import { cellKey, type ObservedGuard, type ObservedMemberCell, type ObservedRegion } from './observed';
import type { Blocked, MemberSteps } from './plan';

type Obstacle = Omit<Blocked, 'accountId' | 'region'>;

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
  const key = cellKey(member.accountId, seen.region);
  const unread = observed.unreadableCells.get(key);
  if (unread) {
    return { code: unread.code, reason: unread.message, remedy: unread.remedy, state: 'not-guarded' };
  }
  const cell = observed.cells.get(key);
  return obstacleInMember(desired, cell) ?? stepsFor(member, listed, cell as ObservedMemberCell);
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
  listed: { readonly status: string; readonly email?: string } | undefined,
  cell: ObservedMemberCell,
): MemberSteps | Obstacle {
  const detectorId = cell.detector?.id as string;
  const common = { accept: detectorId, ...(cell.detector?.enabled ? {} : { enable: detectorId }) };
  switch (listed?.status) {
    case undefined:
      return { create: true, invite: true, ...common };
    case 'Created':
      return { invite: true, ...common };
    case 'Invited':
    case 'EmailVerificationInProgress':
      return common;
    case 'Disabled':
      return { startMonitoring: true };
    case 'Removed':
    case 'Resigned':
      return { delete: true, create: true, invite: true, ...common };
    case 'EmailVerificationFailed':
      return emailFailed(member, listed.email, common);
    default:
      return {
        code: 'guardduty.member.status',
        reason: `GuardDuty reports the status "${listed?.status}", which Garrison does not know`,
        remedy: 'Look at the member in the console, and report this.',
        state: 'not-guarded',
      };
  }
}

/** The same address would fail again; another one in accounts.csv deserves a new try. */
function emailFailed(member: DesiredMember, email: string | undefined, common: MemberSteps): MemberSteps | Obstacle {
  if (email !== undefined && email.toLowerCase() !== member.email.toLowerCase()) {
    return { delete: true, create: true, invite: true, ...common };
  }
  return {
    code: 'guardduty.member.email',
    reason: `GuardDuty could not verify ${member.email}: it is not the account's root e-mail`,
    remedy: 'Correct the row in accounts.csv; then run `garrison apply` again.',
    state: 'not-guarded',
  };
}
