import type {
  CopyObjectRequest,
  CreateMultipartUploadRequest,
  DeleteObjectRequest,
  DeleteObjectsRequest,
  PutObjectRequest,
} from '@aws-sdk/client-s3';
import type { Tag } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { checkBody, checkRead, checkWrite, etagOf } from './checks';
import { encryptionFor, encryptionMembers, openFor } from './encryption';
import type { Notifier } from './notifications';
import { findVersion } from './read';
import {
  type Bucket,
  type Buckets,
  newest,
  newVersionId,
  type ObjectHeaders,
  type ObjectVersion,
  shownVersion,
  store,
} from './state';

/** A body as the wire or another service hands it over. */
export function bytesOf(body: unknown): Buffer {
  if (typeof body === 'string') {
    return Buffer.from(body);
  }
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.alloc(0);
}

export function headersOf(input: PutObjectRequest | CreateMultipartUploadRequest | CopyObjectRequest): ObjectHeaders {
  return {
    contentType: input.ContentType,
    contentEncoding: input.ContentEncoding,
    contentDisposition: input.ContentDisposition,
    contentLanguage: input.ContentLanguage,
    cacheControl: input.CacheControl,
    expires: (input as { ExpiresString?: string }).ExpiresString ?? input.Expires?.toUTCString(),
    websiteRedirect: input.WebsiteRedirectLocation,
    metadata: input.Metadata,
    storageClass: input.StorageClass,
  };
}

/** Tags as the `x-amz-tagging` header has them. */
export function headerTags(text: string | undefined): Tag[] {
  return [...new URLSearchParams(text ?? '')].map(([Key, Value]) => ({ Key, Value }));
}

function checkKey(key: string | undefined): string {
  if (!key) {
    throw new ServiceError('InvalidArgument', 'Object key must not be empty', 400);
  }
  if (Buffer.byteLength(key) > 1024) {
    throw new ServiceError('KeyTooLongError', 'Your key is too long', 400, {
      Size: Buffer.byteLength(key),
      MaxSizeAllowed: 1024,
    });
  }
  return key;
}

/** Keeps a version and tells the bucket's listeners. */
export function keep(bucket: Bucket, version: ObjectVersion, notifier: Notifier, event: string): void {
  store(bucket, version);
  notifier.notify(bucket, event, version);
}

function putObject(buckets: Buckets, notifier: Notifier): Handler {
  return async (input: PutObjectRequest & { Body?: unknown }, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const key = checkKey(input.Key);
    checkWrite(newest(bucket, key), input);
    const body = bytesOf(input.Body);
    const checksums = checkBody(body, input);
    const encryption = await encryptionFor(buckets, bucket, key, input, context);
    const version: ObjectVersion = {
      key,
      versionId: newVersionId(bucket),
      deleteMarker: false,
      body,
      etag: etagOf(body),
      lastModified: context.world.now(),
      headers: headersOf(input),
      checksums,
      encryption,
      tags: headerTags(input.Tagging),
    };
    keep(bucket, version, notifier, 'ObjectCreated:Put');
    return {
      ETag: version.etag,
      VersionId: shownVersion(bucket, version.versionId),
      ...encryptionMembers(encryption),
      ...checksums,
      ...(Object.keys(checksums).length > 0 ? { ChecksumType: 'FULL_OBJECT' } : {}),
    };
  };
}

/** Bucket, key and version in an `x-amz-copy-source` header. */
export function copySource(text: string | undefined): { bucket: string; key: string; versionId?: string } {
  const [path = '', query] = (text ?? '').replace(/^\//, '').split('?versionId=');
  const slash = path.indexOf('/');
  if (slash < 1) {
    throw new ServiceError(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      400,
    );
  }
  return { bucket: path.slice(0, slash), key: decodeURIComponent(path.slice(slash + 1)), versionId: query };
}

function copyObject(buckets: Buckets, notifier: Notifier): Handler {
  return async (input: CopyObjectRequest, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const key = checkKey(input.Key);
    const from = copySource(input.CopySource);
    const fromBucket = buckets.at(from.bucket, { ...context, request: undefined }, input.ExpectedSourceBucketOwner);
    const source = findVersion(fromBucket, from.key, from.versionId);
    checkRead(source, {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    });
    const replaced = input.MetadataDirective === 'REPLACE';
    const toItself = fromBucket === bucket && source.key === key && !from.versionId;
    if (toItself && !replaced && !input.StorageClass && !input.ServerSideEncryption && !input.WebsiteRedirectLocation) {
      throw new ServiceError(
        'InvalidRequest',
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        400,
      );
    }
    await openFor(buckets, fromBucket, source, context);
    const encryption = await encryptionFor(buckets, bucket, key, input, context);
    const version: ObjectVersion = {
      ...source,
      key,
      versionId: newVersionId(bucket),
      etag: etagOf(source.body),
      parts: undefined,
      lastModified: context.world.now(),
      headers: replaced ? headersOf(input) : { ...source.headers, storageClass: input.StorageClass },
      encryption,
      tags: input.TaggingDirective === 'REPLACE' ? headerTags(input.Tagging) : [...source.tags],
    };
    keep(bucket, version, notifier, 'ObjectCreated:Copy');
    return {
      CopyObjectResult: { ETag: version.etag, LastModified: version.lastModified, ...version.checksums },
      CopySourceVersionId: shownVersion(fromBucket, source.versionId),
      VersionId: shownVersion(bucket, version.versionId),
      ...encryptionMembers(encryption),
    };
  };
}

/** Removes one version, or lays a delete marker over the key. */
function remove(bucket: Bucket, key: string, versionId: string | undefined, notifier: Notifier, context: CallContext) {
  const versions = bucket.objects.get(key) ?? [];
  if (versionId !== undefined || !bucket.versioning) {
    const wanted = versionId ?? 'null';
    const gone = versions.find((one) => one.versionId === wanted);
    const left = versions.filter((one) => one !== gone);
    if (left.length > 0) {
      bucket.objects.set(key, left);
    } else {
      bucket.objects.delete(key);
    }
    if (gone && !gone.deleteMarker) {
      notifier.notify(bucket, 'ObjectRemoved:Delete', gone);
    }
    return { DeleteMarker: gone?.deleteMarker || undefined, VersionId: versionId };
  }
  const marker: ObjectVersion = {
    key,
    versionId: newVersionId(bucket),
    deleteMarker: true,
    body: Buffer.alloc(0),
    etag: '',
    lastModified: context.world.now(),
    headers: {},
    checksums: {},
    tags: [],
  };
  keep(bucket, marker, notifier, 'ObjectRemoved:DeleteMarkerCreated');
  return { DeleteMarker: true, VersionId: marker.versionId };
}

function deleteObjects(buckets: Buckets, notifier: Notifier): Handler {
  return (input: DeleteObjectsRequest, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const objects = input.Delete?.Objects ?? [];
    if (objects.length === 0 || objects.length > 1000) {
      throw new ServiceError(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
        400,
      );
    }
    const Deleted = [];
    const Errors = [];
    for (const { Key = '', VersionId } of objects) {
      try {
        const action = VersionId ? 's3:DeleteObjectVersion' : 's3:DeleteObject';
        const resources = [`${buckets.arn(bucket.name)}/${Key}`];
        context.authorize([{ action, resources, resourcePolicy: bucket.policy, resourceAccountId: bucket.accountId }]);
        const gone = remove(bucket, Key, VersionId, notifier, context);
        const DeleteMarkerVersionId = gone.DeleteMarker ? gone.VersionId : undefined;
        Deleted.push({ Key, VersionId, DeleteMarker: gone.DeleteMarker, DeleteMarkerVersionId });
      } catch (error) {
        if (!(error instanceof ServiceError)) {
          throw error;
        }
        Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
      }
    }
    return { Deleted: input.Delete?.Quiet ? [] : Deleted, Errors: Errors.length > 0 ? Errors : undefined };
  };
}

/** Putting, copying and deleting objects. */
export function writeOperations(buckets: Buckets, notifier: Notifier): Record<string, Handler> {
  return {
    PutObject: putObject(buckets, notifier),
    CopyObject: copyObject(buckets, notifier),
    DeleteObject: (input: DeleteObjectRequest, context) => {
      const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
      return remove(bucket, checkKey(input.Key), input.VersionId, notifier, context);
    },
    DeleteObjects: deleteObjects(buckets, notifier),
  };
}
