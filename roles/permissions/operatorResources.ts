import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnOfRole, type RoleContext } from '../context';
import { eventsRoleName } from '../names';
import { ownedBy } from './owned';
import { roleManagement } from './roleManagement';
import { allow } from './statement';

/**
 * What CloudFormation does on the operator's behalf for the stack `garrison-security`, and what the command itself
 * does beside it. Every resource carries Garrison's name; keys, which have none, carry its tag.
 */
export function operatorResources(context: RoleContext): PolicyStatement[] {
  return [
    ...assets(context),
    ...events(context),
    ...queues(context),
    ...alarmTopic(context),
    ...functions(context),
    ...responders(context),
    ...keys(context),
  ];
}

function arn({ partition, homeRegion, securityAccountId }: RoleContext, service: string, resource: string): string {
  return `arn:${partition}:${service}:${homeRegion}:${securityAccountId}:${resource}`;
}

function assets({ partition, homeRegion, securityAccountId }: RoleContext): PolicyStatement[] {
  const bucket = `arn:${partition}:s3:::garrison-assets-${securityAccountId}-${homeRegion}`;
  return [
    allow('AssetsBucket', ['s3:ListBucket', 's3:GetBucketLocation', 's3:GetEncryptionConfiguration'], [bucket]),
    allow('Assets', ['s3:GetObject', 's3:PutObject'], [`${bucket}/*`]),
  ];
}

function events(context: RoleContext): PolicyStatement[] {
  return [
    allow(
      'Bus',
      [
        'events:CreateEventBus',
        'events:DescribeEventBus',
        'events:UpdateEventBus',
        'events:DeleteEventBus',
        'events:PutPermission',
        'events:RemovePermission',
        'events:TagResource',
        'events:UntagResource',
        'events:ListTagsForResource',
      ],
      [arn(context, 'events', 'event-bus/garrison')],
    ),
    allow(
      'Routes',
      [
        'events:PutRule',
        'events:DescribeRule',
        'events:DeleteRule',
        'events:PutTargets',
        'events:RemoveTargets',
        'events:ListTargetsByRule',
        'events:TagResource',
        'events:UntagResource',
        'events:ListTagsForResource',
      ],
      [arn(context, 'events', 'rule/garrison/garrison-*'), arn(context, 'events', 'rule/garrison-self-test')],
    ),
  ];
}

function queues(context: RoleContext): PolicyStatement[] {
  return [
    allow(
      'Queues',
      [
        'sqs:CreateQueue',
        'sqs:GetQueueAttributes',
        'sqs:SetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:DeleteQueue',
        'sqs:TagQueue',
        'sqs:UntagQueue',
        'sqs:ListQueueTags',
      ],
      ownedBy(context).queues.map((name) => arn(context, 'sqs', name)),
    ),
    allow(
      'Alarms',
      [
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:DeleteAlarms',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
        'cloudwatch:ListTagsForResource',
      ],
      [arn(context, 'cloudwatch', 'alarm:garrison-*')],
    ),
    allow(
      'AlertTable',
      [
        'dynamodb:CreateTable',
        'dynamodb:DescribeTable',
        'dynamodb:UpdateTable',
        'dynamodb:DeleteTable',
        'dynamodb:DescribeTimeToLive',
        'dynamodb:UpdateTimeToLive',
        'dynamodb:DescribeContinuousBackups',
        'dynamodb:UpdateContinuousBackups',
        'dynamodb:DescribeContributorInsights',
        'dynamodb:DescribeKinesisStreamingDestination',
        'dynamodb:GetResourcePolicy',
        'dynamodb:TagResource',
        'dynamodb:UntagResource',
        'dynamodb:ListTagsOfResource',
        // A drill reads there that its finding was announced.
        'dynamodb:GetItem',
      ],
      ownedBy(context).tables.map((name) => arn(context, 'dynamodb', `table/${name}`)),
    ),
  ];
}

function alarmTopic(context: RoleContext): PolicyStatement[] {
  return [
    allow(
      'AlarmTopic',
      [
        'sns:CreateTopic',
        'sns:GetTopicAttributes',
        'sns:SetTopicAttributes',
        'sns:DeleteTopic',
        'sns:TagResource',
        'sns:UntagResource',
        'sns:ListTagsForResource',
        'sns:ListSubscriptionsByTopic',
        'sns:GetDataProtectionPolicy',
        'sns:Subscribe',
      ],
      [arn(context, 'sns', 'garrison-alarms')],
    ),
    // IAM cannot hold these two to a topic.
    allow('AlarmSubscriptions', ['sns:GetSubscriptionAttributes', 'sns:Unsubscribe'], ['*']),
  ];
}

/** Functions: the notifier, and those of the features that are on. */
function functions(context: RoleContext): PolicyStatement[] {
  const { securityAccountId } = context;
  const owned = ownedBy(context);
  const functionArns = owned.functions.map((name) => arn(context, 'lambda', `function:${name}`));
  const functionRoles = owned.functionRoles.map((name) => arnOfRole(context, securityAccountId, name));
  const eventsRole = arnOfRole(context, securityAccountId, eventsRoleName);
  return [
    allow(
      'Function',
      [
        'lambda:CreateFunction',
        'lambda:GetFunction',
        'lambda:GetFunctionConfiguration',
        'lambda:GetFunctionCodeSigningConfig',
        'lambda:GetRuntimeManagementConfig',
        'lambda:GetFunctionRecursionConfig',
        'lambda:GetFunctionScalingConfig',
        'lambda:ListTags',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
        'lambda:DeleteFunction',
      ],
      functionArns,
    ),
    // Mappings have generated ids: the function they feed is what can be pinned.
    allow(
      'EventSource',
      ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
      ['*'],
      { ArnLike: { 'lambda:FunctionArn': functionArns.length === 1 ? functionArns[0] : functionArns } },
    ),
    allow('EventSourceReads', ['lambda:GetEventSourceMapping', 'lambda:ListEventSourceMappings'], ['*']),
    allow(
      'FunctionLogs',
      logActions,
      owned.functions.flatMap((name) => {
        const group = arn(context, 'logs', `log-group:/aws/lambda/${name}`);
        return [group, `${group}:*`];
      }),
    ),
    allow('FindLogs', ['logs:DescribeLogGroups'], ['*']),
    ...roleManagement('OwnRoles', [...functionRoles, eventsRole], context, securityAccountId),
    allow('PassNotifierRole', ['iam:PassRole'], functionRoles, {
      StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    }),
  ];
}

/** `garrison responders`: the record of what was done, and what the function is asked to try or to undo. */
function responders(context: RoleContext): PolicyStatement[] {
  return context.responders
    ? [
        allow('ResponseLog', ['dynamodb:Scan'], [arn(context, 'dynamodb', 'table/garrison-responses')]),
        allow('AskResponder', ['lambda:InvokeFunction'], [arn(context, 'lambda', 'function:garrison-responder')]),
      ]
    : [];
}

const logActions = [
  'logs:CreateLogGroup',
  'logs:DeleteLogGroup',
  'logs:PutRetentionPolicy',
  'logs:DeleteRetentionPolicy',
  'logs:TagResource',
  'logs:UntagResource',
  'logs:ListTagsForResource',
  'logs:GetDataProtectionPolicy',
  'logs:DescribeIndexPolicies',
];

function keys(context: RoleContext): PolicyStatement[] {
  const anyKey = arn(context, 'kms', 'key/*');
  const tagged = { StringEquals: { 'aws:ResourceTag/garrison': 'key' } };
  return [
    allow('CreateKey', ['kms:CreateKey'], ['*'], { StringEquals: { 'aws:RequestTag/garrison': 'key' } }),
    allow('TagNewKey', ['kms:TagResource'], [anyKey], { StringEquals: { 'aws:RequestTag/garrison': 'key' } }),
    allow(
      'Key',
      [
        'kms:DescribeKey',
        'kms:GetKeyPolicy',
        'kms:PutKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:EnableKeyRotation',
        'kms:ListResourceTags',
        'kms:UntagResource',
        'kms:UpdateKeyDescription',
        'kms:ScheduleKeyDeletion',
        'kms:CreateAlias',
        'kms:UpdateAlias',
        'kms:DeleteAlias',
      ],
      [anyKey],
      tagged,
    ),
    allow(
      'KeyAlias',
      ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'],
      [arn(context, 'kms', 'alias/garrison')],
    ),
    allow('FindKeyAlias', ['kms:ListAliases'], ['*']),
  ];
}
