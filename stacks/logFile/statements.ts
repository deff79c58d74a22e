import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { allow } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import type { LogFileModel, OrganizationModel } from '../model';

/** What the function may do beside its queue and log: read files, remember them, and put alerts on the queue. */
export function logFileStatements(
  { bucket, prefix, keyArn }: LogFileModel,
  { partition }: OrganizationModel,
  { alerts, table }: { readonly alerts: AlertQueue; readonly table: Table },
): PolicyStatement[] {
  return [
    allow('Files', ['s3:GetObject'], [`arn:${partition}:s3:::${bucket}/${prefix}*`]),
    ...(keyArn === undefined ? [] : [allow('FilesKey', ['kms:Decrypt'], [keyArn])]),
    allow('Processed', ['dynamodb:PutItem'], [table.tableArn]),
    allow('Alerts', ['sqs:SendMessage'], [alerts.queue.queueArn]),
    allow('AlertsKey', ['kms:GenerateDataKey', 'kms:Decrypt'], [alerts.key.keyArn]),
  ];
}

/** Who may announce files: the topic, or S3 for the one bucket. */
export function announcementStatement(
  queue: Queue,
  { bucket, bucketAccount, topicArn }: LogFileModel,
  { partition }: OrganizationModel,
): PolicyStatement {
  const send = { actions: ['sqs:SendMessage'], resources: [queue.queueArn] };
  return topicArn === undefined
    ? new PolicyStatement({
        sid: 'Bucket',
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        ...send,
        conditions: {
          StringEquals: { 'aws:SourceAccount': bucketAccount },
          ArnEquals: { 'aws:SourceArn': `arn:${partition}:s3:::${bucket}` },
        },
      })
    : new PolicyStatement({
        sid: 'Topic',
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        ...send,
        conditions: { ArnEquals: { 'aws:SourceArn': topicArn } },
      });
}
