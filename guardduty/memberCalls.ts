import {
  CreateMembersCommand,
  DeleteMembersCommand,
  GuardDutyClient,
  InviteMembersCommand,
  StartMonitoringMembersCommand,
  type UnprocessedAccount,
} from '@aws-sdk/client-guardduty';
import { GarrisonError } from '../organization/errors';
import { explain } from '../organization/failures';
import type { Session } from '../organization/sessions';
import type { Change } from './plan';

/** An account of a batch that GuardDuty left out, and why. */
export interface Unprocessed {
  readonly accountId: string;
  readonly error: GarrisonError;
}

type OnMembers<K> = Extract<Change, { kind: K }>;

/** Makes accounts members, up to 50 a call. An account that is one already is no failure. */
export async function createMembers(session: Session, change: OnMembers<'create-members'>): Promise<Unprocessed[]> {
  const AccountDetails = change.members.map(({ accountId, email }) => ({ AccountId: accountId, Email: email }));
  return send(session, change, 'guardduty:CreateMembers', (client) =>
    client.send(new CreateMembersCommand({ DetectorId: change.detectorId, AccountDetails })),
  );
}

/** Invites members, up to 50 a call, without e-mails unless they were asked for. */
export async function inviteMembers(session: Session, change: OnMembers<'invite-members'>): Promise<Unprocessed[]> {
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
export async function deleteMembers(session: Session, change: OnMembers<'delete-members'>): Promise<Unprocessed[]> {
  return send(session, change, 'guardduty:DeleteMembers', (client) =>
    client.send(new DeleteMembersCommand({ DetectorId: change.detectorId, AccountIds: [...change.accountIds] })),
  );
}

/** Switches monitoring of suspended members on again. */
export async function startMonitoring(session: Session, change: OnMembers<'start-monitoring'>): Promise<Unprocessed[]> {
  return send(session, change, 'guardduty:StartMonitoringMembers', (client) =>
    client.send(
      new StartMonitoringMembersCommand({ DetectorId: change.detectorId, AccountIds: [...change.accountIds] }),
    ),
  );
}

async function send(
  session: Session,
  { region }: Change,
  operation: string,
  call: (client: GuardDutyClient) => Promise<{ UnprocessedAccounts?: UnprocessedAccount[] }>,
): Promise<Unprocessed[]> {
  try {
    const { UnprocessedAccounts = [] } = await call(session.client(GuardDutyClient, region));
    return UnprocessedAccounts.filter(({ Result }) => !alreadyDone.test(Result ?? '')).map(({ AccountId, Result }) => ({
      accountId: AccountId as string,
      error: new GarrisonError(
        'guardduty.member.unprocessed',
        `GuardDuty left the account out: ${Result}`,
        "Compare the row in accounts.csv with the account's root e-mail; then run `garrison apply` again.",
        { accountId: AccountId, region, operation },
      ),
    }));
  } catch (error) {
    throw explain(error, { region, operation });
  }
}

// Another run, or an earlier one that was killed, was there first.
const alreadyDone = /already (a |an )?(associated )?(member|invited)/i;
