import { createHash, randomBytes } from 'node:crypto';
import type {
  CompleteMultipartUploadRequest,
  CreateMultipartUploadRequest,
  ListMultipartUploadsRequest,
  ListPartsRequest,
  UploadPartCopyRequest,
  UploadPartRequest,
} from '@aws-sdk/client-s3';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { checkBody, checkWrite, etagOf, readRange } from './checks';
import { encryptionFor, encryptionMembers, openFor } from './encryption';
import type { Notifier } from './notifications';
import { findVersion } from './read';
import {
  type Bucket,
  type Buckets,
  newest,
  newVersionId,
  type ObjectVersion,
  shownVersion,
  type Upload,
} from './state';
import { bytesOf, copySource, headersOf, headerTags, keep } from './write';

const smallestPart = 5 * 1024 * 1024;

interface Reference {
  Bucket?: string;
  Key?: string;
  UploadId?: string;
  ExpectedBucketOwner?: string;
}

function find(buckets: Buckets, input: Reference, context: CallContext): { bucket: Bucket; upload: Upload } {
  const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
  const upload = bucket.uploads.get(input.UploadId ?? '');
  if (!upload || upload.key !== input.Key) {
    throw new ServiceError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId: input.UploadId },
    );
  }
  return { bucket, upload };
}

function create(buckets: Buckets): Handler {
  return async (input: CreateMultipartUploadRequest, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const key = input.Key ?? '';
    const encryption = await encryptionFor(buckets, bucket, key, input, context);
    const id = randomBytes(48).toString('base64url');
    const initiated = context.world.now();
    bucket.uploads.set(id, {
      id,
      key,
      initiated,
      headers: headersOf(input),
      encryption,
      tags: headerTags(input.Tagging),
      parts: new Map(),
    });
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: id,
      ChecksumAlgorithm: input.ChecksumAlgorithm,
      ChecksumType: input.ChecksumType,
      ...encryptionMembers(encryption),
    };
  };
}

function checkNumber(number: number | undefined): number {
  if (!number || number < 1 || number > 10_000) {
    throw new ServiceError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', 400, {
      ArgumentName: 'partNumber',
      ArgumentValue: number,
    });
  }
  return number;
}

function uploadPart(buckets: Buckets): Handler {
  return (input: UploadPartRequest & { Body?: unknown }, context) => {
    const { upload } = find(buckets, input, context);
    const number = checkNumber(input.PartNumber);
    const body = bytesOf(input.Body);
    const checksums = checkBody(body, input);
    const etag = etagOf(body);
    upload.parts.set(number, { body, etag, lastModified: context.world.now() });
    return { ETag: etag, ...encryptionMembers(upload.encryption), ...checksums };
  };
}

function uploadPartCopy(buckets: Buckets): Handler {
  return async (input: UploadPartCopyRequest, context) => {
    const { upload } = find(buckets, input, context);
    const number = checkNumber(input.PartNumber);
    const from = copySource(input.CopySource);
    const fromBucket = buckets.at(from.bucket, { ...context, request: undefined });
    const source = findVersion(fromBucket, from.key, from.versionId);
    await openFor(buckets, fromBucket, source, context);
    const range = readRange(input.CopySourceRange, source.body.length);
    const body = range ? source.body.subarray(range.start, range.end + 1) : source.body;
    const part = { body, etag: etagOf(body), lastModified: context.world.now() };
    upload.parts.set(number, part);
    return { CopyPartResult: { ETag: part.etag, LastModified: part.lastModified } };
  };
}

/** The parts that a completion names, in order. */
function chosenParts(upload: Upload, input: CompleteMultipartUploadRequest) {
  const wanted = input.MultipartUpload?.Parts ?? [];
  if (wanted.length === 0) {
    throw new ServiceError(
      'MalformedXML',
      'The XML you provided was not well-formed or did not validate against our published schema',
      400,
    );
  }
  let before = 0;
  return wanted.map(({ PartNumber = 0, ETag = '' }, index) => {
    if (PartNumber <= before) {
      throw new ServiceError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
        400,
      );
    }
    before = PartNumber;
    const part = upload.parts.get(PartNumber);
    if (!part || part.etag.replaceAll('"', '') !== ETag.replaceAll('"', '')) {
      throw new ServiceError(
        'InvalidPart',
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { PartNumber, ETag, UploadId: upload.id },
      );
    }
    if (part.body.length < smallestPart && index < wanted.length - 1) {
      throw new ServiceError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ProposedSize: part.body.length,
        MinSizeAllowed: smallestPart,
        PartNumber,
        ETag,
      });
    }
    return part;
  });
}

function complete(buckets: Buckets, notifier: Notifier): Handler {
  return (input: CompleteMultipartUploadRequest, context) => {
    const { bucket, upload } = find(buckets, input, context);
    checkWrite(newest(bucket, upload.key), input);
    const parts = chosenParts(upload, input);
    const digest = createHash('md5');
    for (const part of parts) {
      digest.update(Buffer.from(part.etag.replaceAll('"', ''), 'hex'));
    }
    const version: ObjectVersion = {
      key: upload.key,
      versionId: newVersionId(bucket),
      deleteMarker: false,
      body: Buffer.concat(parts.map((part) => part.body)),
      etag: `"${digest.digest('hex')}-${parts.length}"`,
      lastModified: context.world.now(),
      headers: upload.headers,
      checksums: {},
      encryption: upload.encryption,
      parts: parts.length,
      tags: upload.tags,
    };
    bucket.uploads.delete(upload.id);
    keep(bucket, version, notifier, 'ObjectCreated:CompleteMultipartUpload');
    return {
      Location: `${context.world.endpoint}/${bucket.name}/${encodeURIComponent(upload.key)}`,
      Bucket: bucket.name,
      Key: upload.key,
      ETag: version.etag,
      VersionId: shownVersion(bucket, version.versionId),
      ...encryptionMembers(version.encryption),
    };
  };
}

function listing(buckets: Buckets): Record<string, Handler> {
  return {
    ListParts: (input: ListPartsRequest, context) => {
      const { bucket, upload } = find(buckets, input, context);
      const marker = Number(input.PartNumberMarker ?? 0);
      const limit = Math.min(input.MaxParts ?? 1000, 1000);
      const all = [...upload.parts].filter(([number]) => number > marker).sort(([a], [b]) => a - b);
      const shown = all.slice(0, limit);
      return {
        Bucket: bucket.name,
        Key: upload.key,
        UploadId: upload.id,
        PartNumberMarker: String(marker),
        NextPartNumberMarker: String(shown.at(-1)?.[0] ?? 0),
        MaxParts: limit,
        IsTruncated: all.length > limit,
        StorageClass: upload.headers.storageClass ?? 'STANDARD',
        Parts: shown.map(([PartNumber, part]) => ({
          PartNumber,
          ETag: part.etag,
          Size: part.body.length,
          LastModified: part.lastModified,
        })),
      };
    },
    ListMultipartUploads: (input: ListMultipartUploadsRequest, context) => {
      const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
      const limit = Math.min(input.MaxUploads ?? 1000, 1000);
      const all = [...bucket.uploads.values()]
        .filter((upload) => upload.key.startsWith(input.Prefix ?? '') && upload.key > (input.KeyMarker ?? ''))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
      const shown = all.slice(0, limit);
      return {
        Bucket: bucket.name,
        Prefix: input.Prefix,
        KeyMarker: input.KeyMarker ?? '',
        MaxUploads: limit,
        IsTruncated: all.length > limit,
        NextKeyMarker: all.length > limit ? shown.at(-1)?.key : undefined,
        Uploads: shown.map((upload) => ({
          Key: upload.key,
          UploadId: upload.id,
          Initiated: upload.initiated,
          StorageClass: upload.headers.storageClass ?? 'STANDARD',
        })),
      };
    },
  };
}

/** Uploads in parts. */
export function multipartOperations(buckets: Buckets, notifier: Notifier): Record<string, Handler> {
  return {
    CreateMultipartUpload: create(buckets),
    UploadPart: uploadPart(buckets),
    UploadPartCopy: uploadPartCopy(buckets),
    CompleteMultipartUpload: complete(buckets, notifier),
    AbortMultipartUpload: (input: Reference, context) => {
      const { bucket, upload } = find(buckets, input, context);
      bucket.uploads.delete(upload.id);
      return {};
    },
    ...listing(buckets),
  };
}
