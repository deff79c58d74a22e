import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** What a queue of ours is called, and how long it keeps trying. */
export interface WorkQueueProperties {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly alarmName: string;
  /** What did not happen when messages are in the dead-letter queue, in words. */
  readonly alarmDescription: string;
  /** For which the function may work on a batch; the queue hides messages six times as long. */
  readonly timeout: Duration;
  /** After so many failed attempts a message goes to the dead-letter queue. */
  readonly attempts: number;
  /** SQS's own key unless given. */
  readonly key?: Key;
}

/** Work waits here for a function, and after many failures in the dead-letter queue, under an alarm. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly deadLetterAlarm: Alarm;

  constructor(scope: Construct, id: string, properties: WorkQueueProperties) {
    super(scope, id);
    const { key, timeout, attempts: maxReceiveCount } = properties;
    const common = {
      ...(key === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: Duration.minutes(5) }),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...common, queueName: properties.deadLetterQueueName });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      queueName: properties.queueName,
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    });
    this.deadLetterAlarm = new Alarm(this, 'DeadLetterAlarm', {
      alarmName: properties.alarmName,
      alarmDescription: properties.alarmDescription,
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

  /** Rules of the account may fill the queue, and the dead-letter queue with what the queue could not take. */
  admitRules(sid: string, ruleArns: readonly string[], accountId: string): void {
    for (const queue of [this.queue, this.deadLetters]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          sid,
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: {
            StringEquals: { 'aws:SourceAccount': accountId },
            ArnLike: { 'aws:SourceArn': ruleArns.length === 1 ? ruleArns[0] : [...ruleArns] },
          },
        }),
      );
    }
  }
}
