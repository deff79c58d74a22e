import type { Severity } from './detection';
import { type CloudTrailRecord, textAt, valuesAt } from './record';
import type { ConfiguredDetection } from './settings';

/** A detection that fired on a record: plain data, and nothing secret. */
export interface Finding {
  readonly detection: string;
  readonly severity: Severity;
  /** As the record has it: ISO 8601. */
  readonly time: string;
  readonly account: string;
  readonly region: string;
  readonly actor: string;
  readonly event: string;
  readonly service: string;
  readonly sourceAddress: string;
  readonly eventId: string;
  readonly details: Readonly<Record<string, string>>;
}

const secret = /sessionToken|credentials|secret(?!sId|smanager)|password|authCode/i;
const longestDetail = 300;

/** What an alert says of a record. */
export function findingOf({ detection }: ConfiguredDetection, record: CloudTrailRecord): Finding {
  const text = (...paths: readonly string[]) => paths.map((path) => textAt(record, path)).find((found) => found) ?? '';
  return {
    detection: detection.id,
    severity: detection.severity,
    time: text('eventTime'),
    account: text('recipientAccountId', 'userIdentity.accountId'),
    region: text('awsRegion'),
    actor: actorOf(record),
    event: text('eventName'),
    service: text('eventSource'),
    sourceAddress: text('sourceIPAddress'),
    eventId: text('eventID'),
    details: detailsOf(detection.fields, record),
  };
}

/** Who did it, as well as the record tells. */
export function actorOf(record: CloudTrailRecord): string {
  const paths = [
    'userIdentity.arn',
    'userIdentity.userName',
    'additionalEventData.UserName',
    'userIdentity.invokedBy',
    'userIdentity.principalId',
    'userIdentity.type',
  ];
  return paths.map((path) => textAt(record, path)).find((found) => found) ?? 'unknown';
}

function detailsOf(fields: readonly string[], record: CloudTrailRecord): Record<string, string> {
  const details: Record<string, string> = {};
  for (const path of fields.filter((field) => !secret.test(field))) {
    const values = valuesAt(record, path.split('.')).filter((value) =>
      ['string', 'number', 'boolean'].includes(typeof value),
    );
    if (values.length > 0) {
      details[path] = values.map(String).join(', ').slice(0, longestDetail);
    }
  }
  return details;
}
