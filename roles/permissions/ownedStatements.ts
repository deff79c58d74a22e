import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { arnOfRole, type RoleContext } from '../context';
import type { Owned } from './owned';
import { roleManagement } from './roleManagement';
import { allow } from './statement';

/**
 * What CloudFormation does with queues, tables and functions on the operator's behalf, and with the roles of those
 * functions: on what is named, and on nothing else.
 */
export function ownedStatements(context: RoleContext, owned: Owned): PolicyStatement[] {
  const { partition, homeRegion, securityAccountId } = context;
  const { sids } = owned;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${homeRegion}:${securityAccountId}:${resource}`;
  const functions = owned.functions.map((name) => arn('lambda', `function:${name}`));
  const functionRoles = owned.functionRoles.map((name) => arnOfRole(context, securityAccountId, name));
  const otherRoles = owned.otherRoles.map((name) => arnOfRole(context, securityAccountId, name));
  const logs = owned.functions.map((name) => arn('logs', `log-group:/aws/lambda/${name}`));
  return [
    ...(owned.queues.length > 0
      ? [
          allow(
            sids.queues,
            queueActions,
            owned.queues.map((name) => arn('sqs', name)),
          ),
        ]
      : []),
    allow(
      sids.table,
      [...tableActions, ...(owned.tableReads ?? [])],
      owned.tables.map((name) => arn('dynamodb', `table/${name}`)),
    ),
    allow(sids.functions, functionActions, functions),
    // Mappings have generated ids: the function they feed is what can be pinned.
    allow(
      sids.eventSource,
      ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
      ['*'],
      { ArnLike: { 'lambda:FunctionArn': functions.length === 1 ? functions[0] : functions } },
    ),
    allow(
      sids.logs,
      logActions,
      logs.flatMap((group) => [group, `${group}:*`]),
    ),
    ...roleManagement(sids.roles, [...functionRoles, ...otherRoles], context, securityAccountId),
    allow(sids.passRoles, ['iam:PassRole'], functionRoles, {
      StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    }),
  ];
}

const queueActions = [
  'sqs:CreateQueue',
  'sqs:GetQueueAttributes',
  'sqs:SetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:DeleteQueue',
  'sqs:TagQueue',
  'sqs:UntagQueue',
  'sqs:ListQueueTags',
];

const tableActions = [
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
];

const functionActions = [
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
];

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
