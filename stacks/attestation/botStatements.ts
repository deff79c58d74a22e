import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { allow } from '../../roles';
import type { AlertQueue } from '../alerts/alertQueue';
import { secretReads } from '../alerts/secretStatements';
import { type OrganizationModel, resourceNames } from '../model';
import type { BotQueue } from './botQueue';
import { attestationStatements } from './statements';

interface Surroundings {
  readonly model: OrganizationModel;
  readonly alerts: AlertQueue;
  readonly queue: BotQueue;
}

/** What both functions do: what they have seen, the secrets, and the record where there is one. */
function shared({ model, alerts }: Surroundings): PolicyStatement[] {
  const { partition, homeRegion, securityAccountId, bot } = model;
  const seen = `arn:${partition}:dynamodb:${homeRegion}:${securityAccountId}:table/${resourceNames.botTable}`;
  const secrets = bot ? [bot.settings.slack.botToken, bot.settings.slack.signingSecret] : [];
  return [
    allow('Seen', ['dynamodb:GetItem', 'dynamodb:PutItem'], [seen]),
    ...(model.attestationSettings ? attestationStatements(model, alerts) : secretReads(model, secrets)),
  ];
}

function queueKey({ alerts, model }: Surroundings): PolicyStatement[] {
  // Where there is an attestation, its statement for follow-ups names the same key.
  return model.attestationSettings
    ? []
    : [allow('QueueKey', ['kms:GenerateDataKey', 'kms:Decrypt'], [alerts.key.keyArn])];
}

/** The function behind the URL: it may fill two queues, and read none. */
export function botStatements(around: Surroundings): PolicyStatement[] {
  const { model, queue } = around;
  const { partition, homeRegion, securityAccountId, bot } = model;
  const responses = `arn:${partition}:sqs:${homeRegion}:${securityAccountId}:${resourceNames.responseQueue}`;
  return [
    ...shared(around),
    ...queueKey(around),
    allow('Later', ['sqs:SendMessage'], [queue.work.queueArn]),
    ...(bot?.settings.responsesQueueUrl ? [allow('Decisions', ['sqs:SendMessage'], [responses])] : []),
  ];
}

/** The function that works off what was left for later. */
export function workerStatements(around: Surroundings): PolicyStatement[] {
  return [
    ...shared(around),
    ...queueKey(around),
    allow(
      'Queue',
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      [around.queue.work.queueArn],
    ),
  ];
}
