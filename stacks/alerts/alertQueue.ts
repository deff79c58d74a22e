import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type OrganizationModel, resourceNames } from '../model';

/** Seconds for which the notifier may work on a batch; the queue hides messages six times as long. */
export const notifierTimeout = Duration.seconds(30);

/**
 * The notifier gives alerts back while a destination is out of reach or asks for a pause, with growing pauses
 * (`notifier/retry.ts`): six hours of that are fewer than 100 attempts.
 */
const attempts = 100;

/** Findings wait here for the notifier, and after a hundred failed attempts in the dead-letter queue, under an alarm. */
export class AlertQueue extends Construct {
  readonly key: Key;
  readonly alerts: Queue;
  readonly deadLetters: Queue;
  readonly deadLetterAlarm: Alarm;

  constructor(scope: Construct, id: string, model: OrganizationModel) {
    super(scope, id);
    this.key = newKey(this, model);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: resourceNames.deadLetterQueue,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.key,
      dataKeyReuse: Duration.minutes(5),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.alerts = new Queue(this, 'Alerts', {
      queueName: resourceNames.alertQueue,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.key,
      dataKeyReuse: Duration.minutes(5),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.seconds(6 * notifierTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: attempts },
    });
    this.deadLetterAlarm = new Alarm(this, 'DeadLetterAlarm', {
      alarmName: resourceNames.deadLetterAlarm,
      alarmDescription: 'Findings reached no one: the notifier failed on them, or no queue could take them.',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** EventBridge cannot use the key that AWS manages for SQS: its policy admits nobody but the account's own callers. */
function newKey(scope: Construct, model: OrganizationModel): Key {
  const key = new Key(scope, 'Key', {
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
