import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { secretReads } from '../alerts/secretStatements';
import type { WorkQueue } from '../functions/workQueue';
import { type OrganizationModel, resourceNames } from '../model';
import { attestationStatements } from './statements';

function arn({ partition, homeRegion, securityAccountId }: OrganizationModel, service: string, resource: string) {
  return `arn:${partition}:${service}:${homeRegion}:${securityAccountId}:${resource}`;
}

/** What was seen before: signatures, clicks, words said. */
function seen(model: OrganizationModel): PolicyStatement {
  return allow(
    'Seen',
    ['dynamodb:GetItem', 'dynamodb:PutItem'],
    [arn(model, 'dynamodb', `table/${resourceNames.botTable}`)],
  );
}

/** The function behind the URL looks into the record and fills queues; it writes nothing down but what it has seen. */
export function botStatements(
  model: OrganizationModel,
  { alerts, queue }: { readonly alerts: AlertQueue; readonly queue?: WorkQueue },
): PolicyStatement[] {
  const { homeRegion, attestationSettings, botModel } = model;
  const { slack, responsesQueueUrl } = botModel?.settings ?? {};
  const { webhook } = attestationSettings?.ticket ?? {};
  const secrets = [
    ...(slack ? [slack.botToken, slack.signingSecret] : []),
    ...(webhook ? [webhook.url, webhook.signingKey] : []),
  ];
  return [
    seen(model),
    allow('Alerts', ['dynamodb:GetItem'], [arn(model, 'dynamodb', `table/${resourceNames.alertTable}`)]),
    ...(queue ? [allow('Later', ['sqs:SendMessage'], [queue.queue.queueArn])] : []),
    ...(responsesQueueUrl
      ? [allow('Decisions', ['sqs:SendMessage'], [arn(model, 'sqs', resourceNames.responseQueue)])]
      : []),
    allow('QueueKey', ['kms:GenerateDataKey', 'kms:Decrypt'], [alerts.key.keyArn]),
    ...(attestationSettings
      ? [
          allow(
            'ReadRecord',
            ['dynamodb:Query', 'dynamodb:BatchGetItem'],
            [arn(model, 'dynamodb', `table/${resourceNames.recordTable}`)],
          ),
          allow('RecordKey', ['kms:Decrypt', 'kms:DescribeKey'], [arn(model, 'kms', 'key/*')], {
            StringEquals: {
              'kms:ViaService': `dynamodb.${homeRegion}.amazonaws.com`,
              'aws:ResourceTag/garrison': 'key',
            },
          }),
        ]
      : []),
    ...secretReads(model, secrets),
  ];
}

/** The function that works off what was left for later: it records, as the attestation's own function does. */
export function workerStatements(model: OrganizationModel, alerts: AlertQueue): PolicyStatement[] {
  return [seen(model), ...attestationStatements(model, alerts)];
}
