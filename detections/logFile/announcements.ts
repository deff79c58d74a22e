import type { DeliveredFile } from './process';

/** A message that announces something else than files, or is no JSON. */
export class UnreadableAnnouncement extends Error {
  override readonly name = 'UnreadableAnnouncement';
  readonly code = 'logFile.announcement.unreadable';
}

/** S3's notification, as far as it is read. */
interface S3Notification {
  readonly Records?: readonly {
    readonly s3?: {
      readonly bucket?: { readonly name?: string };
      readonly object?: { readonly key?: string; readonly eTag?: string };
    };
  }[];
}

/** CloudTrail's own message on a trail's topic. */
interface TrailMessage {
  readonly s3Bucket?: string;
  readonly s3ObjectKey?: readonly string[];
}

/** EventBridge's event of a bucket that tells it. */
interface ObjectCreated {
  readonly detail?: {
    readonly bucket?: { readonly name?: string };
    readonly object?: { readonly key?: string; readonly etag?: string };
  };
}

/**
 * The log files that a message of the queue announces, in whichever way: by S3, by S3 or CloudTrail through a topic, or
 * by EventBridge. Digests, insights and other objects are left out, and so is S3's test message.
 *
 * @throws UnreadableAnnouncement
 */
export function announcedFiles(body: string): DeliveredFile[] {
  const message = objectIn(body);
  if (typeof message.Message === 'string' && message.Type === 'Notification') {
    return announcedFiles(message.Message);
  }
  return [...fromS3(message), ...fromTrail(message), ...fromEventBridge(message)].filter(({ key }) => isLogFile(key));
}

function objectIn(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new UnreadableAnnouncement('the message is no JSON', { cause });
  }
  if (typeof value !== 'object' || value === null) {
    throw new UnreadableAnnouncement('the message is no JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function fromS3({ Records = [] }: S3Notification): DeliveredFile[] {
  return Records.flatMap(({ s3 }) => {
    const { bucket, object } = s3 ?? {};
    return bucket?.name && object?.key
      ? [{ bucket: bucket.name, key: decodeURIComponent(object.key.replaceAll('+', ' ')), version: object.eTag ?? '' }]
      : [];
  });
}

function fromTrail({ s3Bucket, s3ObjectKey = [] }: TrailMessage): DeliveredFile[] {
  return s3Bucket ? s3ObjectKey.map((key) => ({ bucket: s3Bucket, key, version: '' })) : [];
}

function fromEventBridge({ detail }: ObjectCreated): DeliveredFile[] {
  const { bucket, object } = detail ?? {};
  return bucket?.name && object?.key ? [{ bucket: bucket.name, key: object.key, version: object.etag ?? '' }] : [];
}

function isLogFile(key: string): boolean {
  return /\.json(\.gz)?$/.test(key) && !/CloudTrail-(Digest|Insight)/.test(key);
}
