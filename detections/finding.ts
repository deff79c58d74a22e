import type { Severity } from './detection';
import { type CloudTrailRecord, isScalar, lookUp, stepsOf, textAt } from './record';
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
const actorPaths = [
  'userIdentity.arn',
  'userIdentity.userName',
  'additionalEventData.UserName',
  'userIdentity.invokedBy',
  'userIdentity.principalId',
  'userIdentity.type',
];

/** When, in which account and by whom: what every record that fires is counted by. */
export function whoOf(record: CloudTrailRecord): Pick<Finding, 'time' | 'account' | 'actor'> {
  return {
    time: first(record, 'eventTime'),
    account: first(record, 'recipientAccountId') || first(record, 'userIdentity.accountId'),
    actor: actorOf(record),
  };
}

/** What an alert says of a record. */
export function findingOf({ detection }: ConfiguredDetection, record: CloudTrailRecord): Finding {
  return {
    detection: detection.id,
    severity: detection.severity,
    ...whoOf(record),
    region: first(record, 'awsRegion'),
    event: first(record, 'eventName'),
    service: first(record, 'eventSource'),
    sourceAddress: first(record, 'sourceIPAddress'),
    eventId: first(record, 'eventID'),
    details: detailsOf(detection.fields, record),
  };
}

/** Who did it, as well as the record tells. */
function actorOf(record: CloudTrailRecord): string {
  for (const path of actorPaths) {
    const text = textAt(record, path);
    if (text) {
      return text;
    }
  }
  return 'unknown';
}

function first(record: CloudTrailRecord, path: string): string {
  return textAt(record, path) ?? '';
}

const shownFields = new WeakMap<readonly string[], readonly string[]>();

/** The fields that may be shown. */
function shownOf(fields: readonly string[]): readonly string[] {
  let shown = shownFields.get(fields);
  if (!shown) {
    shown = fields.filter((path) => !secret.test(path));
    shownFields.set(fields, shown);
  }
  return shown;
}

function detailsOf(fields: readonly string[], record: CloudTrailRecord): Record<string, string> {
  const details: Record<string, string> = {};
  for (const path of shownOf(fields)) {
    const found = lookUp(record, stepsOf(path));
    const text = Array.isArray(found) ? found.filter(isScalar).join(', ') : isScalar(found) ? String(found) : '';
    if (text !== '') {
      details[path] = text.slice(0, longestDetail);
    }
  }
  return details;
}
