import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { secretReads } from '../alerts/secretStatements';
import { type OrganizationModel, resourceNames } from '../model';

/**
 * What each function of the attestation may do with the record, the alert table, the alert queue and the secrets; its
 * own queue and log come on top.
 */
export function attestationStatements(model: OrganizationModel, queue: AlertQueue): PolicyStatement[] {
  const { partition, homeRegion, securityAccountId, attestationSettings: settings } = model;
  const table = (name: string) => `arn:${partition}:dynamodb:${homeRegion}:${securityAccountId}:table/${name}`;
  const { webhook } = settings?.ticket ?? {};
  const secrets = settings && [settings.slack.botToken, ...(webhook ? [webhook.url, webhook.signingKey] : [])];
  return [
    allow('ReadRecord', ['dynamodb:Query', 'dynamodb:BatchGetItem'], [table(resourceNames.recordTable)]),
    // No update, no deletion, and nothing outside of a transaction.
    allow('AddToRecord', ['dynamodb:PutItem'], [table(resourceNames.recordTable)], {
      'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
    }),
    allow('RecordKey', recordKeyActions, [`arn:${partition}:kms:${homeRegion}:${securityAccountId}:key/*`], {
      StringEquals: {
        'kms:ViaService': `dynamodb.${homeRegion}.amazonaws.com`,
        'aws:ResourceTag/garrison': 'key',
      },
    }),
    allow('Threads', ['dynamodb:GetItem'], [table(resourceNames.alertTable)]),
    allow('FollowUps', ['sqs:SendMessage'], [queue.queue.queueArn]),
    allow('FollowUpKey', ['kms:GenerateDataKey', 'kms:Decrypt'], [queue.key.keyArn]),
    ...secretReads(model, secrets ?? []),
  ];
}

const recordKeyActions = [
  'kms:DescribeKey',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
