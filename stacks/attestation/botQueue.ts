import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { resourceNames } from '../model';

/** Seconds for which the worker may work on a batch; the queue hides messages six times as long. */
export const workerTimeout = Duration.seconds(30);

/** The worker hides what failed for some seconds, or as long as Slack asks: hours of an outage. */
const attempts = 1_000;

/** What the bot leaves for later waits here, and after many failures in the dead-letter queue, under an alarm. */
export class BotQueue extends Construct {
  readonly work: Queue;
  readonly deadLetters: Queue;
  readonly deadLetterAlarm: Alarm;

  constructor(scope: Construct, id: string, key: Key) {
    super(scope, id);
    const encrypted = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      dataKeyReuse: Duration.minutes(5),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    this.deadLetters = new Queue(this, 'DeadLetters', { queueName: resourceNames.botDeadLetterQueue, ...encrypted });
    this.work = new Queue(this, 'Work', {
      queueName: resourceNames.botQueue,
      ...encrypted,
      visibilityTimeout: Duration.seconds(6 * workerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: attempts },
    });
    this.deadLetterAlarm = new Alarm(this, 'DeadLetterAlarm', {
      alarmName: resourceNames.botDeadLetterAlarm,
      alarmDescription: 'Answers given in Slack were not recorded: garrison-bot-worker failed on them.',
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
