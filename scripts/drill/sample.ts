import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateSampleFindingsCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { type FindingReference, findingRecordKey } from '../../notifier/record';
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
  /** When the same finding was announced before: GuardDuty may count a sample on an earlier one. ISO 8601. */
  readonly announcedBefore?: string;
}

/** How the notifier announced it. */
export interface Announcement {
  readonly seconds: number;
  /** `message`, `reply`, `counted`, `digest` or `silenced`. */
  readonly as: string;
  /** By the notifier's clock, ISO 8601. */
  readonly announcedAt: string;
}

/**
 * Creates a sample finding in the session's own account and finds it again.
 *
 * @param operator who reads in the alert table what was announced before
 */
export async function createSample(
  session: Session,
  region: string,
  type: string,
  operator: Session,
): Promise<SampleFinding> {
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
    const earlier = await newestSample({ client, DetectorId, accountId }, type);
    const reference = earlier && { accountId, region, findingId: earlier };
    const announcedBefore = reference && (await recordOf(reference, operator))?.announcedAt?.S;
    const createdAt = Date.now();
    await client.send(new CreateSampleFindingsCommand({ DetectorId, FindingTypes: [type] }));
    const findingId = await newestSample({ client, DetectorId, accountId }, type);
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
    const isSame = findingId === earlier && announcedBefore !== undefined;
    return { accountId, region, findingId, type, createdAt, ...(isSame ? { announcedBefore } : {}) };
  } catch (error) {
    throw explain(error, { accountId, region, operation: 'guardduty:CreateSampleFindings' });
  }
}

interface Detector {
  readonly client: GuardDutyClient;
  readonly DetectorId: string;
  readonly accountId: string;
}

/** The administrator's detector lists its members' findings, too: only its own are of interest. */
async function newestSample({ client, DetectorId, accountId }: Detector, type: string): Promise<string | undefined> {
  const own = { type: { Equals: [type] }, accountId: { Equals: [accountId] } };
  const { FindingIds: [findingId] = [] } = await client.send(
    new ListFindingsCommand({
      DetectorId,
      FindingCriteria: { Criterion: { ...own, 'service.archived': { Equals: ['false'] } } },
      SortCriteria: { AttributeName: 'updatedAt', OrderBy: 'DESC' },
      MaxResults: 1,
    }),
  );
  return findingId;
}

const tableName = 'garrison-alerts';
const lookMilliseconds = 250;

async function recordOf(finding: FindingReference, operator: Session) {
  const client = operator.client(DynamoDBClient, operator.homeRegion);
  const { accountId, region } = finding;
  try {
    const Key = { id: { S: findingRecordKey(finding) } };
    const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key }));
    return Item;
  } catch (error) {
    throw explain(error, { accountId, region, operation: 'dynamodb:GetItem' });
  }
}

/**
 * Waits until the alert table says that the finding was announced, since its sample was created. What was announced before
 * is known by its own moment, not by this machine's clock.
 *
 * @throws GarrisonError `drill.silence` when it was not in `seconds`
 */
export async function awaitAnnouncement(
  finding: SampleFinding,
  session: Session,
  seconds: number,
): Promise<Announcement> {
  const place = { accountId: finding.accountId, region: finding.region };
  while (Date.now() - finding.createdAt < seconds * 1000) {
    const record = await recordOf(finding, session);
    const announcedAt = record?.announcedAt?.S;
    if (announcedAt !== undefined && announcedAt !== finding.announcedBefore) {
      return { seconds: (Date.now() - finding.createdAt) / 1000, as: record?.as?.S ?? 'message', announcedAt };
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
