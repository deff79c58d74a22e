import { CloudFormationClient, DeleteStackCommand, DeleteStackSetCommand } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient, PutEventSelectorsCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DisableRuleCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteDetectorCommand,
  DisassociateFromAdministratorAccountCommand,
  GuardDutyClient,
  ListDetectorsCommand,
  UpdateDetectorCommand,
} from '@aws-sdk/client-guardduty';
import { CreateRoleCommand, DeleteRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteAliasCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteFunctionCommand, LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { LeaveOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { DeleteBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteQueueCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { ClientConfiguration } from '../roles/plant';

/** A policy, or a trust, that lets everybody do everything. */
export const anything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
/** The id of a detector that does not exist. */
export const detector = '12abc34d567e8fa901bc2d34e56789f0';

/** A call by an administrator of an account. */
type Call = (client: ClientConfiguration, accountId: string) => Promise<unknown>;

/** Real calls that an administrator could make before. */
export const calls: Readonly<Record<string, Call>> = {
  'organizations:LeaveOrganization': (client) => new OrganizationsClient(client).send(new LeaveOrganizationCommand({})),
  'guardduty:DeleteDetector': (client) =>
    new GuardDutyClient(client).send(new DeleteDetectorCommand({ DetectorId: detector })),
  'guardduty:UpdateDetector': (client) =>
    new GuardDutyClient(client).send(new UpdateDetectorCommand({ DetectorId: detector, Enable: false })),
  'guardduty:DisassociateFromAdministratorAccount': (client) =>
    new GuardDutyClient(client).send(new DisassociateFromAdministratorAccountCommand({ DetectorId: detector })),
  'cloudtrail:StopLogging': (client) => new CloudTrailClient(client).send(new StopLoggingCommand({ Name: 'trail' })),
  'cloudtrail:PutEventSelectors': (client) =>
    new CloudTrailClient(client).send(new PutEventSelectorsCommand({ TrailName: 'trail', EventSelectors: [] })),
  'iam:DeleteRole': (client) => new IAMClient(client).send(new DeleteRoleCommand({ RoleName: 'GarrisonMember' })),
  'iam:UpdateAssumeRolePolicy': (client) =>
    new IAMClient(client).send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'AWSCloudFormationStackSetExecutionRole',
        PolicyDocument: anything,
      }),
    ),
  'iam:CreateRole of an exempt name': (client) =>
    new IAMClient(client).send(
      new CreateRoleCommand({ RoleName: 'garrison-mine', AssumeRolePolicyDocument: anything }),
    ),
  'iam:CreateRole of the break-glass role': (client) =>
    new IAMClient(client).send(new CreateRoleCommand({ RoleName: 'BreakGlass', AssumeRolePolicyDocument: anything })),
  'events:DisableRule': (client) =>
    new EventBridgeClient(client).send(new DisableRuleCommand({ Name: 'garrison-detections-regional-1' })),
  'events:PutRule on the bus': (client) =>
    new EventBridgeClient(client).send(
      new PutRuleCommand({ Name: 'garrison-findings', EventBusName: 'garrison', EventPattern: '{"source":["x"]}' }),
    ),
  'sqs:PurgeQueue': (client, accountId) =>
    new SQSClient(client).send(new PurgeQueueCommand({ QueueUrl: queueUrl(client, accountId) })),
  'sqs:DeleteQueue': (client, accountId) =>
    new SQSClient(client).send(new DeleteQueueCommand({ QueueUrl: queueUrl(client, accountId) })),
  'lambda:DeleteFunction': (client) =>
    new LambdaClient(client).send(new DeleteFunctionCommand({ FunctionName: 'garrison-notifier' })),
  'lambda:PutFunctionConcurrency': (client) =>
    new LambdaClient(client).send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'garrison-notifier', ReservedConcurrentExecutions: 0 }),
    ),
  'dynamodb:DeleteTable': (client) =>
    new DynamoDBClient(client).send(new DeleteTableCommand({ TableName: 'garrison-alerts' })),
  'dynamodb:PutItem': (client) =>
    new DynamoDBClient(client).send(new PutItemCommand({ TableName: 'garrison-alerts', Item: { id: { S: 'x' } } })),
  'cloudformation:DeleteStack': (client) =>
    new CloudFormationClient(client).send(new DeleteStackCommand({ StackName: 'garrison-security' })),
  'cloudformation:DeleteStackSet': (client) =>
    new CloudFormationClient(client).send(new DeleteStackSetCommand({ StackSetName: 'garrison-detectors' })),
  's3:DeleteBucketPolicy': (client, accountId) =>
    new S3Client({ ...client, forcePathStyle: true }).send(
      new DeleteBucketPolicyCommand({ Bucket: assetsBucket(accountId) }),
    ),
  'cloudwatch:DeleteAlarms': (client) =>
    new CloudWatchClient(client).send(new DeleteAlarmsCommand({ AlarmNames: ['garrison-heartbeat'] })),
  'sns:DeleteTopic': (client, accountId) =>
    new SNSClient(client).send(
      new DeleteTopicCommand({ TopicArn: `arn:aws:sns:us-east-1:${accountId}:garrison-alarms` }),
    ),
  'logs:DeleteLogGroup': (client) =>
    new CloudWatchLogsClient(client).send(new DeleteLogGroupCommand({ logGroupName: '/aws/lambda/garrison-notifier' })),
  'logs:PutRetentionPolicy': (client) =>
    new CloudWatchLogsClient(client).send(
      new PutRetentionPolicyCommand({ logGroupName: '/aws/lambda/garrison-notifier', retentionInDays: 1 }),
    ),
  'ssm:DeleteParameter': (client) =>
    new SSMClient(client).send(new DeleteParameterCommand({ Name: '/garrison/slack/webhook' })),
  'kms:DeleteAlias': (client) => new KMSClient(client).send(new DeleteAliasCommand({ AliasName: 'alias/garrison' })),
  'sqs:* in an unused region': (client, accountId) =>
    new SQSClient({ ...client, region: 'eu-west-1' }).send(
      new DeleteQueueCommand({ QueueUrl: queueUrl(client, accountId) }),
    ),
};

export type RandomCall = (client: ClientConfiguration, name: string, accountId: string) => Promise<unknown>;

/** Calls with a name and a region, of services that write records of each kind. */
export const randomCalls: Readonly<Record<string, RandomCall>> = {
  role: (client, RoleName) => new IAMClient(client).send(new DeleteRoleCommand({ RoleName })),
  trust: (client, RoleName) =>
    new IAMClient(client).send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: anything })),
  rule: (client, Name) => new EventBridgeClient(client).send(new DisableRuleCommand({ Name })),
  busRule: (client, Name) =>
    new EventBridgeClient(client).send(new DisableRuleCommand({ Name, EventBusName: 'garrison' })),
  queue: (client, name, accountId) =>
    new SQSClient(client).send(new PurgeQueueCommand({ QueueUrl: `${client.endpoint}/${accountId}/${name}` })),
  function: (client, FunctionName) =>
    new LambdaClient(client).send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 })),
  functionArn: (client, name, accountId) =>
    new LambdaClient(client).send(
      new DeleteFunctionCommand({ FunctionName: `arn:aws:lambda:${client.region}:${accountId}:function:${name}` }),
    ),
  table: (client, TableName) => new DynamoDBClient(client).send(new DeleteTableCommand({ TableName })),
  stack: (client, StackName) => new CloudFormationClient(client).send(new DeleteStackCommand({ StackName })),
  stackSet: (client, StackSetName) =>
    new CloudFormationClient(client).send(new DeleteStackSetCommand({ StackSetName })),
  alarm: (client, name) => new CloudWatchClient(client).send(new DeleteAlarmsCommand({ AlarmNames: [name] })),
  topic: (client, name, accountId) =>
    new SNSClient(client).send(
      new DeleteTopicCommand({ TopicArn: `arn:aws:sns:${client.region}:${accountId}:${name}` }),
    ),
  logs: (client, name) =>
    new CloudWatchLogsClient(client).send(new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${name}` })),
  parameter: (client, name) => new SSMClient(client).send(new DeleteParameterCommand({ Name: `/${name}/x` })),
  alias: (client, name) => new KMSClient(client).send(new DeleteAliasCommand({ AliasName: `alias/${name}` })),
  detector: (client) => new GuardDutyClient(client).send(new DeleteDetectorCommand({ DetectorId: detector })),
  detectors: (client) => new GuardDutyClient(client).send(new ListDetectorsCommand({})),
};

/** The bucket of Garrison's assets in an account. */
export function assetsBucket(accountId: string): string {
  return `garrison-assets-${accountId}-us-east-1`;
}

function queueUrl({ endpoint }: ClientConfiguration, accountId: string): string {
  return `${endpoint}/${accountId}/garrison-alerts`;
}
