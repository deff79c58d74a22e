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
      [...tableActions, ...(owned.tablesForget ? ['dynamodb:UpdateTimeToLive'] : []), ...(owned.tableReads ?? [])],
      owned.tables.map((name) => arn('dynamodb', `table/${name}`)),
    ),
    allow(sids.functions, functionActions, functions),
    // Mappings have generated ids: the function they feed is what can be pinned.
    ...(owned.queues.length > 0
      ? [
          allow(
            sids.eventSource,
            ['lambda:CreateEventSourceMapping', 'lambda:UpdateEventSourceMapping', 'lambda:DeleteEventSourceMapping'],
            ['*'],
            { ArnLike: { 'lambda:FunctionArn': functions.length === 1 ? functions[0] : functions } },
          ),
        ]
      : []),
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
  'sqs:ListQueueTags',
];

const tableActions = [
  'dynamodb:CreateTable',
  'dynamodb:DescribeTable',
  'dynamodb:UpdateTable',
  'dynamodb:DeleteTable',
  'dynamodb:DescribeTimeToLive',
  'dynamodb:DescribeContinuousBackups',
  'dynamodb:UpdateContinuousBackups',
  'dynamodb:DescribeContributorInsights',
  'dynamodb:DescribeKinesisStreamingDestination',
  'dynamodb:GetResourcePolicy',
  'dynamodb:ListTagsOfResource',
];

const functionActions = [
  'lambda:CreateFunction',
  'lambda:GetFunction',
  'lambda:GetFunctionCodeSigningConfig',
  'lambda:GetRuntimeManagementConfig',
  'lambda:GetFunctionRecursionConfig',
  'lambda:GetFunctionScalingConfig',
  'lambda:TagResource',
  'lambda:UpdateFunctionCode',
  'lambda:UpdateFunctionConfiguration',
  'lambda:DeleteFunction',
];

const logActions = [
  'logs:CreateLogGroup',
  'logs:DeleteLogGroup',
  'logs:PutRetentionPolicy',
  'logs:TagResource',
  'logs:ListTagsForResource',
  'logs:GetDataProtectionPolicy',
  'logs:DescribeIndexPolicies',
];
