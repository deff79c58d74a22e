import {
  AcceptAdministratorInvitationCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GetMembersCommand,
  GuardDutyClient,
  type Invitation,
  paginateListInvitations,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { GarrisonError, type Place } from '../organization/errors';
import { explain } from '../organization/failures';
import type { Session } from '../organization/sessions';
import type { ChangeOf } from './change';
import { isManagedByPolicy, policyRefusal } from './managed';
import { emailFailed } from './memberPlan';

/** Switches a detector on that somebody switched off. */
export async function enableDetector(
  session: Session,
  { region, detectorId }: ChangeOf<'enable-detector'>,
): Promise<void> {
  await update(session, region, new UpdateDetectorCommand({ DetectorId: detectorId, Enable: true }));
}

/** How often repeats are published; the administrator's setting holds for all its members. */
export async function setFrequency(
  session: Session,
  { region, detectorId, to }: ChangeOf<'set-frequency'>,
): Promise<void> {
  await update(session, region, new UpdateDetectorCommand({ DetectorId: detectorId, FindingPublishingFrequency: to }));
}

async function update(session: Session, region: string, command: UpdateDetectorCommand): Promise<void> {
  try {
    await session.client(GuardDutyClient, region).send(command);
  } catch (error) {
    const place = { accountId: session.accountId, region, operation: 'guardduty:UpdateDetector' };
    if (isManagedByPolicy((error as Error).message)) {
      throw policyRefusal(place, error);
    }
    throw explain(error, place);
  }
}

/** Waits between looks for an invitation, in milliseconds: GuardDuty verifies the e-mail first. */
const looks = [0, 100, 200, 400, 800, 1_500, 3_000, 6_000, 12_000];

/**
 * Accepts the newest invitation of our own administrator, and of nobody else.
 *
 * @throws GarrisonError `guardduty.invitation.missing` when none has come after 24 seconds, `guardduty.member.email` as
 *   soon as GuardDuty has found that the e-mail is not the account's
 */
export async function acceptInvitation(
  session: Session,
  change: ChangeOf<'accept-invitation'>,
  administrator: Session,
): Promise<void> {
  const { region, detectorId } = change;
  const client = session.client(GuardDutyClient, region);
  const place = { accountId: session.accountId, region };
  const { InvitationId, RelationshipStatus } = await awaitInvitation(client, change, administrator, place);
  if (RelationshipStatus === 'Enabled' || RelationshipStatus === 'Disabled') {
    return; // Another run was there first.
  }
  const accept = () =>
    client.send(
      new AcceptAdministratorInvitationCommand({
        DetectorId: detectorId,
        AdministratorId: administrator.accountId,
        InvitationId,
      }),
    );
  try {
    await accept().catch(async (refusal) => {
      if ((await afterRefusal(client, detectorId, administrator.accountId, refusal)) === 'again') {
        await accept();
      }
    });
  } catch (error) {
    throw explain(error, { ...place, operation: 'guardduty:AcceptAdministratorInvitation' });
  }
}

/**
 * Why it was not accepted: another run, or an earlier attempt whose answer was lost, was there first; the detector may be
 * off, which can be mended. Any other refusal stands.
 */
async function afterRefusal(
  client: GuardDutyClient,
  detectorId: string,
  administratorId: string,
  refusal: Error,
): Promise<'done' | 'again'> {
  if (refusal.name !== 'BadRequestException') {
    throw refusal;
  }
  const { Administrator } = await client.send(new GetAdministratorAccountCommand({ DetectorId: detectorId }));
  if (Administrator?.AccountId === administratorId) {
    return 'done';
  }
  const { Status } = await client.send(new GetDetectorCommand({ DetectorId: detectorId }));
  if (Status !== 'DISABLED') {
    throw refusal;
  }
  await client.send(new UpdateDetectorCommand({ DetectorId: detectorId, Enable: true }));
  return 'again';
}

async function awaitInvitation(
  client: GuardDutyClient,
  change: ChangeOf<'accept-invitation'>,
  administrator: Session,
  place: Place,
): Promise<Invitation> {
  for (const [index, wait] of looks.entries()) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const invitation = await newestInvitation(client, administrator.accountId).catch((error) => {
      throw explain(error, { ...place, operation: 'guardduty:ListInvitations' });
    });
    if (invitation) {
      return invitation;
    }
    if (index > 0) {
      await refuseWrongEmail(change, administrator);
    }
  }
  throw new GarrisonError(
    'guardduty.invitation.missing',
    `no invitation of ${administrator.accountId} has reached the account`,
    'Run `garrison apply` again. If this stays, delete the member in the security account: the next run invites it anew.',
    { ...place, operation: 'guardduty:ListInvitations' },
  );
}

async function newestInvitation(client: GuardDutyClient, administratorId: string): Promise<Invitation | undefined> {
  const ours: Invitation[] = [];
  for await (const page of paginateListInvitations({ client, pageSize: 50 }, {})) {
    ours.push(...(page.Invitations ?? []).filter(({ AccountId }) => AccountId === administratorId));
  }
  return ours
    .filter(({ RelationshipStatus }) => !/^(Resigned|Removed)$/.test(RelationshipStatus ?? ''))
    .sort((one, other) => (other.InvitedAt ?? '').localeCompare(one.InvitedAt ?? ''))[0];
}

/** No invitation comes for an address that is not the account's: its administrator knows as soon as GuardDuty does. */
async function refuseWrongEmail(change: ChangeOf<'accept-invitation'>, administrator: Session): Promise<void> {
  const { accountId, region, administratorDetectorId } = change;
  if (!administratorDetectorId) {
    return;
  }
  const client = administrator.client(GuardDutyClient, region);
  const { Members: [member] = [] } = await client
    .send(new GetMembersCommand({ DetectorId: administratorDetectorId, AccountIds: [accountId] }))
    .catch(() => ({ Members: [] }));
  if (member?.RelationshipStatus === 'EmailVerificationFailed') {
    const { code, reason, remedy } = emailFailed({ email: member.Email ?? '' });
    throw new GarrisonError(code, reason, remedy, { accountId, region, operation: 'guardduty:InviteMembers' });
  }
}
