import { at, isRecord, text } from '../notifier/events/read';
import type { DetectionMark, EventBridgeEvent } from '../notifier/queue';
import type { Place } from './responder';

/** What a responder is called by: a CloudTrail record or a finding, as far as it could be read. */
export interface Trigger {
  /** The same for the same occurrence, however often it arrives. */
  readonly id: string;
  readonly place: Place;
  readonly source: 'cloudtrail' | 'guardduty';
  /** `eventName`, or the finding's type. */
  readonly name: string;
  /** `eventSource` without `.amazonaws.com`. */
  readonly service: string;
  /** ISO 8601. */
  readonly time?: string;
  /** ARN of who did it; of the role where it was a role's session. */
  readonly actor?: string;
  /** GuardDuty's sample: nothing happened. */
  readonly sample: boolean;
  /** The finding's id, the same whenever it is updated. */
  readonly findingId?: string;
  /** The record, or the finding. Hostile. */
  readonly detail: unknown;
  /** What the alert is about, for the follow-up. */
  readonly event: EventBridgeEvent;
  readonly detection?: DetectionMark;
  /** The detection did not fire: there is no alert. */
  readonly alone?: boolean;
}

/** Reads the body of a message, or an event by itself; `undefined` for what is neither a call nor a finding. */
export function readTrigger(body: unknown, partition: string): Trigger | undefined {
  const mark = at(body, 'detection');
  const event = at(body, 'event') ?? body;
  const detail = at(event, 'detail');
  const record = isRecord(detail) ? detail : event;
  if (text(record, 'eventName') !== undefined) {
    const trigger = ofRecord(record, envelope(event, record), partition, markOf(mark));
    return at(body, 'alone') === true ? { ...trigger, alone: true } : trigger;
  }
  return text(record, 'type') !== undefined && text(record, 'accountId') !== undefined
    ? ofFinding(record, envelope(event, record), partition)
    : undefined;
}

function ofRecord(record: unknown, event: EventBridgeEvent, partition: string, detection?: DetectionMark): Trigger {
  const issuer = text(record, 'userIdentity', 'sessionContext', 'sessionIssuer', 'arn');
  return {
    id: text(record, 'eventID') ?? event.id ?? JSON.stringify(record),
    place: {
      partition,
      accountId: text(record, 'recipientAccountId') ?? event.account ?? '',
      region: text(record, 'awsRegion') ?? event.region ?? '',
    },
    source: 'cloudtrail',
    name: text(record, 'eventName') ?? '',
    service: (text(record, 'eventSource') ?? '').split('.')[0] ?? '',
    time: text(record, 'eventTime'),
    actor: issuer ?? text(record, 'userIdentity', 'arn'),
    sample: false,
    detail: record,
    event,
    detection,
  };
}

function ofFinding(finding: unknown, event: EventBridgeEvent, partition: string): Trigger {
  const findingId = text(finding, 'id') ?? event.id ?? '';
  return {
    // Every update of a finding tells of something new.
    id: `${findingId}@${text(finding, 'updatedAt') ?? ''}`,
    place: {
      partition,
      accountId: text(finding, 'accountId') ?? '',
      region: text(finding, 'region') ?? event.region ?? '',
    },
    source: 'guardduty',
    name: text(finding, 'type') ?? '',
    service: 'guardduty',
    time: text(finding, 'service', 'eventLastSeen') ?? text(finding, 'updatedAt'),
    sample: at(finding, 'service', 'additionalInfo', 'sample') === true,
    findingId,
    detail: finding,
    event,
  };
}

/** A record or finding by itself gets the envelope that EventBridge would give it. */
function envelope(event: unknown, detail: unknown): EventBridgeEvent {
  if (isRecord(event) && isRecord(event.detail) && typeof event.source === 'string') {
    return event as unknown as EventBridgeEvent;
  }
  const isCall = text(detail, 'eventName') !== undefined;
  const service = (text(detail, 'eventSource') ?? '').split('.')[0] ?? '';
  return {
    id: text(detail, isCall ? 'eventID' : 'id'),
    source: isCall ? `aws.${service}` : 'aws.guardduty',
    'detail-type': isCall ? 'AWS API Call via CloudTrail' : 'GuardDuty Finding',
    account: text(detail, isCall ? 'recipientAccountId' : 'accountId'),
    region: text(detail, isCall ? 'awsRegion' : 'region'),
    time: text(detail, isCall ? 'eventTime' : 'updatedAt'),
    detail: isRecord(detail) ? detail : {},
  };
}

function markOf(mark: unknown): DetectionMark | undefined {
  return isRecord(mark) && text(mark, 'id') !== undefined ? (mark as unknown as DetectionMark) : undefined;
}
