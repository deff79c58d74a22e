import type { Alert, Ignored } from '../alert';
import { digest } from '../hash';
import { isCloudTrailRecord, readCloudTrail } from './cloudtrail';
import { facts } from './guarddutyResources';
import { at, text, texts, time } from './read';

/** An EventBridge event that is no finding as an alert: a CloudTrail record, an event of S3's own, or any other. */
export function readOtherEvent(event: unknown): Alert | Ignored {
  const detail = at(event, 'detail');
  if (isCloudTrailRecord(detail)) {
    return readCloudTrail(detail, event);
  }
  return text(event, 'source') === 'aws.s3' ? readObjectEvent(event) : readEnvelope(event);
}

/** An event that S3 itself sends (`Object Deleted`, `Object Created`, …). */
function readObjectEvent(event: unknown): Alert {
  const [bucket, key] = [text(event, 'detail', 'bucket', 'name'), text(event, 'detail', 'object', 'key')];
  const kind = text(event, 'detail-type') ?? '';
  const requester = text(event, 'detail', 'requester');
  const address = text(event, 'detail', 'source-ip-address');
  const deletion = facts(['parameters', text(event, 'detail', 'deletion-type')]);
  return {
    ...readEnvelope(event),
    source: 's3',
    type: `s3:${kind.replaceAll(' ', '')}`,
    title: `${kind}: ${bucket ?? '?'}/${key ?? '?'}`,
    resources: [
      ...(key === undefined ? [] : [{ kind: 'S3Object', name: key, facts: deletion }]),
      ...(bucket === undefined ? [] : [{ kind: 'S3Bucket', name: bucket, facts: [] }]),
    ],
    actor: requester === undefined ? undefined : { kind: 'Requester', name: requester, facts: [] },
    remote: address === undefined ? undefined : { address },
    action: { kind: 'apiCall', text: `s3:${text(event, 'detail', 'reason') ?? kind}` },
  };
}

/** What the envelope of any event says. */
export function readEnvelope(event: unknown): Alert {
  const [source, kind] = [text(event, 'source') ?? '', text(event, 'detail-type') ?? ''];
  const happened = time(event, 'time');
  return {
    id: digest(['event', text(event, 'id') ?? JSON.stringify(event)]),
    source: 'other',
    type: `${source}:${kind}`,
    title: kind,
    band: 'Low',
    sample: false,
    accountId: text(event, 'account') ?? '',
    region: text(event, 'region') ?? '',
    resources: texts(event, 'resources').map((name) => ({ kind: 'Resource', name, facts: [] })),
    action: { kind: 'other', text: `${source}: ${kind}` },
    firstSeen: happened,
    lastSeen: happened,
    attack: [],
    signals: [],
    facts: [],
    eventId: text(event, 'id'),
  };
}
