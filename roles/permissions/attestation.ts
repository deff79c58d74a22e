import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RoleContext } from '../context';
import { allow } from './statement';

/**
 * What the attestation adds to the operator: the record's policy and key beside what every table and key of ours needs,
 * its clock, and what `garrison attest` does: reads the record and its published ends, and announces through the queue.
 */
export function attestationStatements(context: RoleContext): PolicyStatement[] {
  const { partition, homeRegion, securityAccountId } = context;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${homeRegion}:${securityAccountId}:${resource}`;
  const table = arn('dynamodb', 'table/garrison-attestation');
  const throughService = (...services: readonly string[]) => ({
    StringEquals: {
      'aws:ResourceTag/garrison': 'key',
      'kms:ViaService': services.map((service) => `${service}.${homeRegion}.amazonaws.com`),
    },
  });
  return [
    allow('AttestTimer', timerActions, [arn('events', 'rule/garrison-attest-timer')]),
    allow('RecordPolicy', ['dynamodb:PutResourcePolicy'], [table]),
    allow('ReadRecord', ['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:Scan'], [table]),
    // DynamoDB takes its own grants on the caller's behalf when the table is made, and reads as the caller afterwards.
    allow('RecordKey', recordKeyActions, [arn('kms', 'key/*')], throughService('dynamodb', 'sqs')),
    allow('RecordKeyAlias', ['kms:CreateAlias', 'kms:DeleteAlias'], [arn('kms', 'alias/garrison-attestation')]),
    allow('RecordHeads', ['logs:FilterLogEvents'], [arn('logs', 'log-group:/aws/lambda/garrison-attestation:*')]),
    allow('AnnounceUse', ['sqs:SendMessage'], [arn('sqs', 'garrison-questions')]),
  ];
}

const timerActions = [
  'events:PutRule',
  'events:DescribeRule',
  'events:DeleteRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:ListTargetsByRule',
  'events:TagResource',
  'events:ListTagsForResource',
];

const recordKeyActions = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
