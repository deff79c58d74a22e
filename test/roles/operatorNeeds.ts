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
  ...roleNeeds(account, 'garrison-notifier'),
  ...roleNeeds(account, 'garrison-events'),
  ...passing('garrison-notifier', 'lambda.amazonaws.com'),
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
  ...['garrison-alerts', 'garrison-alerts-dead-letter'].flatMap((queue) =>
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
      here('sqs', queue),
    ),
  ),
  ...all(
    'cloudwatch',
    ['PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms', 'TagResource', 'UntagResource', 'ListTagsForResource'],
    here('cloudwatch', 'alarm:garrison-heartbeat'),
  ),
  ...all(
    'dynamodb',
    ['CreateTable', 'DescribeTable', 'UpdateTable', 'DeleteTable', 'DescribeTimeToLive', 'UpdateTimeToLive'].concat(
      ['DescribeContinuousBackups', 'UpdateContinuousBackups', 'DescribeContributorInsights', 'GetResourcePolicy'],
      ['DescribeKinesisStreamingDestination', 'TagResource', 'UntagResource', 'ListTagsOfResource'],
    ),
    here('dynamodb', 'table/garrison-alerts'),
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
    here('lambda', 'function:garrison-notifier'),
  ),
  ...['Create', 'Update', 'Delete'].map((verb) => ({
    action: `lambda:${verb}EventSourceMapping`,
    resource: '*',
    context: { 'lambda:FunctionArn': here('lambda', 'function:garrison-notifier') },
  })),
  ...all('lambda', ['GetEventSourceMapping', 'ListEventSourceMappings'], '*'),
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
      here('logs', `log-group:/aws/lambda/garrison-notifier${end}`),
    ),
  ),
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

/** All that `GarrisonOperator` has to be able to do. */
export const operatorNeeds: readonly Need[] = [...own, ...handlers];

function passing(name: string, service: string): Need[] {
  return all('iam', ['PassRole'], `arn:aws:iam::${account}:role/${name}`, { 'iam:PassedToService': service });
}
