import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = [
  'PutBucketAcl',
  'PutBucketPolicy',
  'PutBucketCors',
  'PutBucketLifecycle',
  'PutBucketReplication',
  'DeleteBucketPolicy',
  'DeleteBucketCors',
  'DeleteBucketLifecycle',
  'DeleteBucketReplication',
] as const;

export const s3BucketPolicyChanged = defineDetection({
  id: 's3-bucket-policy-changed',
  title: 'Who may use an S3 bucket was changed',
  severity: 'medium',
  meaning: 'The bucket’s policy, access list, lifecycle, sharing with web pages or replication is different now.',
  runbook: [
    'Read the policy or list: does it let in anybody from outside?',
    'Set it back if nobody stands by it; look at the bucket’s access log for what was read meanwhile.',
  ],
  references: { cis: cisMonitoring(8), securityHub: ['CloudWatch.8'], attack: ['T1530', 'T1537'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('s3.amazonaws.com', ...names),
  exact: [{ control: 'CloudWatch.8', pattern: `{($.eventSource=s3.amazonaws.com) && (${eventNames(names)})}` }],
  fields: ['requestParameters.bucketName'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.bucketName', 'eventName'],
  firing: [
    example(
      'A policy is put',
      apiCall('s3.amazonaws.com', 'PutBucketPolicy', { requestParameters: { bucketName: 'papers' } }),
    ),
  ],
  quiet: [
    example('It was refused', apiCall('s3.amazonaws.com', 'PutBucketPolicy', denied)),
    example('Another service has a call of that name', apiCall('ec2.amazonaws.com', 'DeleteBucketReplication')),
  ],
});
