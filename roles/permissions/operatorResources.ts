import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnOfRole, type RoleContext } from '../context';
import { eventsRoleName, notifierRoleName } from '../names';
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
    ...notifier(context),
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
      [arn(context, 'sqs', 'garrison-alerts'), arn(context, 'sqs', 'garrison-alerts-dead-letter')],
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
      [arn(context, 'dynamodb', 'table/garrison-alerts')],
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

function notifier(context: RoleContext): PolicyStatement[] {
  const { securityAccountId } = context;
  const notifierRole = arnOfRole(context, securityAccountId, notifierRoleName);
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
      [arn(context, 'lambda', 'function:garrison-notifier')],
    ),
    // Mappings have generated ids: the function they feed is what can be pinned.
    allow(
      'EventSource',
      ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
      ['*'],
      { ArnLike: { 'lambda:FunctionArn': arn(context, 'lambda', 'function:garrison-notifier') } },
    ),
    allow('EventSourceReads', ['lambda:GetEventSourceMapping', 'lambda:ListEventSourceMappings'], ['*']),
    allow('FunctionLogs', logActions, [
      arn(context, 'logs', 'log-group:/aws/lambda/garrison-notifier'),
      arn(context, 'logs', 'log-group:/aws/lambda/garrison-notifier:*'),
    ]),
    allow('FindLogs', ['logs:DescribeLogGroups'], ['*']),
    ...roleManagement('OwnRoles', [notifierRole, eventsRole], context, securityAccountId),
    allow('PassNotifierRole', ['iam:PassRole'], [notifierRole], {
      StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    }),
  ];
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
