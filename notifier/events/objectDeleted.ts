import type { Alert } from '../alert';
import { digest } from '../hash';
import { facts } from './guarddutyResources';
import { text, texts, time } from './read';

/** An event that S3 itself sends (`Object Deleted`, `Object Created`, …) as an alert. */
export function readObjectEvent(event: unknown): Alert {
  const [bucket, key] = [text(event, 'detail', 'bucket', 'name'), text(event, 'detail', 'object', 'key')];
  const happened = time(event, 'time');
  const requester = text(event, 'detail', 'requester');
  const address = text(event, 'detail', 'source-ip-address');
  const kind = text(event, 'detail-type') ?? '';
  return {
    id: digest(['s3', text(event, 'id') ?? JSON.stringify(event)]),
    source: 's3',
    type: `s3:${kind.replaceAll(' ', '')}`,
    title: `${kind}: ${bucket ?? '?'}/${key ?? '?'}`,
    band: 'Low',
    sample: false,
    accountId: text(event, 'account') ?? '',
    region: text(event, 'region') ?? '',
    resources: [
      ...(key === undefined
        ? []
        : [{ kind: 'S3Object', name: key, facts: facts(['parameters', text(event, 'detail', 'deletion-type')]) }]),
      ...(bucket === undefined ? [] : [{ kind: 'S3Bucket', name: bucket, facts: [] }]),
    ],
    actor: requester === undefined ? undefined : { kind: 'Requester', name: requester, facts: [] },
    remote: address === undefined ? undefined : { address },
    action: { kind: 'apiCall', text: `s3:${text(event, 'detail', 'reason') ?? kind}` },
    firstSeen: happened,
    lastSeen: happened,
    attack: [],
    signals: [],
    facts: [],
    eventId: text(event, 'id'),
  };
}

/** Any other EventBridge event: what its envelope says. */
export function readOther(event: unknown): Alert {
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
