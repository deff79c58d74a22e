import {
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  paginateListMembers,
} from '@aws-sdk/client-guardduty';
import type { Session } from '../organization/sessions';
import type { ObservedDetector, ObservedMember, ObservedMemberCell, ObservedRegion } from './observed';

/** Reads what the administrator sees in a region: two calls and one for every 50 members. */
export async function readRegion(administrator: Session, region: string): Promise<ObservedRegion> {
  const client = administrator.client(GuardDutyClient, region);
  const detector = await readDetector(client);
  if (!detector) {
    return { region, members: new Map() };
  }
  const [members, memberOf] = await Promise.all([
    readMembers(client, detector.id),
    readAdministrator(client, detector.id),
  ]);
  return { region, detector, members, memberOf };
}

/** Reads what a member says of itself: at most three calls. */
export async function readMemberCell(member: Session, region: string): Promise<ObservedMemberCell> {
  const client = member.client(GuardDutyClient, region);
  const detector = await readDetector(client);
  const administratorId = detector && (await readAdministrator(client, detector.id));
  return { accountId: member.accountId, region, detector, administratorId };
}

async function readDetector(client: GuardDutyClient): Promise<ObservedDetector | undefined> {
  const { DetectorIds: [id] = [] } = await client.send(new ListDetectorsCommand({}));
  if (id === undefined) {
    return undefined;
  }
  const detector = await client.send(new GetDetectorCommand({ DetectorId: id }));
  return {
    id,
    enabled: detector.Status === 'ENABLED',
    findingPublishingFrequency: detector.FindingPublishingFrequency,
  };
}

async function readMembers(client: GuardDutyClient, detectorId: string): Promise<Map<string, ObservedMember>> {
  const members = new Map<string, ObservedMember>();
  const pages = paginateListMembers({ client, pageSize: 50 }, { DetectorId: detectorId, OnlyAssociated: 'false' });
  for await (const page of pages) {
    for (const member of page.Members ?? []) {
      const accountId = member.AccountId as string;
      members.set(accountId, { accountId, email: member.Email, status: member.RelationshipStatus ?? 'Created' });
    }
  }
  return members;
}

async function readAdministrator(client: GuardDutyClient, detectorId: string): Promise<string | undefined> {
  const { Administrator } = await client.send(new GetAdministratorAccountCommand({ DetectorId: detectorId }));
  return Administrator?.AccountId;
}
