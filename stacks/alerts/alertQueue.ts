import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { WorkQueue } from '../functions/workQueue';
import { type OrganizationModel, resourceNames } from '../model';

/** Seconds for which the notifier may work on a batch. */
export const notifierTimeout = Duration.seconds(30);

/**
 * The notifier gives alerts back while a destination is out of reach or asks for a pause, with growing pauses
 * (`notifier/retry.ts`): six hours of that are fewer than 100 attempts.
 */
const attempts = 100;

/** Findings wait here for the notifier; with the key of all queues that rules fill. */
export class AlertQueue extends WorkQueue {
  readonly key: Key;

  constructor(scope: Construct, id: string, model: OrganizationModel) {
    const key = newKey(scope, model);
    super(scope, id, {
      queueName: resourceNames.alertQueue,
      deadLetterQueueName: resourceNames.deadLetterQueue,
      alarmName: resourceNames.deadLetterAlarm,
      alarmDescription: 'Findings reached no one: the notifier failed on them, or no queue could take them.',
      timeout: notifierTimeout,
      attempts,
      key,
    });
    this.key = key;
  }
}

/** EventBridge cannot use the key that AWS manages for SQS: its policy admits nobody but the account's own callers. */
function newKey(scope: Construct, model: OrganizationModel): Key {
  const key = new Key(scope, 'QueueKey', {
    alias: resourceNames.keyAlias,
    description: 'Garrison: findings on their way to people',
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
    pendingWindow: Duration.days(7),
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'RulesFillTheQueues',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': model.securityAccountId } },
    }),
  );
  Tags.of(key).add('garrison', 'key');
  return key;
}
