import type { Alert, Ignored } from '../alert';
import { isCloudTrailRecord, readCloudTrail } from './cloudtrail';
import { readEnvelope } from './envelope';
import { facts } from './guarddutyResources';
import { at, text } from './read';

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
