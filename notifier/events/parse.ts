import type { Alert, Ignored } from '../alert';
import { digest } from '../hash';
import { bandOf, lowerBoundOf, parseBand } from '../severity';
import { isCloudTrailRecord, readCloudTrail } from './cloudtrail';
import { readFinding } from './guardduty';
import { readObjectEvent, readOther } from './objectDeleted';
import { at, isRecord, number, text } from './read';

/** The body of a message is not JSON, or JSON that is no object. It stays in the queue, so that a person sees it. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';
  readonly code = 'notifier.body.unreadable';
}

/** The largest number of characters in a body: SQS's own limit is 1 MiB. */
const longestBody = 1_048_576;

/**
 * Parses the body of a message of the alert queue (see `QueueBody`).
 *
 * @throws UnreadableBody when it is no JSON object
 */
export function parseBody(body: string): Alert | Ignored {
  let parsed: unknown;
  try {
    parsed = body.length > longestBody ? undefined : JSON.parse(body);
  } catch (cause) {
    throw new UnreadableBody('The message is not JSON.', { cause });
  }
  if (!isRecord(parsed)) {
    throw new UnreadableBody('The message is not a JSON object.');
  }
  return parseEvent(parsed);
}

/** An event (or a detection with its event) as an alert, or why it is none. */
export function parseEvent(body: unknown): Alert | Ignored {
  const detection = at(body, 'detection');
  if (!isRecord(detection) || text(detection, 'id') === undefined) {
    return parseRaw(body);
  }
  const alert = parseRaw(at(body, 'event'));
  return 'ignored' in alert ? alert : marked(alert, detection);
}

/** `source` of the scheduled event that tests the whole way. */
export const selfTestSource = 'garrison.self-test';

function parseRaw(event: unknown): Alert | Ignored {
  const source = text(event, 'source');
  const detail = at(event, 'detail');
  if (source === selfTestSource) {
    return { ignored: 'selfTest' };
  }
  if (source === undefined || !isRecord(detail)) {
    return { ignored: 'noEvent' };
  }
  if (source === 'aws.guardduty') {
    return isCloudTrailRecord(detail) ? readCloudTrail(detail, event) : finding(event, detail);
  }
  if (isCloudTrailRecord(detail)) {
    return readCloudTrail(detail, event);
  }
  return source === 'aws.s3' ? readObjectEvent(event) : readOther(event);
}

function finding(event: unknown, detail: unknown): Alert | Ignored {
  return text(event, 'detail-type') === 'GuardDuty Finding' || text(event, 'detail-type') === undefined
    ? readFinding(detail)
    : { ignored: 'notAFinding' };
}

function marked(alert: Alert, detection: unknown): Alert {
  const id = text(detection, 'id') ?? '';
  const severity = readSeverity(detection) ?? alert.severity;
  return {
    ...alert,
    id: digest([alert.id, id]),
    type: alert.findingType === undefined ? id : alert.type,
    title: text(detection, 'title') ?? alert.title,
    severity,
    band: severity === undefined ? alert.band : bandOf(severity),
    detection: { id, runbook: text(detection, 'runbook') },
  };
}

function readSeverity(detection: unknown): number | undefined {
  const named = parseBand(text(detection, 'severity') ?? '');
  return named === undefined ? number(detection, 'severity') : lowerBoundOf(named);
}
