import {
  CreateMembersCommand,
  DeleteMembersCommand,
  GuardDutyClient,
  InviteMembersCommand,
  type MemberFeaturesConfiguration,
  StartMonitoringMembersCommand,
  type UnprocessedAccount,
  UpdateMemberDetectorsCommand,
} from '@aws-sdk/client-guardduty';
import { GarrisonError } from '../organization/errors';
import { explain } from '../organization/failures';
import type { Session } from '../organization/sessions';
import type { Change, ChangeOf } from './change';
import { featureRequests } from './features';
import { isManagedByPolicy } from './managed';

/** An account of a batch that GuardDuty left out, and why. */
export interface Unprocessed {
  readonly accountId: string;
  readonly error: GarrisonError;
}

/** Makes accounts members, up to 50 a call. An account that is one already is no failure. */
export async function createMembers(session: Session, change: ChangeOf<'create-members'>): Promise<Unprocessed[]> {
  const AccountDetails = change.members.map(({ accountId, email }) => ({ AccountId: accountId, Email: email }));
  return send(session, change, 'guardduty:CreateMembers', (client) =>
    client.send(new CreateMembersCommand({ DetectorId: change.detectorId, AccountDetails })),
  );
}

/** Invites members, up to 50 a call, without e-mails unless they were asked for. */
export async function inviteMembers(session: Session, change: ChangeOf<'invite-members'>): Promise<Unprocessed[]> {
  return send(session, change, 'guardduty:InviteMembers', (client) =>
    client.send(
      new InviteMembersCommand({
        DetectorId: change.detectorId,
        AccountIds: [...change.accountIds],
        DisableEmailNotification: !change.emails,
      }),
    ),
  );
}

/** Forgets members, so that they can be created anew. */
export async function deleteMembers(session: Session, change: ChangeOf<'delete-members'>): Promise<Unprocessed[]> {
  return send(session, change, 'guardduty:DeleteMembers', (client) =>
    client.send(new DeleteMembersCommand({ DetectorId: change.detectorId, AccountIds: [...change.accountIds] })),
  );
}

/** Switches monitoring of suspended members on again. */
export async function startMonitoring(session: Session, change: ChangeOf<'start-monitoring'>): Promise<Unprocessed[]> {
  return send(session, change, 'guardduty:StartMonitoringMembers', (client) =>
    client.send(
      new StartMonitoringMembersCommand({ DetectorId: change.detectorId, AccountIds: [...change.accountIds] }),
    ),
  );
}

/** Sets protection plans of members; one request may need another one before it. */
export async function setMemberPlans(session: Session, change: ChangeOf<'set-member-plans'>): Promise<Unprocessed[]> {
  const left: Unprocessed[] = [];
  for (const features of featureRequests(change.plans)) {
    // The same names in a type of its own.
    const Features = features as MemberFeaturesConfiguration[];
    const AccountIds = [...change.accountIds];
    const request = new UpdateMemberDetectorsCommand({ DetectorId: change.detectorId, AccountIds, Features });
    left.push(...(await send(session, change, 'guardduty:UpdateMemberDetectors', (client) => client.send(request))));
  }
  return left;
}

async function send(
  session: Session,
  { region }: Change,
  operation: string,
  call: (client: GuardDutyClient) => Promise<{ UnprocessedAccounts?: UnprocessedAccount[] }>,
): Promise<Unprocessed[]> {
  try {
    const { UnprocessedAccounts = [] } = await call(session.client(GuardDutyClient, region));
    return UnprocessedAccounts.filter(({ Result }) => !isDone(operation, Result ?? '')).map((account) =>
      leftOut(account, region, operation),
    );
  } catch (error) {
    throw explain(error, { region, operation });
  }
}

/** Another run, or an earlier one that was killed, was there first: what was asked for is so already. */
function isDone(operation: string, result: string): boolean {
  switch (operation) {
    case 'guardduty:CreateMembers':
      return /already a member or associated member of the current account/i.test(result);
    case 'guardduty:InviteMembers':
      return /(current account has already invited|already the GuardDuty (master|administrator))/i.test(result);
    case 'guardduty:DeleteMembers':
      return /is not a member of the current account/i.test(result);
    case 'guardduty:UpdateMemberDetectors':
      // A policy came into force after the look: the next one reports what it holds.
      return isManagedByPolicy(result);
    default:
      return false;
  }
}

function leftOut({ AccountId, Result = '' }: UnprocessedAccount, region: string, operation: string): Unprocessed {
  const known = reasons.find(({ sentence }) => sentence.test(Result));
  return {
    accountId: AccountId as string,
    error: new GarrisonError(
      known?.code ?? 'guardduty.member.unprocessed',
      `GuardDuty left the account out: ${Result}`,
      known?.remedy ?? 'Run `garrison apply` again: it does only what is left.',
      { accountId: AccountId, region, operation },
    ),
  };
}

// GuardDuty has no codes for these: only its sentences tell them apart.
const reasons = [
  {
    sentence: /associated member of another (master|administrator)/i,
    code: 'guardduty.member.otherAdministrator',
    remedy: 'Disassociate it there (guardduty:DisassociateFromAdministratorAccount); then run `garrison apply` again.',
  },
  {
    sentence: /maximum number of allowed members/i,
    code: 'guardduty.member.limit',
    remedy:
      'One administrator takes 5,000 members by invitation, 50,000 through the organization: set guardduty.route.',
  },
  {
    sentence: /through AWS Organizations/i,
    code: 'guardduty.member.organization',
    remedy: 'GuardDuty is administered for the organization here: set guardduty.route to auto or organization.',
  },
  {
    sentence: /e-?mail/i,
    code: 'guardduty.member.email',
    remedy: "Compare the row in accounts.csv with the account's root e-mail; then run `garrison apply` again.",
  },
] as const;
