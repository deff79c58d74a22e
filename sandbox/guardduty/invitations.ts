import type {
  AcceptAdministratorInvitationRequest,
  AcceptInvitationRequest,
  DeclineInvitationsRequest,
  DeleteInvitationsRequest,
  DisassociateFromAdministratorAccountRequest,
  GetAdministratorAccountRequest,
  Invitation as InvitationOutput,
  InviteMembersRequest,
  ListInvitationsRequest,
} from '@aws-sdk/client-guardduty';
import type { Site } from '../common/store';
import type { CallContext, Handler } from '../core/service';
import { badRequest, invalidInput, unprocessed } from './errors';
import { accountId, accountIds, eachAccount, page } from './input';
import { release } from './relationships';
import { type GuardDutyState, type Invitation, type Member, newId, type RelationshipStatus } from './state';

/** How long the service takes to find out whether an e-mail address is the account's root user's. */
const verificationMilliseconds = 50;

const invitable: readonly RelationshipStatus[] = ['Created', 'Removed', 'Resigned'];

function describe(invitation: Invitation): InvitationOutput {
  return {
    AccountId: invitation.administratorId,
    InvitationId: invitation.invitationId,
    InvitedAt: invitation.invitedAt.toISOString(),
    RelationshipStatus: invitation.status,
  };
}

/** The invitation arrives when the e-mail address turned out to be the one of the account's root user. */
function verify(state: GuardDutyState, member: Member, administrator: Site): void {
  if (member.status !== 'EmailVerificationInProgress') {
    return;
  }
  const account = state.world.accounts.get(member.accountId);
  member.updatedAt = state.now();
  if (account?.email.toLowerCase() !== member.email.toLowerCase()) {
    member.status = 'EmailVerificationFailed';
    return;
  }
  member.status = 'Invited';
  state.regions
    .at({ accountId: member.accountId, region: administrator.region })
    .invitations.set(administrator.accountId, {
      administratorId: administrator.accountId,
      invitationId: newId(),
      invitedAt: member.invitedAt ?? state.now(),
      status: 'Invited',
    });
}

function invite(state: GuardDutyState, member: Member | undefined, id: string, context: CallContext) {
  if (id === context.accountId) {
    return unprocessed.inviteItself;
  }
  if (!member) {
    return unprocessed.notMember;
  }
  if (state.regions.at(context).administrator) {
    return unprocessed.currentIsMember;
  }
  if (!invitable.includes(member.status)) {
    return unprocessed.alreadyInvited;
  }
  if (member.byOrganization && state.world.organization.current?.has(id)) {
    return unprocessed.organizationMember;
  }
  const site = { accountId: context.accountId, region: context.region };
  member.status = 'EmailVerificationInProgress';
  member.invitedAt = state.now();
  member.updatedAt = state.now();
  state.world.later(verificationMilliseconds, () => verify(state, member, site));
  return undefined;
}

function inviteMembers(state: GuardDutyState): Handler {
  return (input: InviteMembersRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    return eachAccount(accountIds(input.AccountIds), (id) => invite(state, detector.members.get(id), id, context));
  };
}

/** The standing invitation, or the reason in the service's words why it cannot be accepted. */
function acceptable(state: GuardDutyState, administratorId: string, context: CallContext): Invitation {
  const region = state.regions.at(context);
  if (region.administrator) {
    throw badRequest(
      'The request is rejected because the current account cannot accept invitations since it is already an associated member of some master account.',
    );
  }
  if ((region.detector?.members.size ?? 0) > 0) {
    throw badRequest(
      'The request is rejected because the current account cannot accept invitations since it still has created, invited or associated members.',
    );
  }
  const invitation = region.invitations.get(administratorId);
  if (!invitation) {
    throw badRequest(unprocessed.noInvitation);
  }
  if (state.at(administratorId, context).administrator) {
    throw badRequest(
      'The request is rejected because the current account cannot accept invitation from the given account ID since the latter is an associated member of another master account.',
    );
  }
  return invitation;
}

function accept(state: GuardDutyState, administrator: string | undefined, invitationId: string, context: CallContext) {
  const administratorId = accountId(administrator);
  const invitation = acceptable(state, administratorId, context);
  const host = state.at(administratorId, context).detector;
  const member = host?.members.get(context.accountId);
  if (invitation.invitationId !== invitationId || !host || !member) {
    throw badRequest(unprocessed.noInvitation);
  }
  invitation.status = 'Enabled';
  const region = state.regions.at(context);
  region.administrator = { ...invitation, byOrganization: false };
  member.status = region.detector?.enabled ? 'Enabled' : 'Disabled';
  member.updatedAt = state.now();
  if (region.detector) {
    region.detector.frequency = host.frequency;
  }
  return {};
}

function decline(state: GuardDutyState): Handler {
  return (input: DeclineInvitationsRequest, context) =>
    eachAccount(accountIds(input.AccountIds), (id) => {
      const invitation = state.regions.at(context).invitations.get(id);
      if (invitation?.status !== 'Invited') {
        return unprocessed.noInvitation;
      }
      invitation.status = 'Resigned';
      const member = state.at(id, context).detector?.members.get(context.accountId);
      if (member) {
        member.status = 'Resigned';
        member.updatedAt = state.now();
      }
      return undefined;
    });
}

function deleteInvitations(state: GuardDutyState): Handler {
  return (input: DeleteInvitationsRequest, context) =>
    eachAccount(accountIds(input.AccountIds), (id) => {
      const { invitations } = state.regions.at(context);
      const invitation = invitations.get(id);
      if (!invitation) {
        return unprocessed.noInvitation;
      }
      if (invitation.status !== 'Resigned') {
        return unprocessed.invitationInUse;
      }
      invitations.delete(id);
      return undefined;
    });
}

function resign(state: GuardDutyState): Handler {
  return (input: DisassociateFromAdministratorAccountRequest, context) => {
    state.detector(input.DetectorId, context);
    const { administrator } = state.regions.at(context);
    if (!administrator) {
      throw badRequest('The request is rejected because the current account is not associated to a master account.');
    }
    if (administrator.byOrganization && state.world.organization.current?.has(context.accountId)) {
      throw badRequest(
        'The request is rejected because the current account is a member of its master account through AWS Organizations.',
      );
    }
    const site = { accountId: administrator.administratorId, region: context.region };
    const member = state.regions.at(site).detector?.members.get(context.accountId);
    if (member) {
      release(state, member, site, 'Resigned');
    }
    state.regions.at(context).administrator = undefined;
    return {};
  };
}

function administratorOf(state: GuardDutyState, input: GetAdministratorAccountRequest, context: CallContext) {
  state.detector(input.DetectorId, context);
  const { administrator } = state.regions.at(context);
  if (!administrator) {
    return undefined;
  }
  const member = state.at(administrator.administratorId, context).detector?.members.get(context.accountId);
  return { ...describe(administrator), RelationshipStatus: member?.status ?? administrator.status };
}

/** Operations around invitations: the administrator's one, and the member's. */
export function invitationOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    InviteMembers: inviteMembers(state),
    AcceptAdministratorInvitation: (input: AcceptAdministratorInvitationRequest, context) => {
      state.detector(input.DetectorId, context);
      return accept(state, input.AdministratorId, requiredText(input.InvitationId), context);
    },
    AcceptInvitation: (input: AcceptInvitationRequest, context) => {
      state.detector(input.DetectorId, context);
      return accept(state, input.MasterId, requiredText(input.InvitationId), context);
    },
    DeclineInvitations: decline(state),
    DeleteInvitations: deleteInvitations(state),
    ListInvitations: (input: ListInvitationsRequest, context) => {
      const found = page([...state.regions.at(context).invitations.values()], input);
      return { Invitations: found.items.map(describe), NextToken: found.nextToken };
    },
    GetInvitationsCount: (_input: unknown, context) => {
      const { administrator, invitations } = state.regions.at(context);
      const open = [...invitations.keys()].filter((id) => id !== administrator?.administratorId);
      return { InvitationsCount: open.length };
    },
    DisassociateFromAdministratorAccount: resign(state),
    DisassociateFromMasterAccount: resign(state),
    GetAdministratorAccount: (input: GetAdministratorAccountRequest, context) => ({
      Administrator: administratorOf(state, input, context),
    }),
    GetMasterAccount: (input: GetAdministratorAccountRequest, context) => ({
      Master: administratorOf(state, input, context),
    }),
  };
}

function requiredText(value: string | undefined): string {
  if (!value) {
    throw invalidInput();
  }
  return value;
}
