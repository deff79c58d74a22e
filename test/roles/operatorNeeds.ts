import { all, type Need, roleNeeds } from './needs';

const account = '100000000002';
const home = 'us-east-1';
const here = (service: string, resource: string) => `arn:aws:${service}:${home}:${account}:${resource}`;

/** What the command itself calls as the operator: guardduty/, cloudformation/, organization/ and scripts/drill. */
const own: readonly Need[] = [
  ...all('sts', ['AssumeRole'], 'arn:aws:iam::100000000003:role/GarrisonMember'),
  ...all('account', ['ListRegions'], '*'),
  ...all('organizations', ['ListAccounts', 'ListRoots', 'ListAccountsForParent'], '*'),
  ...all('organizations', ['ListOrganizationalUnitsForParent'], '*'),
  ...all('guardduty', ['ListDetectors'], '*'),
  ...all(
    'guardduty',
    ['GetDetector', 'UpdateDetector', 'GetAdministratorAccount', 'ListMembers', 'GetMembers', 'CreateMembers'].concat(
      [
        'InviteMembers',
        'DisassociateMembers',
        'DeleteMembers',
        'StartMonitoringMembers',
        'GetMemberDetectors',
        'UpdateMemberDetectors',
        'DescribeOrganizationConfiguration',
        'UpdateOrganizationConfiguration',
      ],
      ['CreateSampleFindings', 'ListFindings', 'GetFindings'],
    ),
    `arn:aws:guardduty:eu-west-1:${account}:detector/12abc`,
  ),
  ...all(
    'guardduty',
    ['Filter', 'IPSet', 'ThreatIntelSet']
      .flatMap((kind) => ['Get', 'Create', 'Update', 'Delete'].map((verb) => verb + kind).concat(`List${kind}s`))
      .concat(
        ['Describe', 'Create', 'Update', 'Delete'].map((verb) => `${verb}PublishingDestination`),
        ['ListPublishingDestinations'],
      ),
    `arn:aws:guardduty:eu-west-1:${account}:detector/12abc`,
  ),
  ...['filter', 'list', 'destination'].map((value) => ({
    action: 'guardduty:TagResource',
    resource: `arn:aws:guardduty:eu-west-1:${account}:detector/12abc/filter/known-scanner`,
    context: { 'aws:RequestTag/garrison': value },
  })),
  ...all(
    'iam',
    ['PutRolePolicy', 'DeleteRolePolicy'],
    `arn:aws:iam::${account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
  ),
  ...all(
    'cloudformation',
    [
      'CreateChangeSet',
      'DescribeChangeSet',
      'ExecuteChangeSet',
      'DeleteChangeSet',
      'DeleteStack',
      'DescribeStacks',
    ].concat(['DescribeStackEvents', 'GetTemplate']),
    here('cloudformation', 'stack/garrison-security/1a2b'),
  ),
  ...all(
    'cloudformation',
    [
      'DescribeStackSet',
      'CreateStackInstances',
      'UpdateStackInstances',
      'DeleteStackInstances',
      'ListStackInstances',
    ].concat(
      ['DescribeStackInstance', 'ListStackSetOperations', 'DescribeStackSetOperation', 'ListStackSetOperationResults'],
      ['StopStackSetOperation', 'DetectStackSetDrift', 'ListStackInstanceResourceDrifts'],
    ),
    here('cloudformation', 'stackset/garrison-detectors:1a2b'),
  ),
  ...all(
    's3',
    ['ListBucket', 'GetBucketLocation', 'GetEncryptionConfiguration'],
    `arn:aws:s3:::garrison-assets-${account}-${home}`,
  ),
  ...all('s3', ['GetObject', 'PutObject'], `arn:aws:s3:::garrison-assets-${account}-${home}/1a2b.json`),
  ...all('dynamodb', ['GetItem'], here('dynamodb', 'table/garrison-alerts')),
];

/** What the handlers of the resource types in `garrison-security` call. Source: AWS's schemas of resource types. */
const handlers: readonly Need[] = [
  ...all(
    'cloudformation',
    ['CreateStackSet', 'UpdateStackSet', 'DeleteStackSet', 'TagResource', 'UntagResource'],
    here('cloudformation', 'stackset/garrison-detectors:1a2b'),
  ),
  ...all('cloudformation', ['CreateStackInstances'], here('cloudformation', 'stackset-target/garrison-detectors:1a2b')),
  ...all('cloudformation', ['CreateStackSet'], `arn:aws:cloudformation:${home}::type/resource/AWS-GuardDuty-Detector`),
  ...all('cloudformation', ['GetTemplateSummary'], '*'),
  ...passing('AWSCloudFormationStackSetAdministrationRoleForSecurity', 'cloudformation.amazonaws.com'),
  ...all('iam', ['GetRole'], `arn:aws:iam::${account}:role/AWSCloudFormationStackSetAdministrationRoleForSecurity`),
  ...ownedNeeds('garrison-alerts', 'garrison-alerts', 'garrison-notifier'),
  ...roleNeeds(account, 'garrison-events'),
  ...all(
    'events',
    [
      'CreateEventBus',
      'DescribeEventBus',
      'UpdateEventBus',
      'DeleteEventBus',
      'PutPermission',
      'RemovePermission',
    ].concat(['TagResource', 'UntagResource', 'ListTagsForResource']),
    here('events', 'event-bus/garrison'),
  ),
  ...all(
    'events',
    ['PutRule', 'DescribeRule', 'DeleteRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule', 'TagResource'].concat(
      ['UntagResource', 'ListTagsForResource'],
    ),
    here('events', 'rule/garrison/garrison-findings'),
  ),
  ...all(
    'events',
    ['PutRule', 'DescribeRule', 'DeleteRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule'],
    here('events', 'rule/garrison-self-test'),
  ),
  ...all(
    'sns',
    ['CreateTopic', 'GetTopicAttributes', 'SetTopicAttributes', 'DeleteTopic', 'TagResource', 'UntagResource'].concat([
      'ListTagsForResource',
      'ListSubscriptionsByTopic',
      'GetDataProtectionPolicy',
      'Subscribe',
    ]),
    here('sns', 'garrison-alarms'),
  ),
  ...all('sns', ['GetSubscriptionAttributes', 'Unsubscribe'], '*'),
  ...all(
    'cloudwatch',
    ['PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms', 'TagResource', 'UntagResource', 'ListTagsForResource'],
    here('cloudwatch', 'alarm:garrison-heartbeat'),
  ),
  ...all('lambda', ['GetEventSourceMapping', 'ListEventSourceMappings'], '*'),
  ...all('logs', ['DescribeLogGroups'], '*'),
  ...['kms:CreateKey', 'kms:TagResource'].map((action) => ({
    action,
    resource: action === 'kms:CreateKey' ? '*' : here('kms', 'key/1a2b'),
    context: { 'aws:RequestTag/garrison': 'key' },
  })),
  ...all(
    'kms',
    [
      'DescribeKey',
      'GetKeyPolicy',
      'PutKeyPolicy',
      'GetKeyRotationStatus',
      'EnableKeyRotation',
      'ListResourceTags',
    ].concat([
      'UntagResource',
      'UpdateKeyDescription',
      'ScheduleKeyDeletion',
      'CreateAlias',
      'UpdateAlias',
      'DeleteAlias',
    ]),
    here('kms', 'key/1a2b'),
    { 'aws:ResourceTag/garrison': 'key' },
  ),
  ...all('kms', ['CreateAlias', 'UpdateAlias', 'DeleteAlias'], here('kms', 'alias/garrison')),
  ...all('kms', ['ListAliases'], '*'),
];

/** A queue with its dead letters, a table, and a function with its role. */
export function ownedNeeds(queue: string, table: string, name: string): Need[] {
  return [
    ...roleNeeds(account, name),
    ...passing(name, 'lambda.amazonaws.com'),
    ...[queue, `${queue}-dead-letter`].flatMap((each) =>
      all(
        'sqs',
        [
          'CreateQueue',
          'GetQueueAttributes',
          'SetQueueAttributes',
          'GetQueueUrl',
          'DeleteQueue',
          'TagQueue',
          'UntagQueue',
        ].concat(['ListQueueTags']),
        here('sqs', each),
      ),
    ),
    ...all(
      'dynamodb',
      ['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable', 'DescribeTimeToLive', 'UpdateTimeToLive'].concat(
        ['DescribeContinuousBackups', 'UpdateContinuousBackups', 'DescribeContributorInsights', 'GetResourcePolicy'],
        ['DescribeKinesisStreamingDestination', 'TagResource', 'UntagResource', 'ListTagsOfResource'],
      ),
      here('dynamodb', `table/${table}`),
    ),
    ...all(
      'lambda',
      ['CreateFunction', 'GetFunction', 'GetFunctionConfiguration', 'GetFunctionCodeSigningConfig', 'ListTags'].concat(
        [
          'GetRuntimeManagementConfig',
          'GetFunctionRecursionConfig',
          'GetFunctionScalingConfig',
          'TagResource',
          'UntagResource',
        ],
        ['UpdateFunctionCode', 'UpdateFunctionConfiguration', 'DeleteFunction'],
      ),
      here('lambda', `function:${name}`),
    ),
    ...['Create', 'Update', 'Delete'].map((verb) => ({
      action: `lambda:${verb}EventSourceMapping`,
      resource: '*',
      context: { 'lambda:FunctionArn': here('lambda', `function:${name}`) },
    })),
    ...['', ':*'].flatMap((end) =>
      all(
        'logs',
        [
          'CreateLogGroup',
          'DeleteLogGroup',
          'PutRetentionPolicy',
          'DeleteRetentionPolicy',
          'TagResource',
          'UntagResource',
        ].concat(['ListTagsForResource', 'GetDataProtectionPolicy', 'DescribeIndexPolicies']),
        here('logs', `log-group:/aws/lambda/${name}${end}`),
      ),
    ),
  ];
}

const recordKey = { 'aws:ResourceTag/garrison': 'key', 'kms:ViaService': `dynamodb.${home}.amazonaws.com` };
const queueKey = { ...recordKey, 'kms:ViaService': `sqs.${home}.amazonaws.com` };

/**
 * What the attestation adds. The key: DynamoDB developer guide, "Using customer managed keys"; the queue's: SQS developer
 * guide, "Key management".
 */
export const attestationNeeds: readonly Need[] = [
  ...ownedNeeds('garrison-questions', 'garrison-attestation', 'garrison-attestation'),
  ...all(
    'events',
    ['PutRule', 'DescribeRule', 'DeleteRule', 'PutTargets', 'RemoveTargets', 'ListTargetsByRule'],
    here('events', 'rule/garrison-attest-timer'),
  ),
  ...all(
    'dynamodb',
    ['PutResourcePolicy', 'DeleteResourcePolicy', 'Query', 'BatchGetItem', 'Scan'],
    here('dynamodb', 'table/garrison-attestation'),
  ),
  ...all(
    'kms',
    ['CreateGrant', 'Decrypt', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'],
    here('kms', 'key/1a2b'),
    recordKey,
  ),
  ...all('kms', ['GenerateDataKey', 'Decrypt'], here('kms', 'key/1a2b'), queueKey),
  ...all('kms', ['CreateAlias', 'UpdateAlias', 'DeleteAlias'], here('kms', 'alias/garrison-attestation')),
  ...all('logs', ['FilterLogEvents'], here('logs', 'log-group:/aws/lambda/garrison-attestation:*')),
  ...all('sqs', ['SendMessage'], here('sqs', 'garrison-questions')),
];

const findingsBucket = `arn:aws:s3:::garrison-findings-${account}-${home}`;

/** What exporting findings adds. Source: AWS's schemas of AWS::S3::Bucket and AWS::S3::BucketPolicy. */
export const findingsNeeds: readonly Need[] = [
  ...all(
    's3',
    ['CreateBucket', 'DeleteBucket', 'ListBucket', 'ListBucketVersions', 'DeleteBucketPolicy'].concat(
      ['PutEncryptionConfiguration', 'PutLifecycleConfiguration', 'PutBucketVersioning', 'PutBucketPublicAccessBlock'],
      ['PutBucketTagging', 'PutBucketPolicy', 'GetBucketPolicy', 'GetBucketVersioning', 'GetBucketPublicAccessBlock'],
      ['GetBucketTagging', 'GetBucketLocation', 'GetBucketCORS', 'GetBucketLogging', 'GetBucketNotification'],
      ['GetBucketObjectLockConfiguration', 'GetBucketOwnershipControls', 'GetBucketWebsite'],
      ['Encryption', 'Lifecycle', 'Accelerate', 'Analytics', 'IntelligentTiering', 'Inventory', 'Metrics']
        .concat('Replication')
        .map((part) => `Get${part}Configuration`),
    ),
    findingsBucket,
  ),
  ...all('s3', ['DeleteObject', 'DeleteObjectVersion'], `${findingsBucket}/AWSLogs/`),
  ...all('kms', ['CreateAlias', 'UpdateAlias', 'DeleteAlias'], here('kms', 'alias/garrison-findings')),
  // GuardDuty looks for a prefix as its caller.
  ...all('s3', ['ListBucket'], 'arn:aws:s3:::ours'),
  ...all('s3', ['GetObject'], 'arn:aws:s3:::ours/guardduty/AWSLogs/'),
];

/** All that `GarrisonOperator` has to be able to do. */
export const operatorNeeds: readonly Need[] = [...own, ...handlers];

function passing(name: string, service: string): Need[] {
  return all('iam', ['PassRole'], `arn:aws:iam::${account}:role/${name}`, { 'iam:PassedToService': service });
}
