import type {
  AccountDetail,
  CreateMembersRequest,
  DeleteMembersRequest,
  DisassociateMembersRequest,
  GetMembersRequest,
  ListMembersRequest,
  Member as MemberOutput,
  StartMonitoringMembersRequest,
  StopMonitoringMembersRequest,
  UnprocessedAccount,
} from '@aws-sdk/client-guardduty';
import type { CallContext, Handler } from '../core/service';
import { ensureDetector } from './detectors';
import { invalidInput, unprocessed } from './errors';
import { accountId, accountIds, batch, eachAccount, page } from './input';
import { enrol, release } from './relationships';
import type { Detector, GuardDutyState, Member, RelationshipStatus } from './state';

/** Members that one administrator account may have: by invitation, and as the organization's administrator. */
const memberLimits = { invitation: 5_000, organization: 50_000 };

/** What `OnlyAssociated` leaves out: members not invited yet, and those that are members no more. */
const notAssociated: readonly RelationshipStatus[] = ['Created', 'Removed', 'Resigned', 'EmailVerificationFailed'];

const isAssociated = (member: Member): boolean => member.status === 'Enabled' || member.status === 'Disabled';

function describe(state: GuardDutyState, member: Member, context: CallContext): MemberOutput {
  const detectorId = isAssociated(member) ? state.at(member.accountId, context).detector?.id : undefined;
  return {
    AccountId: member.accountId,
    DetectorId: detectorId,
    MasterId: context.accountId,
    AdministratorId: context.accountId,
    Email: member.email,
    RelationshipStatus: member.status,
    InvitedAt: member.invitedAt?.toISOString(),
    UpdatedAt: member.updatedAt.toISOString(),
  };
}

/** What CreateMembers does for one account: enrols it when the organization's administrator asks for its own. */
interface Creation {
  readonly detector: Detector;
  readonly asOrganization: boolean;
  readonly context: CallContext;
}

/** Why an account cannot be created as a member, if so. */
function obstacle({ detector, asOrganization, context }: Creation, id: string, inside: boolean): string | undefined {
  const limit = asOrganization ? memberLimits.organization : memberLimits.invitation;
  const existing = detector.members.get(id);
  if (id === context.accountId) {
    return unprocessed.itself;
  }
  // Members of the organization that were disassociated come back through CreateMembers, and only so. For those that
  // are members the auto-enable settings are applied again (API reference).
  const again = inside || (existing?.byOrganization && notAssociated.includes(existing.status));
  if (existing) {
    return again ? undefined : unprocessed.alreadyMember;
  }
  return detector.members.size >= limit ? unprocessed.tooMany : undefined;
}

function createMember(state: GuardDutyState, creation: Creation, detail: AccountDetail): string | undefined {
  const { detector, asOrganization, context } = creation;
  const id = accountId(detail.AccountId);
  const inside = asOrganization && state.world.organization.current?.has(id) === true;
  const reason = obstacle(creation, id, inside);
  if (reason !== undefined) {
    return reason;
  }
  if (inside) {
    return enrol(state, id, context);
  }
  detector.members.set(id, {
    accountId: id,
    email: detail.Email as string,
    status: 'Created',
    byOrganization: false,
    updatedAt: state.now(),
  });
  return undefined;
}

function createMembers(state: GuardDutyState): Handler {
  return (input: CreateMembersRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const details = batch('accountDetails', input.AccountDetails);
    for (const detail of details) {
      accountId(detail.AccountId);
      if (!detail.Email || detail.Email.length > 64) {
        throw invalidInput();
      }
    }
    const creation = { detector, asOrganization: state.administersOrganization(context), context };
    const left: UnprocessedAccount[] = [];
    for (const detail of details) {
      const reason = createMember(state, creation, detail);
      if (reason !== undefined) {
        left.push({ AccountId: detail.AccountId, Result: reason });
      }
    }
    return { UnprocessedAccounts: left };
  };
}

function listMembers(state: GuardDutyState): Handler {
  return (input: ListMembersRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const only = input.OnlyAssociated?.toLowerCase() ?? 'true';
    if (only !== 'true' && only !== 'false') {
      throw invalidInput();
    }
    const members = [...detector.members.values()].filter(
      (member) => only === 'false' || !notAssociated.includes(member.status),
    );
    const found = page(members, input);
    return { Members: found.items.map((member) => describe(state, member, context)), NextToken: found.nextToken };
  };
}

function getMembers(state: GuardDutyState): Handler {
  return (input: GetMembersRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const ids = accountIds(input.AccountIds);
    const known = ids.flatMap((id) => detector.members.get(id) ?? []);
    return {
      Members: known.map((member) => describe(state, member, context)),
      ...eachAccount(ids, (id) => (detector.members.has(id) ? undefined : unprocessed.notMember)),
    };
  };
}

/** With auto-enable for ALL, the organization's members stay members and stay on. */
function heldByOrganization(state: GuardDutyState, detector: Detector, member: Member, context: CallContext): boolean {
  return (
    member.byOrganization &&
    isAssociated(member) &&
    detector.organization.autoEnable === 'ALL' &&
    state.administersOrganization(context) &&
    state.world.organization.current?.has(member.accountId) === true
  );
}

type Step = (detector: Detector, member: Member, context: CallContext) => string | undefined;

/** An operation on some of the administrator's members. */
function onMembers(state: GuardDutyState, missing: string, step: Step): Handler {
  return (input: { DetectorId?: string; AccountIds?: string[] }, context) => {
    const detector = state.detector(input.DetectorId, context);
    return eachAccount(accountIds(input.AccountIds), (id) => {
      const member = detector.members.get(id);
      return member ? step(detector, member, context) : missing;
    });
  };
}

function disassociate(state: GuardDutyState): Step {
  return (detector, member, context) => {
    if (heldByOrganization(state, detector, member, context)) {
      return unprocessed.autoEnabledForAll;
    }
    release(state, member, context, 'Removed');
    return undefined;
  };
}

function remove(state: GuardDutyState): Step {
  return (detector, member, context) => {
    if (isAssociated(member)) {
      return unprocessed.stillAssociated;
    }
    state.at(member.accountId, context).invitations.delete(context.accountId);
    detector.members.delete(member.accountId);
    return undefined;
  };
}

function monitor(state: GuardDutyState, on: boolean): Step {
  return (detector, member, context) => {
    if (!isAssociated(member)) {
      return unprocessed.notAssociated;
    }
    if (!on && heldByOrganization(state, detector, member, context)) {
      return unprocessed.autoEnabledForAll;
    }
    ensureDetector(state, { accountId: member.accountId, region: context.region }).enabled = on;
    member.status = on ? 'Enabled' : 'Disabled';
    member.updatedAt = state.now();
    return undefined;
  };
}

/** Operations of an administrator account on its members. */
export function memberOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    CreateMembers: createMembers(state),
    GetMembers: getMembers(state),
    ListMembers: listMembers(state),
    DisassociateMembers: onMembers(state, unprocessed.notMember, disassociate(state)) satisfies (
      input: DisassociateMembersRequest,
      context: CallContext,
    ) => unknown,
    DeleteMembers: onMembers(state, unprocessed.notMember, remove(state)) satisfies (
      input: DeleteMembersRequest,
      context: CallContext,
    ) => unknown,
    StartMonitoringMembers: onMembers(state, unprocessed.notAssociated, monitor(state, true)) satisfies (
      input: StartMonitoringMembersRequest,
      context: CallContext,
    ) => unknown,
    StopMonitoringMembers: onMembers(state, unprocessed.notAssociated, monitor(state, false)) satisfies (
      input: StopMonitoringMembersRequest,
      context: CallContext,
    ) => unknown,
  };
}
