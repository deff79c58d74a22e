import {
  AcceptAdministratorInvitationCommand,
  GuardDutyClient,
  type Invitation,
  paginateListInvitations,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { GarrisonError } from '../organization/errors';
import { explain } from '../organization/failures';
import type { Session } from '../organization/sessions';
import type { Change } from './plan';

type Of<K> = Extract<Change, { kind: K }>;

/** Switches a detector on that somebody switched off. */
export async function enableDetector(session: Session, { region, detectorId }: Of<'enable-detector'>): Promise<void> {
  await update(session, region, new UpdateDetectorCommand({ DetectorId: detectorId, Enable: true }));
}

/** How often repeats are published; the administrator's setting holds for all its members. */
export async function setFrequency(session: Session, { region, detectorId, to }: Of<'set-frequency'>): Promise<void> {
  await update(session, region, new UpdateDetectorCommand({ DetectorId: detectorId, FindingPublishingFrequency: to }));
}

async function update(session: Session, region: string, command: UpdateDetectorCommand): Promise<void> {
  try {
    await session.client(GuardDutyClient, region).send(command);
  } catch (error) {
    throw explain(error, { accountId: session.accountId, region, operation: 'guardduty:UpdateDetector' });
  }
}

/** Waits between looks for an invitation, in milliseconds: GuardDuty verifies the e-mail first. */
const looks = [0, 100, 200, 400, 800, 1_500, 3_000, 6_000, 12_000];

/**
 * Accepts the newest invitation of our own administrator, and of nobody else.
 *
 * @throws GarrisonError `guardduty.invitation.missing` when none has come after 24 seconds
 */
export async function acceptInvitation(
  session: Session,
  { region, detectorId }: Of<'accept-invitation'>,
  administratorId: string,
): Promise<void> {
  const client = session.client(GuardDutyClient, region);
  const place = { accountId: session.accountId, region };
  const invitation = await findInvitation(client, administratorId).catch((error) => {
    throw explain(error, { ...place, operation: 'guardduty:ListInvitations' });
  });
  if (!invitation) {
    throw new GarrisonError(
      'guardduty.invitation.missing',
      `no invitation of ${administratorId} has reached the account`,
      'The root e-mail in accounts.csv may be wrong: `garrison plan` tells once GuardDuty has looked. Then run `garrison apply` again.',
      { ...place, operation: 'guardduty:ListInvitations' },
    );
  }
  try {
    await client.send(
      new AcceptAdministratorInvitationCommand({
        DetectorId: detectorId,
        AdministratorId: administratorId,
        InvitationId: invitation.InvitationId,
      }),
    );
  } catch (error) {
    throw explain(error, { ...place, operation: 'guardduty:AcceptAdministratorInvitation' });
  }
}

async function findInvitation(client: GuardDutyClient, administratorId: string): Promise<Invitation | undefined> {
  for (const wait of looks) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const ours: Invitation[] = [];
    for await (const page of paginateListInvitations({ client, pageSize: 50 }, {})) {
      ours.push(...(page.Invitations ?? []).filter(({ AccountId }) => AccountId === administratorId));
    }
    if (ours.length > 0) {
      return ours.sort((one, other) => (other.InvitedAt ?? '').localeCompare(one.InvitedAt ?? ''))[0];
    }
  }
  return undefined;
}
