import { defineGuardrail, everybodyBut } from '../guardrail';
import { deny, type Statement } from '../statement';

/** Source: CloudTrail API reference; trails, event data stores, and what feeds or shares them. */
const actions = [
  'DeleteTrail',
  'StopLogging',
  'UpdateTrail',
  'PutEventSelectors',
  'PutInsightSelectors',
  'DeleteEventDataStore',
  'StopEventDataStoreIngestion',
  'UpdateEventDataStore',
  'DeleteChannel',
  'UpdateChannel',
  'DeleteResourcePolicy',
  'PutResourcePolicy',
  'DisableFederation',
  'DeregisterOrganizationDelegatedAdmin',
  'RegisterOrganizationDelegatedAdmin',
];

const bucketActions = [
  'BypassGovernanceRetention',
  'DeleteBucket',
  'DeleteBucketPolicy',
  'PutBucketAcl',
  'PutBucketObjectLockConfiguration',
  'PutBucketOwnershipControls',
  'PutBucketPolicy',
  'PutBucketPublicAccessBlock',
  'PutBucketVersioning',
  'PutEncryptionConfiguration',
  'PutLifecycleConfiguration',
  'PutReplicationConfiguration',
];
const objectActions = ['DeleteObject', 'DeleteObjectVersion', 'PutObjectRetention', 'PutObjectLegalHold'];

export const keepCloudtrail = defineGuardrail({
  id: 'keep-cloudtrail',
  title: 'CloudTrail keeps recording',
  prevents:
    'Nobody stops, deletes or narrows a trail or an event data store, in any account, nor, in buckets that are named, removes what was recorded.',
  makesUnnecessary: {
    detections: ['trail-stopped', 'trail-changed', 'trail-selectors-weakened'],
    responders: ['guard-switched-off'],
  },
  parameters: {
    logBuckets: {
      meaning: 'names of buckets that hold logs: nobody removes objects, or changes how they are kept',
      default: [],
      pattern: /^[a-z0-9*?][a-z0-9.*?-]{1,61}[a-z0-9*?]$/,
      wanted: 'a bucket name, in which * stands for any characters',
    },
  },
  statements: ({ logBuckets }, context) => {
    const conditions = everybodyBut(context, [context.own.responder]);
    return [
      deny(
        'KeepCloudTrail',
        actions.map((action) => `cloudtrail:${action}`),
        { conditions },
      ),
      ...buckets(logBuckets, context.partition, conditions),
    ];
  },
  exceptions: [
    'A trail of the organization is kept by the management account, for which service control policies do not hold.',
    'Creating trails stays free: more records do no harm.',
    'Objects that a lifecycle rule lets expire go as before: S3 does that itself.',
    'Garrison’s responder may put a trail back as it was, and removed objects.',
  ],
  gaps: [
    'Pipelines that change trails in member accounts need an exemption.',
    'A key that encrypts the logs can still be disabled by its administrators.',
  ],
});

function buckets(
  names: readonly string[],
  partition: string,
  conditions: ReturnType<typeof everybodyBut>,
): Statement[] {
  if (names.length === 0) {
    return [];
  }
  return [
    deny(
      'KeepLogs',
      [...bucketActions, ...objectActions].map((action) => `s3:${action}`),
      {
        resources: names.flatMap((name) => [`arn:${partition}:s3:::${name}`, `arn:${partition}:s3:::${name}/*`]),
        conditions,
      },
    ),
  ];
}
