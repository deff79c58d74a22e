/** What CloudTrail makes of a call. */
export type EventKind = 'read' | 'write' | 'data' | 'none';

const readOnly =
  /^(Get|List|Describe|Head|Lookup|Search|Select|BatchGet|Filter|Validate|Simulate|Check|Decode|Generate|Estimate|Detect)/;

/** Reports are made, passwords are drawn: names of reading, but not all of them only read. */
const writes = new Set(['iam:GenerateCredentialReport', 'iam:GenerateServiceLastAccessedDetails']);

/** Data events: CloudTrail does not record them unless a trail asks for them. */
const dataPlane: Readonly<Record<string, RegExp>> = {
  s3: /Object|UploadPart|MultipartUpload|ListParts/,
  sqs: /Message/,
  sns: /^Publish/,
  lambda: /^Invoke/,
  dynamodb: /Item|^Query$|^Scan$|Transact|Statement/,
  events: /^PutEvents$/,
  logs: /^(PutLogEvents|FilterLogEvents|GetLogEvents)$/,
  monitoring: /^PutMetricData$/,
};

/** Not told here at all: there are too many of them, and nothing in this world looks at them. */
const untold: Readonly<Record<string, RegExp>> = {
  kms: /^(Encrypt|Decrypt|ReEncrypt|Sign|Verify|GenerateDataKey)/,
  sts: /./,
  slack: /./,
};

/** Settings of a bucket that bear the word of its objects. */
const managed = /^(Get|Put)(ObjectLockConfiguration|BucketObjectLockConfiguration)$/;

export function eventKind(service: string, operation: string): EventKind {
  if (untold[service]?.test(operation)) {
    return 'none';
  }
  if (dataPlane[service]?.test(operation) && !managed.test(operation)) {
    return 'data';
  }
  return isReadOnly(service, operation) ? 'read' : 'write';
}

export function isReadOnly(service: string, operation: string): boolean {
  return readOnly.test(operation) && !writes.has(`${service}:${operation}`);
}

/** Names of events that are not their operations': S3's own words, and the dates of Lambda's API. */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    PutBucketLifecycleConfiguration: 'PutBucketLifecycle',
    GetBucketLifecycleConfiguration: 'GetBucketLifecycle',
    PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
    GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
    DeletePublicAccessBlock: 'DeleteBucketPublicAccessBlock',
    PutBucketNotificationConfiguration: 'PutBucketNotification',
    GetBucketNotificationConfiguration: 'GetBucketNotification',
    PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
    GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
    PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
    GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
    ListObjectsV2: 'ListObjects',
  },
  lambda: {
    AddPermission: 'AddPermission20150331v2',
    CreateAlias: 'CreateAlias20150331',
    CreateEventSourceMapping: 'CreateEventSourceMapping20150331',
    CreateFunction: 'CreateFunction20150331',
    DeleteAlias: 'DeleteAlias20150331',
    DeleteEventSourceMapping: 'DeleteEventSourceMapping20150331',
    DeleteFunction: 'DeleteFunction20150331',
    DeleteFunctionConcurrency: 'DeleteFunctionConcurrency20171031',
    PublishVersion: 'PublishVersion20150331',
    PutFunctionConcurrency: 'PutFunctionConcurrency20171031',
    RemovePermission: 'RemovePermission20150331v2',
    TagResource: 'TagResource20170331v2',
    UntagResource: 'UntagResource20170331v2',
    UpdateAlias: 'UpdateAlias20150331',
    UpdateEventSourceMapping: 'UpdateEventSourceMapping20150331',
    UpdateFunctionCode: 'UpdateFunctionCode20150331v2',
    UpdateFunctionConfiguration: 'UpdateFunctionConfiguration20150331v2',
  },
};

export function eventName(service: string, operation: string): string {
  return names[service]?.[operation] ?? operation;
}
