import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RoleContext } from '../context';
import { ownedAlways } from './owned';
import { ownedStatements } from './ownedStatements';
import { allow } from './statement';

/**
 * What CloudFormation does on the operator's behalf for the stack `garrison-security`, and what the command itself
 * does beside it. Every resource carries Garrison's name; keys, which have none, carry its tag.
 */
export function operatorResources(context: RoleContext): PolicyStatement[] {
  return [
    ...assets(context),
    ...events(context),
    ...ownedStatements(context, ownedAlways),
    ...alarms(context),
    ...alarmTopic(context),
    ...finding(context),
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
        'events:ListTagsForResource',
      ],
      [arn(context, 'events', 'rule/garrison/garrison-*'), arn(context, 'events', 'rule/garrison-self-test')],
    ),
  ];
}

/** Names are those of resources: every alarm of ours begins with `garrison-`. */
function alarms(context: RoleContext): PolicyStatement[] {
  return [
    allow(
      'Alarms',
      [
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:DeleteAlarms',
        'cloudwatch:TagResource',
        'cloudwatch:ListTagsForResource',
      ],
      [arn(context, 'cloudwatch', 'alarm:garrison-*')],
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

/** Reads that IAM cannot hold to what is ours. */
function finding(context: RoleContext): PolicyStatement[] {
  return [
    allow('EventSourceReads', ['lambda:GetEventSourceMapping'], ['*']),
    // CloudFormation puts tags of its own on mappings, which have generated ids.
    allow(
      'EventSourceTags',
      ['lambda:TagResource', 'lambda:ListTags'],
      [arn(context, 'lambda', 'event-source-mapping:*')],
    ),
    allow('FindLogs', ['logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'], ['*']),
  ];
}

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
        'kms:UpdateKeyDescription',
        'kms:ScheduleKeyDeletion',
        'kms:CreateAlias',
        'kms:DeleteAlias',
      ],
      [anyKey],
      tagged,
    ),
    allow('KeyAlias', ['kms:CreateAlias', 'kms:DeleteAlias'], [arn(context, 'kms', 'alias/garrison')]),
    allow('FindKeyAlias', ['kms:ListAliases'], ['*']),
  ];
}
