import { any, calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const s3ProtectionRemoved = defineDetection({
  id: 's3-protection-removed',
  title: 'A protection of an S3 bucket was changed',
  severity: 'high',
  meaning:
    'The public access block keeps a bucket private whatever its policy says; versioning lets deleted objects come back. One of them was changed, or the whole bucket deleted.',
  runbook: [
    'Look at the bucket’s public access block and versioning, and at those of the account.',
    'Switch them on again, and see whether anything was read or deleted meanwhile.',
  ],
  references: { cis: [], attack: ['T1530', 'T1485'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () =>
    any(
      calls(
        's3.amazonaws.com',
        'PutBucketPublicAccessBlock',
        'DeleteBucketPublicAccessBlock',
        'PutAccountPublicAccessBlock',
        'DeleteAccountPublicAccessBlock',
        'PutBucketVersioning',
        'PutBucketObjectLockConfiguration',
        'DeleteBucketEncryption',
        'DeleteBucket',
      ),
    ),
  fields: ['requestParameters.bucketName'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.bucketName', 'eventName'],
  firing: [
    example(
      'The block is removed',
      apiCall('s3.amazonaws.com', 'DeleteBucketPublicAccessBlock', { requestParameters: { bucketName: 'papers' } }),
    ),
    example('Versioning is changed', apiCall('s3.amazonaws.com', 'PutBucketVersioning')),
  ],
  quiet: [
    example('It was refused', apiCall('s3.amazonaws.com', 'DeleteBucketPublicAccessBlock', denied)),
    example('The block is read', apiCall('s3.amazonaws.com', 'GetBucketPublicAccessBlock', { readOnly: true })),
  ],
});
