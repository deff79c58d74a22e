import { type CloudTrailRecord, textAt } from '../../detections/record';

/** Prefixes of IAM that differ from the first word of CloudTrail's event source. */
const prefixes: Readonly<Record<string, string>> = {
  'catalog.marketplace': 'aws-marketplace',
  codewhisperer: 'q',
  email: 'ses',
  'entitlement.marketplace': 'aws-marketplace',
  'metering-marketplace': 'aws-marketplace',
  'models.lex': 'lex',
  monitoring: 'cloudwatch',
  'runtime.lex': 'lex',
  'streams.dynamodb': 'dynamodb',
  tagging: 'tag',
};

/**
 * Calls of S3 whose permission has another name. Source: S3 user guide, "Required permissions for Amazon S3 API
 * operations".
 */
const s3Actions: Readonly<Record<string, string>> = {
  AbortMultipartUpload: 'AbortMultipartUpload',
  CompleteMultipartUpload: 'PutObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  DeleteBucketPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeleteBucketReplication: 'PutReplicationConfiguration',
  DeleteObjects: 'DeleteObject',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  PutBucketLifecycle: 'PutLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  PutBucketReplication: 'PutReplicationConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
};

/** Versions at the end of some services' event names: `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`. */
const version = /(\d{8}(v\d+)?|\d{4}_\d{2}_\d{2})$/;

/** The action that IAM was asked about for a call, such as `lambda:UpdateFunctionCode`; undefined when it was none. */
export function actionOf(record: CloudTrailRecord): string | undefined {
  const source = textAt(record, 'eventSource');
  const event = textAt(record, 'eventName');
  const type = textAt(record, 'eventType');
  if (!source || !event || source === 'signin.amazonaws.com' || (type !== undefined && type !== 'AwsApiCall')) {
    return undefined;
  }
  const name = source.replace(/\.amazonaws\.com(\.cn)?$/, '');
  const operation = event.replace(version, '');
  if (name === 's3') {
    const versioned = operation === 'DeleteObject' && textAt(record, 'requestParameters.versionId') !== undefined;
    return `s3:${versioned ? 'DeleteObjectVersion' : (s3Actions[operation] ?? operation)}`;
  }
  return `${prefixes[name] ?? name}:${operation}`;
}

/** What event names of calls that need an action look like, with `*` for any characters. */
export function eventNamesOf(action: string): string[] {
  const [service, operation = '*'] = action.split(':');
  const renamed = Object.entries(s3Actions).filter(([, permission]) => service === 's3' && permission !== undefined);
  // A version may follow.
  return [`${operation}*`, ...renamed.map(([event]) => event)];
}
