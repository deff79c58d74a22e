import type { ListObjectsRequest, ListObjectsV2Request, ListObjectVersionsRequest } from '@aws-sdk/client-s3';
import { ServiceError } from '../core/errors';
import type { Handler } from '../core/service';
import { ownerId } from './settings';
import { type Bucket, type Buckets, newest, type ObjectVersion } from './state';

interface Query {
  readonly prefix: string;
  readonly delimiter?: string;
  /** Keys up to this one, it included, have been told. */
  readonly after: string;
  readonly limit: number;
}

interface Listing {
  readonly keys: string[];
  readonly prefixes: string[];
  /** The last key or prefix told, when there is more. */
  readonly last?: string;
}

/** S3 orders keys by their UTF-8 bytes. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function groupOf(key: string, query: Query): string | undefined {
  if (!query.delimiter) {
    return undefined;
  }
  const end = key.indexOf(query.delimiter, query.prefix.length);
  return end < 0 ? undefined : key.slice(0, end + query.delimiter.length);
}

function list(keys: readonly string[], query: Query): Listing {
  const found: Listing & { keys: string[]; prefixes: string[] } = { keys: [], prefixes: [] };
  let last = '';
  for (const key of keys) {
    const group = groupOf(key, query);
    const name = group ?? key;
    const told = byBytes(name, query.after) <= 0 || (group && query.after.startsWith(group)) || name === last;
    if (!key.startsWith(query.prefix) || (query.after && told) || (group && name === last)) {
      continue;
    }
    if (found.keys.length + found.prefixes.length >= query.limit) {
      return { ...found, last };
    }
    last = name;
    (group ? found.prefixes : found.keys).push(name);
  }
  return found;
}

function liveKeys(bucket: Bucket): string[] {
  return [...bucket.objects.keys()].filter((key) => newest(bucket, key)?.deleteMarker === false).sort(byBytes);
}

function limitOf(given: number | undefined): number {
  if (given !== undefined && given < 0) {
    throw new ServiceError('InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647', 400, {
      ArgumentName: 'maxKeys',
      ArgumentValue: given,
    });
  }
  return Math.min(given ?? 1000, 1000);
}

function encoder(type: string | undefined): (text: string) => string {
  return type === 'url'
    ? (text) => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+')
    : (text) => text;
}

function content(bucket: Bucket, key: string, encode: (text: string) => string, withOwner: boolean) {
  const version = newest(bucket, key);
  return {
    Key: encode(key),
    LastModified: version?.lastModified,
    ETag: version?.etag,
    Size: version?.body.length,
    StorageClass: version?.headers.storageClass ?? 'STANDARD',
    Owner: withOwner ? { ID: ownerId(bucket.accountId) } : undefined,
  };
}

function listV2(buckets: Buckets): Handler {
  return (input: ListObjectsV2Request, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const token = input.ContinuationToken && Buffer.from(input.ContinuationToken, 'base64url').toString('utf8');
    if (input.ContinuationToken === '') {
      throw new ServiceError('InvalidArgument', 'The continuation token provided is incorrect', 400);
    }
    const limit = limitOf(input.MaxKeys);
    const query = {
      prefix: input.Prefix ?? '',
      delimiter: input.Delimiter,
      after: token ?? input.StartAfter ?? '',
      limit,
    };
    const found = limit === 0 ? { keys: [], prefixes: [] } : list(liveKeys(bucket), query);
    const encode = encoder(input.EncodingType);
    return {
      Name: bucket.name,
      Prefix: encode(query.prefix),
      Delimiter: input.Delimiter && encode(input.Delimiter),
      StartAfter: input.StartAfter && encode(input.StartAfter),
      MaxKeys: limit,
      EncodingType: input.EncodingType,
      KeyCount: found.keys.length + found.prefixes.length,
      IsTruncated: found.last !== undefined,
      ContinuationToken: input.ContinuationToken,
      NextContinuationToken: found.last === undefined ? undefined : Buffer.from(found.last).toString('base64url'),
      Contents:
        found.keys.length > 0
          ? found.keys.map((key) => content(bucket, key, encode, input.FetchOwner ?? false))
          : undefined,
      CommonPrefixes:
        found.prefixes.length > 0 ? found.prefixes.map((Prefix) => ({ Prefix: encode(Prefix) })) : undefined,
    };
  };
}

function listV1(buckets: Buckets): Handler {
  return (input: ListObjectsRequest, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const limit = limitOf(input.MaxKeys);
    const query = { prefix: input.Prefix ?? '', delimiter: input.Delimiter, after: input.Marker ?? '', limit };
    const found = limit === 0 ? { keys: [], prefixes: [] } : list(liveKeys(bucket), query);
    const encode = encoder(input.EncodingType);
    return {
      Name: bucket.name,
      Prefix: encode(query.prefix),
      Marker: encode(query.after),
      Delimiter: input.Delimiter && encode(input.Delimiter),
      MaxKeys: limit,
      EncodingType: input.EncodingType,
      IsTruncated: found.last !== undefined,
      NextMarker: found.last !== undefined && input.Delimiter ? encode(found.last) : undefined,
      Contents: found.keys.length > 0 ? found.keys.map((key) => content(bucket, key, encode, true)) : undefined,
      CommonPrefixes:
        found.prefixes.length > 0 ? found.prefixes.map((Prefix) => ({ Prefix: encode(Prefix) })) : undefined,
    };
  };
}

/** Versions in the order in which S3 tells them: by key, the newest of each first. */
function versionsAfter(bucket: Bucket, input: ListObjectVersionsRequest): ObjectVersion[] {
  const { KeyMarker = '', VersionIdMarker } = input;
  const keys = [...bucket.objects.keys()].sort(byBytes);
  return keys.flatMap((key) => {
    const versions = [...(bucket.objects.get(key) ?? [])].reverse();
    if (byBytes(key, KeyMarker) < 0) {
      return [];
    }
    if (key !== KeyMarker || !KeyMarker) {
      return versions;
    }
    const at = versions.findIndex((version) => version.versionId === VersionIdMarker);
    return at < 0 ? [] : versions.slice(at + 1);
  });
}

function listVersions(buckets: Buckets): Handler {
  return (input: ListObjectVersionsRequest, context) => {
    const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
    const limit = limitOf(input.MaxKeys);
    const encode = encoder(input.EncodingType);
    const query = { prefix: input.Prefix ?? '', delimiter: input.Delimiter, after: '', limit };
    const wanted = versionsAfter(bucket, input).filter((version) => version.key.startsWith(query.prefix));
    const prefixes = new Set(wanted.map((version) => groupOf(version.key, query)).filter((one) => one !== undefined));
    const plain = wanted.filter((version) => groupOf(version.key, query) === undefined);
    const shown = plain.slice(0, limit);
    const last = plain.length > limit ? shown.at(-1) : undefined;
    const entry = (version: ObjectVersion) => ({
      Key: encode(version.key),
      VersionId: version.versionId,
      IsLatest: newest(bucket, version.key) === version,
      LastModified: version.lastModified,
      Owner: { ID: ownerId(bucket.accountId) },
    });
    const size = (version: ObjectVersion) => ({
      ETag: version.etag,
      Size: version.body.length,
      StorageClass: version.headers.storageClass ?? 'STANDARD',
    });
    const versions = shown.filter((version) => !version.deleteMarker);
    const markers = shown.filter((version) => version.deleteMarker);
    return {
      Name: bucket.name,
      Prefix: encode(query.prefix),
      KeyMarker: encode(input.KeyMarker ?? ''),
      VersionIdMarker: input.VersionIdMarker ?? '',
      Delimiter: input.Delimiter && encode(input.Delimiter),
      MaxKeys: limit,
      EncodingType: input.EncodingType,
      IsTruncated: last !== undefined,
      NextKeyMarker: last && encode(last.key),
      NextVersionIdMarker: last?.versionId,
      Versions: versions.length > 0 ? versions.map((version) => ({ ...entry(version), ...size(version) })) : undefined,
      DeleteMarkers: markers.length > 0 ? markers.map(entry) : undefined,
      CommonPrefixes: prefixes.size > 0 ? [...prefixes].map((Prefix) => ({ Prefix: encode(Prefix) })) : undefined,
    };
  };
}

/** ListObjects, ListObjectsV2, ListObjectVersions. */
export function listOperations(buckets: Buckets): Record<string, Handler> {
  return {
    ListObjects: listV1(buckets),
    ListObjectsV2: listV2(buckets),
    ListObjectVersions: listVersions(buckets),
  };
}
