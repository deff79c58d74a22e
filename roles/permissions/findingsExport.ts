import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RoleContext } from '../context';
import { allow } from './statement';

/** Name of the bucket that findings are exported to, where Garrison makes it. */
export function findingsBucketName({ securityAccountId, homeRegion }: RoleContext): string {
  return `garrison-findings-${securityAccountId}-${homeRegion}`;
}

/**
 * What exporting findings adds to the operator: the stack `garrison-findings` (its key is covered by the tag that all
 * of our keys carry), emptying its bucket when it is to go, and looking for prefixes in buckets of others.
 */
export function findingsExportStatements(context: RoleContext): PolicyStatement[] {
  const { own = false, prefixes = [] } = context.findingsExport ?? {};
  return [...(own ? ownBucket(context) : []), ...(prefixes.length > 0 ? foreignPrefixes(prefixes) : [])];
}

function ownBucket(context: RoleContext): PolicyStatement[] {
  const { partition, homeRegion, securityAccountId } = context;
  const bucket = `arn:${partition}:s3:::${findingsBucketName(context)}`;
  const alias = `arn:${partition}:kms:${homeRegion}:${securityAccountId}:alias/garrison-findings`;
  return [
    allow('FindingsBucket', bucketActions, [bucket]),
    allow('EmptyFindingsBucket', ['s3:DeleteObject', 's3:DeleteObjectVersion'], [`${bucket}/*`]),
    allow('FindingsKeyAlias', ['kms:CreateAlias', 'kms:DeleteAlias'], [alias]),
  ];
}

// Of the handlers of AWS::S3::Bucket and AWS::S3::BucketPolicy; reading a bucket, they ask for all that it can have.
const bucketActions = [
  ...['CreateBucket', 'DeleteBucket', 'ListBucket', 'ListBucketVersions'],
  ...['EncryptionConfiguration', 'LifecycleConfiguration'].flatMap((part) => [`Get${part}`, `Put${part}`]),
  ...['Versioning', 'PublicAccessBlock', 'Tagging', 'Policy'].flatMap((part) => [
    `GetBucket${part}`,
    `PutBucket${part}`,
  ]),
  'DeleteBucketPolicy',
  ...['Abac', 'CORS', 'Logging', 'MetadataTableConfiguration', 'Notification', 'ObjectLockConfiguration'].map(
    (part) => `GetBucket${part}`,
  ),
  ...['OwnershipControls', 'Website'].map((part) => `GetBucket${part}`),
  'ListTagsForResource',
  ...['Accelerate', 'Analytics', 'IntelligentTiering', 'Inventory', 'Metrics', 'Replication'].map(
    (part) => `Get${part}Configuration`,
  ),
].map((action) => `s3:${action}`);

/** GuardDuty looks for the prefix as whoever makes the destination. */
function foreignPrefixes(prefixes: readonly string[]): PolicyStatement[] {
  const buckets = [...new Set(prefixes.map((prefix) => prefix.split('/')[0] as string))];
  return [
    allow('FindExportPrefix', ['s3:ListBucket'], buckets),
    allow(
      'ReadExportPrefix',
      ['s3:GetObject'],
      prefixes.map((prefix) => `${prefix.replace(/\/*$/, '')}/*`),
    ),
  ];
}
