import type { Alert, Ignored } from '../alert';
import type { FollowUp } from '../followUp';
import type { More } from '../loadMore';
import { readFinding } from './guardduty';
import { at, isRecord, text } from './read';

/** The body of a message is not JSON, or JSON that is no object. It stays in the queue, so that a person sees it. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
  readonly code = 'notifier.body.unreadable';
}

/** The largest number of characters in a body: SQS's own limit is 1 MiB. */
const longestBody = 1_048_576;

/** Gives the readers of what is no finding: in the function they are in the second bundle. */
export type OtherEvents = () => Pick<More, 'readOtherEvent' | 'readThreshold' | 'withDetection' | 'withSequence'>;

type OtherBodies = () => ReturnType<OtherEvents> & Pick<More, 'parseFollowUp'>;

/** What a message of the queue says: an alert, or something under one. */
export interface ParsedBody {
  readonly alert: Alert;
  /** The EventBridge event. */
  readonly event?: unknown;
  readonly followUp?: FollowUp;
}

/** `source` of the scheduled event that tests the whole way. */
const selfTestSource = 'garrison.self-test';

/**
 * Parses the body of a message of the alert queue (see `QueueBody`).
 *
 * @throws UnreadableBody when it is no JSON object; MalformedFollowUp
 */
export function parseBody(body: string, others: OtherBodies): ParsedBody | Ignored {
  let parsed: unknown;
  try {
    parsed = body.length > longestBody ? undefined : JSON.parse(body);
  } catch {
    // The parser's own error would quote the body.
  }
  if (!isRecord(parsed)) {
    throw new UnreadableBody('The message is not a JSON object.');
  }
  if (parsed.followUp !== undefined) {
    return others().parseFollowUp(parsed, (event) => parseEvent(event, others));
  }
  const alert = parseEvent(parsed, others);
  return 'ignored' in alert ? alert : { alert, event: parsed.event ?? parsed };
}

/** An event (or a detection with its event) as an alert, or why it is none. */
export function parseEvent(body: unknown, others: OtherEvents): Alert | Ignored {
  const detection = at(body, 'detection');
  if (!isRecord(detection) || text(detection, 'id') === undefined) {
    return parseRaw(body, others);
  }
  const alert = parseRaw(at(body, 'event'), others);
  if ('ignored' in alert) {
    return alert;
  }
  const { readThreshold, withDetection } = others();
  return withDetection(alert, detection, readThreshold(detection, at(body, 'event'), alert.accountId));
}

function parseRaw(event: unknown, others: OtherEvents): Alert | Ignored {
  const source = text(event, 'source');
  const detail = at(event, 'detail');
  if (source === selfTestSource) {
    return { ignored: 'selfTest' };
  }
  if (source === undefined || !isRecord(detail)) {
    return { ignored: 'noEvent' };
  }
  // Calls to GuardDuty come from the same source as findings.
  if (source !== 'aws.guardduty' || text(detail, 'eventName') !== undefined) {
    return others().readOtherEvent(event);
  }
  const kind = text(event, 'detail-type') ?? findingKind;
  if (kind !== findingKind) {
    return { ignored: 'notAFinding' };
  }
  const alert = readFinding(detail);
  const isSequence = at(detail, 'service', 'detection', 'sequence') !== undefined;
  return 'ignored' in alert || !(isSequence || alert.findingType?.isAttackSequence)
    ? alert
    : others().withSequence(alert, detail);
}

const findingKind = 'GuardDuty Finding';
