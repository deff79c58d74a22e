import type { AuthorizationRequest, CallContext } from '../core/service';
import type { Bucket, Buckets } from './state';
import { copySource, headerTags } from './write';

interface Input {
  Bucket?: string;
  Key?: string;
  VersionId?: string;
  CopySource?: string;
  Prefix?: string;
  Delimiter?: string;
  MaxKeys?: number;
  Tagging?: unknown;
  ServerSideEncryption?: string;
  SSEKMSKeyId?: string;
  ACL?: string;
  CreateBucketConfiguration?: { LocationConstraint?: string };
}

/** IAM actions that are not called as their operations are. */
const bucketActions: Record<string, string> = {
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  GetBucketCors: 'GetBucketCORS',
  PutBucketCors: 'PutBucketCORS',
  DeleteBucketCors: 'PutBucketCORS',
  GetBucketReplication: 'GetReplicationConfiguration',
  PutBucketReplication: 'PutReplicationConfiguration',
  DeleteBucketReplication: 'PutReplicationConfiguration',
  GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
  PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
  DeleteBucketTagging: 'PutBucketTagging',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
};

const objectActions: Record<string, string> = {
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
};

const versioned = [
  'GetObject',
  'DeleteObject',
  'GetObjectTagging',
  'PutObjectTagging',
  'DeleteObjectTagging',
  'GetObjectAcl',
  'GetObjectAttributes',
];

function on(bucket: Bucket | undefined, request: AuthorizationRequest): AuthorizationRequest {
  return { ...request, resourcePolicy: bucket?.policy, resourceAccountId: bucket?.accountId };
}

function objectConditions(input: Input): Record<string, string> {
  const tags = typeof input.Tagging === 'string' ? headerTags(input.Tagging) : [];
  return {
    ...(input.ServerSideEncryption ? { 's3:x-amz-server-side-encryption': input.ServerSideEncryption } : {}),
    ...(input.SSEKMSKeyId ? { 's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId } : {}),
    ...(input.ACL ? { 's3:x-amz-acl': input.ACL } : {}),
    ...(input.VersionId ? { 's3:VersionId': input.VersionId } : {}),
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`s3:RequestObjectTag/${Key}`, Value ?? ''])),
  };
}

function objectRequests(buckets: Buckets, operation: string, input: Input): AuthorizationRequest[] {
  const bucket = buckets.all.get(input.Bucket ?? '');
  const name = objectActions[operation] ?? operation;
  const action = `s3:${input.VersionId && versioned.includes(name) ? `${name.replace(/(?<=Object)/, 'Version')}` : name}`;
  const request = on(bucket, {
    action,
    resources: [`${buckets.arn(input.Bucket ?? '')}/${input.Key ?? ''}`],
    conditions: objectConditions(input),
  });
  if (!input.CopySource) {
    return [request];
  }
  const source = copySource(input.CopySource);
  const read = on(buckets.all.get(source.bucket), {
    action: source.versionId ? 's3:GetObjectVersion' : 's3:GetObject',
    resources: [`${buckets.arn(source.bucket)}/${source.key}`],
  });
  return [request, read];
}

/** What each operation of S3 asks of IAM. */
export function authorization(
  buckets: Buckets,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  if (operation === 'ListBuckets') {
    return [{ action: 's3:ListAllMyBuckets', resources: ['*'] }];
  }
  if (operation === 'CreateBucket') {
    const constraint = input.CreateBucketConfiguration?.LocationConstraint;
    const conditions = constraint ? { 's3:LocationConstraint': constraint } : undefined;
    return [{ action: 's3:CreateBucket', resources: [buckets.arn(input.Bucket ?? '')], conditions }];
  }
  // That there is no such bucket is told to everybody.
  if (!buckets.all.has(input.Bucket ?? '')) {
    return [];
  }
  // Each key is decided by itself.
  if (operation === 'DeleteObjects') {
    return [];
  }
  if (input.Key !== undefined) {
    return objectRequests(buckets, operation, input);
  }
  const bucket = buckets.all.get(input.Bucket ?? '');
  const listing = operation.startsWith('ListObject');
  const conditions = {
    ...(listing ? { 's3:prefix': input.Prefix ?? '' } : {}),
    ...(listing && input.Delimiter ? { 's3:delimiter': input.Delimiter } : {}),
    ...(listing && input.MaxKeys ? { 's3:max-keys': String(input.MaxKeys) } : {}),
    's3:ResourceAccount': bucket?.accountId ?? context.accountId,
  };
  const action = `s3:${bucketActions[operation] ?? operation}`;
  return [on(bucket, { action, resources: [buckets.arn(input.Bucket ?? '')], conditions })];
}
