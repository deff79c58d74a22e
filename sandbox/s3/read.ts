import type { GetObjectAttributesRequest, GetObjectRequest } from '@aws-sdk/client-s3';
import type { Tag } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { checkRead, readRange } from './checks';
import { encryptionMembers, openFor } from './encryption';
import { type Bucket, type Buckets, newest, type ObjectVersion, shownVersion } from './state';

/** @throws ServiceError `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed` */
export function findVersion(bucket: Bucket, key: string, versionId?: string): ObjectVersion {
  const versions = bucket.objects.get(key) ?? [];
  const version = versionId === undefined ? newest(bucket, key) : versions.find((one) => one.versionId === versionId);
  if (versionId !== undefined && !version) {
    throw new ServiceError('NoSuchVersion', 'The specified version does not exist.', 404, {
      Key: key,
      VersionId: versionId,
    });
  }
  if (version?.deleteMarker && versionId !== undefined) {
    throw new ServiceError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
      ResourceType: 'DeleteMarker',
    });
  }
  if (!version || version.deleteMarker) {
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
  return version;
}

/** Who may not list a bucket is not told whether an object is missing. */
function findOrHide(buckets: Buckets, bucket: Bucket, input: GetObjectRequest, context: CallContext): ObjectVersion {
  try {
    return findVersion(bucket, input.Key ?? '', input.VersionId);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'NoSuchKey') {
      context.authorize([
        {
          action: 's3:ListBucket',
          resources: [buckets.arn(bucket.name)],
          resourcePolicy: bucket.policy,
          resourceAccountId: bucket.accountId,
        },
      ]);
    }
    throw error;
  }
}

function describe(bucket: Bucket, version: ObjectVersion, input: GetObjectRequest) {
  const { headers } = version;
  return {
    AcceptRanges: 'bytes',
    LastModified: version.lastModified,
    ContentLength: version.body.length,
    ETag: version.etag,
    VersionId: shownVersion(bucket, version.versionId),
    ContentType: input.ResponseContentType ?? headers.contentType ?? 'binary/octet-stream',
    ContentEncoding: input.ResponseContentEncoding ?? headers.contentEncoding,
    ContentDisposition: input.ResponseContentDisposition ?? headers.contentDisposition,
    ContentLanguage: input.ResponseContentLanguage ?? headers.contentLanguage,
    CacheControl: input.ResponseCacheControl ?? headers.cacheControl,
    ExpiresString: headers.expires,
    WebsiteRedirectLocation: headers.websiteRedirect,
    Metadata: headers.metadata,
    StorageClass: headers.storageClass === 'STANDARD' ? undefined : headers.storageClass,
    TagCount: version.tags.length > 0 ? version.tags.length : undefined,
    ...encryptionMembers(version.encryption),
    ...(input.ChecksumMode === 'ENABLED' && !input.Range ? version.checksums : {}),
  };
}

async function readObject(buckets: Buckets, input: GetObjectRequest, context: CallContext) {
  const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
  const version = findOrHide(buckets, bucket, input, context);
  checkRead(version, input);
  await openFor(buckets, bucket, version, context);
  const range = readRange(input.Range, version.body.length);
  const members = describe(bucket, version, input);
  if (!range) {
    return { members, body: version.body };
  }
  const body = version.body.subarray(range.start, range.end + 1);
  const ContentRange = `bytes ${range.start}-${range.end}/${version.body.length}`;
  return {
    members: { ...members, ContentLength: body.length, ContentRange, $metadata: { httpStatusCode: 206 } },
    body,
  };
}

function attributes(buckets: Buckets): Handler {
  return (input: GetObjectAttributesRequest, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const version = findVersion(bucket, input.Key ?? '', input.VersionId);
    const wanted = input.ObjectAttributes ?? [];
    return {
      LastModified: version.lastModified,
      VersionId: shownVersion(bucket, version.versionId),
      ETag: wanted.includes('ETag') ? version.etag.replaceAll('"', '') : undefined,
      ObjectSize: wanted.includes('ObjectSize') ? version.body.length : undefined,
      StorageClass: wanted.includes('StorageClass') ? (version.headers.storageClass ?? 'STANDARD') : undefined,
      Checksum:
        wanted.includes('Checksum') && Object.keys(version.checksums).length > 0 ? version.checksums : undefined,
      ObjectParts: wanted.includes('ObjectParts') && version.parts ? { TotalPartsCount: version.parts } : undefined,
    };
  };
}

function tagging(buckets: Buckets): Record<string, Handler> {
  const find = (input: { Bucket?: string; Key?: string; VersionId?: string }, context: CallContext) => {
    const bucket = buckets.at(input.Bucket, context);
    return { bucket, version: findVersion(bucket, input.Key ?? '', input.VersionId) };
  };
  return {
    GetObjectTagging: (input, context) => {
      const { bucket, version } = find(input, context);
      return { TagSet: version.tags, VersionId: shownVersion(bucket, version.versionId) };
    },
    PutObjectTagging: (input: { Bucket?: string; Key?: string; Tagging?: { TagSet?: Tag[] } }, context) => {
      const { bucket, version } = find(input, context);
      const tags = input.Tagging?.TagSet ?? [];
      if (tags.length > 10) {
        throw new ServiceError('BadRequest', 'Object tags cannot be greater than 10', 400);
      }
      version.tags = tags;
      return { VersionId: shownVersion(bucket, version.versionId) };
    },
    DeleteObjectTagging: (input, context) => {
      const { bucket, version } = find(input, context);
      version.tags = [];
      return { VersionId: shownVersion(bucket, version.versionId) };
    },
  };
}

/** Getting objects, their heads, attributes and tags. */
export function readOperations(buckets: Buckets): Record<string, Handler> {
  return {
    GetObject: async (input: GetObjectRequest, context) => {
      const { members, body } = await readObject(buckets, input, context);
      return { ...members, Body: body };
    },
    HeadObject: async (input: GetObjectRequest, context) => (await readObject(buckets, input, context)).members,
    GetObjectAttributes: attributes(buckets),
    ...tagging(buckets),
  };
}
