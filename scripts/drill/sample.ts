import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateSampleFindingsCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { findingRecordKey } from '../../notifier/record';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import type { Session } from '../../organization/sessions';

/** A sample finding that GuardDuty has created for us. */
export interface SampleFinding {
  readonly accountId: string;
  readonly region: string;
  readonly findingId: string;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** How the notifier announced it. */
export interface Announcement {
  readonly seconds: number;
  /** `message`, `reply`, `counted`, `digest` or `silenced`. */
  readonly as: string;
}

/** Creates a sample finding in the session's own account and finds it again. */
export async function createSample(session: Session, region: string, type: string): Promise<SampleFinding> {
  const { accountId } = session;
  const client = session.client(GuardDutyClient, region);
  try {
    const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
    if (DetectorId === undefined) {
      throw new GarrisonError('drill.detector', 'there is no detector', 'Run `garrison apply` first.', {
        accountId,
        region,
      });
    }
    const createdAt = Date.now();
    await client.send(new CreateSampleFindingsCommand({ DetectorId, FindingTypes: [type] }));
    const { FindingIds: [findingId] = [] } = await client.send(
      new ListFindingsCommand({
        DetectorId,
        FindingCriteria: { Criterion: { type: { Equals: [type] }, 'service.archived': { Equals: ['false'] } } },
        SortCriteria: { AttributeName: 'updatedAt', OrderBy: 'DESC' },
        MaxResults: 1,
      }),
    );
    if (findingId === undefined) {
      throw new GarrisonError(
        'drill.finding',
        'GuardDuty created no sample finding',
        'Is a suppression filter archiving it?',
        {
          accountId,
          region,
        },
      );
    }
    return { accountId, region, findingId, type, createdAt };
  } catch (error) {
    throw explain(error, { accountId, region, operation: 'guardduty:CreateSampleFindings' });
  }
}

const tableName = 'garrison-alerts';
const lookMilliseconds = 250;

/**
 * Waits until the alert table says that the finding was announced.
 *
 * @throws GarrisonError `drill.silence` when it was not in `seconds`
 */
export async function awaitAnnouncement(
  finding: SampleFinding,
  session: Session,
  seconds: number,
): Promise<Announcement> {
  const client = session.client(DynamoDBClient, session.homeRegion);
  const key = findingRecordKey(finding);
  const place = { accountId: finding.accountId, region: finding.region };
  while (Date.now() - finding.createdAt < seconds * 1000) {
    const { Item } = await client
      .send(new GetItemCommand({ TableName: tableName, Key: { id: { S: key } } }))
      .catch((error) => {
        throw explain(error, { ...place, operation: 'dynamodb:GetItem' });
      });
    if (Item && Date.parse(Item.announcedAt?.S ?? '') >= finding.createdAt - 1_000) {
      return { seconds: (Date.now() - finding.createdAt) / 1000, as: Item.as?.S ?? 'message' };
    }
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
  throw new GarrisonError(
    'drill.silence',
    `the notifier did not announce the finding ${finding.findingId} within ${seconds} s`,
    'Look at the log group /aws/lambda/garrison-notifier and at the queue garrison-alerts-dead-letter in the home region; is the webhook set (`garrison secret set`)?',
    place,
  );
}
