import { randomBytes } from 'node:crypto';
import type { Tag } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import type { World } from '../core/world';

/** What travels with an object's bytes. */
export interface ObjectHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  readonly expires?: string;
  readonly websiteRedirect?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
}

/** How an object is kept secret. */
export interface Encryption {
  readonly algorithm: string;
  readonly keyArn?: string;
  readonly bucketKey?: boolean;
  /** The data key under the KMS key. */
  readonly encryptedKey?: Uint8Array;
}

export interface ObjectVersion {
  readonly key: string;
  /** `null` for objects that were put while versioning was not on. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly body: Buffer;
  /** In quotes, as it goes over the wire. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly headers: ObjectHeaders;
  readonly checksums: Readonly<Record<string, string>>;
  readonly encryption?: Encryption;
  readonly parts?: number;
  tags: Tag[];
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly headers: ObjectHeaders;
  readonly encryption?: Encryption;
  readonly tags: Tag[];
  readonly parts: Map<number, { body: Buffer; etag: string; lastModified: Date }>;
}

export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly createdAt: Date;
  /** Versions of each key, oldest first. */
  readonly objects: Map<string, ObjectVersion[]>;
  readonly uploads: Map<string, Upload>;
  /** Sub-resources as they were put, by name: `cors`, `encryption`, `lifecycle`, … */
  readonly settings: Map<string, unknown>;
  versioning?: 'Enabled' | 'Suspended';
  policy?: string;
}

/** All buckets of a world: their names are unique in the partition. */
export class Buckets {
  readonly all = new Map<string, Bucket>();

  constructor(readonly world: World) {}

  arn(name: string): string {
    return `arn:${this.world.partition}:s3:::${name}`;
  }

  /** @throws ServiceError `NoSuchBucket`, `PermanentRedirect`, `AccessDenied` for another owner than expected */
  at(name: string | undefined, context: CallContext, expectedOwner?: string): Bucket {
    const bucket = this.all.get(name ?? '');
    if (!bucket) {
      throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    }
    if (expectedOwner && expectedOwner !== bucket.accountId) {
      throw new ServiceError('AccessDenied', 'Access Denied', 403);
    }
    // Regions have endpoints of their own; a request that was signed for another region went to the wrong one.
    if (context.request && context.region !== bucket.region && context.caller.kind !== 'anonymous') {
      throw new ServiceError(
        'PermanentRedirect',
        'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
        301,
        { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name, Region: bucket.region },
      );
    }
    return bucket;
  }
}

/** The newest version of a key, delete marker or not. */
export function newest(bucket: Bucket, key: string): ObjectVersion | undefined {
  return bucket.objects.get(key)?.at(-1);
}

export function newVersionId(bucket: Bucket): string {
  return bucket.versioning === 'Enabled' ? randomBytes(24).toString('base64url') : 'null';
}

/** Adds a version; while versioning is not on it takes the place of the `null` one. */
export function store(bucket: Bucket, version: ObjectVersion): void {
  const before = bucket.objects.get(version.key) ?? [];
  const kept = version.versionId === 'null' ? before.filter((one) => one.versionId !== 'null') : before;
  bucket.objects.set(version.key, [...kept, version]);
}

/** Answers tell version ids only for buckets that have had versioning. */
export function shownVersion(bucket: Bucket, versionId: string): string | undefined {
  return bucket.versioning ? versionId : undefined;
}
