import { isIP } from 'node:net';
import { type CloudTrailRecord, isRecord, lookUp, stepsOf } from '../record';
import { ecs } from './profiles';

const plain = [
  'eventName',
  'eventSource',
  'awsRegion',
  'recipientAccountId',
  'errorCode',
  'errorMessage',
  'eventType',
  'sourceIPAddress',
  'userAgent',
  'userIdentity.type',
  'userIdentity.arn',
  'userIdentity.userName',
  'userIdentity.invokedBy',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'userIdentity.sessionContext.sessionIssuer.userName',
];

/** A record as Elastic's AWS integration stores it, as far as detections look at it: to try the profile `ecs` on. */
export function ecsDocument(record: CloudTrailRecord): CloudTrailRecord {
  const document: Record<string, unknown> = {};
  for (const path of plain) {
    put(document, ecs.field(path), lookUp(record, stepsOf(path)));
  }
  // The integration's pipeline takes for an address only what is one.
  if (typeof record.sourceIPAddress === 'string' && isIP(record.sourceIPAddress) !== 0) {
    put(document, ecs.address('sourceIPAddress'), record.sourceIPAddress);
  }
  for (const name of ['requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails']) {
    const inner = record[name];
    if (isRecord(inner)) {
      put(document, ecs.field(`${name}.x`).replace(/\.x$/, ''), texts(inner));
    }
  }
  return document;
}

/** A flattened object keeps texts alone. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(texts);
  }
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, texts(inner)]));
  }
  return value === null ? null : String(value);
}

function put(document: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() as string;
  let place = document;
  for (const step of steps) {
    place[step] ??= {};
    place = place[step] as Record<string, unknown>;
  }
  if (value !== undefined) {
    place[last] = value;
  }
}
