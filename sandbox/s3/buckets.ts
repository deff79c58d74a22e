import type { CreateBucketRequest, ListBucketsRequest } from '@aws-sdk/client-s3';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { initialSettings, ownerId } from './settings';
import type { Bucket, Buckets } from './state';

const ipAddress = /^\d+\.\d+\.\d+\.\d+$/;

function checkName(name: string): void {
  const good =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !ipAddress.test(name) &&
    !/^(xn--|sthree-)|(-s3alias|--ol-s3)$/.test(name);
  if (!good) {
    throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
  }
}

function createBucket(buckets: Buckets): Handler {
  return (input: CreateBucketRequest, context) => {
    const name = input.Bucket ?? '';
    checkName(name);
    const constraint: string | undefined = input.CreateBucketConfiguration?.LocationConstraint;
    const region = constraint === 'EU' ? 'eu-west-1' : (constraint ?? 'us-east-1');
    const given = constraint === undefined ? 'unspecified' : constraint;
    if (region !== context.region) {
      throw new ServiceError(
        'IllegalLocationConstraintException',
        `The ${given} location constraint is incompatible for the region specific endpoint this request was sent to.`,
        400,
      );
    }
    if (constraint === 'us-east-1') {
      throw new ServiceError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
        LocationConstraint: constraint,
      });
    }
    const existing = buckets.all.get(name);
    if (existing && existing.accountId !== context.accountId) {
      throw new ServiceError(
        'BucketAlreadyExists',
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
        409,
        { BucketName: name },
      );
    }
    // In us-east-1 alone the owner may create a bucket again.
    if (existing && region !== 'us-east-1') {
      throw new ServiceError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: name },
      );
    }
    if (!existing) {
      buckets.all.set(name, newBucket(input, region, context.accountId, context.world.now()));
    }
    return {
      Location: region === 'us-east-1' ? `/${name}` : `http://${name}.s3.amazonaws.com/`,
      BucketArn: buckets.arn(name),
    };
  };
}

function newBucket(input: CreateBucketRequest, region: string, accountId: string, createdAt: Date): Bucket {
  const settings = initialSettings();
  if (input.ObjectOwnership) {
    settings.set('BucketOwnershipControls', { Rules: [{ ObjectOwnership: input.ObjectOwnership }] });
  }
  if (input.CreateBucketConfiguration?.Tags?.length) {
    settings.set('BucketTagging', { TagSet: input.CreateBucketConfiguration.Tags });
  }
  if (input.ObjectLockEnabledForBucket) {
    settings.set('ObjectLockConfiguration', { ObjectLockEnabled: 'Enabled' });
  }
  return {
    name: input.Bucket ?? '',
    region,
    accountId,
    createdAt,
    objects: new Map(),
    uploads: new Map(),
    settings,
    versioning: input.ObjectLockEnabledForBucket ? 'Enabled' : undefined,
  };
}

/** Creating, finding, listing and deleting buckets. */
export function bucketOperations(buckets: Buckets): Record<string, Handler> {
  return {
    CreateBucket: createBucket(buckets),
    DeleteBucket: (input, context) => {
      const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
      if ([...bucket.objects.values()].some((versions) => versions.length > 0)) {
        const message = bucket.versioning
          ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
          : 'The bucket you tried to delete is not empty';
        throw new ServiceError('BucketNotEmpty', message, 409, { BucketName: bucket.name });
      }
      buckets.all.delete(bucket.name);
      return {};
    },
    HeadBucket: (input, context) => {
      const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
      return { BucketRegion: bucket.region, BucketArn: buckets.arn(bucket.name), AccessPointAlias: false };
    },
    GetBucketLocation: (input, context) => {
      const { region } = buckets.at(input.Bucket, { ...context, request: undefined }, input.ExpectedBucketOwner);
      return { LocationConstraint: region === 'us-east-1' ? undefined : region };
    },
    ListBuckets: (input: ListBucketsRequest, context) => {
      const own = [...buckets.all.values()]
        .filter((bucket) => bucket.accountId === context.accountId)
        .filter((bucket) => bucket.name.startsWith(input.Prefix ?? ''))
        .filter((bucket) => !input.BucketRegion || bucket.region === input.BucketRegion)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = paginate(own, {
        token: input.ContinuationToken,
        size: input.MaxBuckets,
        maximum: 10_000,
        invalidCode: 'InvalidArgument',
      });
      const paged = input.MaxBuckets !== undefined || input.ContinuationToken !== undefined;
      const Buckets = page.items.map(({ name, createdAt, region }) => ({
        Name: name,
        CreationDate: createdAt,
        BucketRegion: paged ? region : undefined,
        BucketArn: paged ? buckets.arn(name) : undefined,
      }));
      return {
        Buckets,
        Owner: { ID: ownerId(context.accountId) },
        ContinuationToken: page.nextToken,
        Prefix: input.Prefix,
      };
    },
  };
}
