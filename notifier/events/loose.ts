import { at, isRecord, text } from './read';

/**
 * Turns whatever people keep events in into bodies that the notifier reads: EventBridge events, findings in camelCase
 * (EventBridge, export to S3) or PascalCase (`GetFindings`), CloudTrail records and log files, `LookupEvents` output,
 * SQS messages, and lists of all these. Not part of the function: there only the queue's contract holds.
 */
export function looseEvents(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap(looseEvents);
  }
  for (const list of lists) {
    const found = at(value, list);
    if (Array.isArray(found)) {
      return found.flatMap(looseEvents);
    }
  }
  return [looseEvent(value)];
}

const lists = ['Findings', 'findings', 'Records', 'Events', 'events'] as const;

function looseEvent(value: unknown): unknown {
  const enclosed = embedded(value);
  if (enclosed !== undefined) {
    const inner = looseEvents(enclosed);
    return inner.length === 1 ? inner[0] : undefined;
  }
  if (isRecord(at(value, 'detection')) || text(value, 'detail-type') !== undefined) {
    return value;
  }
  if (text(value, 'eventName') !== undefined && text(value, 'eventSource') !== undefined) {
    return cloudTrailEvent(value);
  }
  if (text(value, 'Type') !== undefined && text(value, 'AccountId') !== undefined) {
    return findingEvent(camelCased(value));
  }
  return text(value, 'type') !== undefined && isRecord(at(value, 'service')) ? findingEvent(value) : value;
}

/** JSON in a text (SQS message, `LookupEvents`), or an event that a file keeps beside its origin. */
function embedded(value: unknown): unknown {
  const written = at(value, 'body') ?? at(value, 'CloudTrailEvent') ?? at(value, 'Body');
  if (typeof written === 'string') {
    try {
      return JSON.parse(written) as unknown;
    } catch {
      return undefined;
    }
  }
  const event = at(value, 'event');
  return isRecord(event) && !isRecord(at(value, 'detection')) ? event : undefined;
}

function findingEvent(detail: unknown): unknown {
  return {
    source: 'aws.guardduty',
    'detail-type': 'GuardDuty Finding',
    account: text(detail, 'accountId'),
    region: text(detail, 'region'),
    time: text(detail, 'updatedAt'),
    detail,
  };
}

function cloudTrailEvent(detail: unknown): unknown {
  const service = text(detail, 'eventSource')?.split('.')[0];
  const kind = text(detail, 'eventType') === 'AwsConsoleSignIn' ? 'AWS Console Sign In' : 'AWS API Call';
  return {
    source: `aws.${service}`,
    'detail-type': `${kind} via CloudTrail`,
    account: text(detail, 'recipientAccountId'),
    region: text(detail, 'awsRegion'),
    time: text(detail, 'eventTime'),
    detail,
  };
}

/** Member names of the SDK (`AccountId`) as EventBridge writes them (`accountId`); names that hold `:` stay. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(camelCased);
  }
  if (!isRecord(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.includes(':') ? name : name.charAt(0).toLowerCase() + name.slice(1),
      camelCased(member),
    ]),
  );
}
