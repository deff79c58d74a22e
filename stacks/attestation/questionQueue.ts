import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type OrganizationModel, resourceNames } from '../model';

/** Seconds for which the function may work on a batch; the queue hides messages six times as long. */
export const attestationTimeout = Duration.seconds(30);

/** With growing pauses (`notifier/retry.ts`), half a day of an outage. */
const attempts = 100;

/** Uses of privileges wait here to be recorded and asked about, and after many failures in the dead-letter queue. */
export class QuestionQueue extends Construct {
  readonly questions: Queue;
  readonly deadLetters: Queue;
  readonly deadLetterAlarm: Alarm;

  constructor(scope: Construct, id: string, model: OrganizationModel, key: Key) {
    super(scope, id);
    const encrypted = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      dataKeyReuse: Duration.minutes(5),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: resourceNames.questionDeadLetterQueue,
      ...encrypted,
    });
    this.questions = new Queue(this, 'Questions', {
      queueName: resourceNames.questionQueue,
      ...encrypted,
      visibilityTimeout: Duration.seconds(6 * attestationTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: attempts },
    });
    for (const queue of [this.questions, this.deadLetters]) {
      admitRules(queue, model);
    }
    this.deadLetterAlarm = new Alarm(this, 'DeadLetterAlarm', {
      alarmName: resourceNames.questionDeadLetterAlarm,
      alarmDescription: 'Uses of privileges were not recorded or not asked about: garrison-attestation failed on them.',
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

function admitRules(queue: Queue, { partition, homeRegion, securityAccountId }: OrganizationModel): void {
  const rule = `arn:${partition}:events:${homeRegion}:${securityAccountId}:rule`;
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AttestationRules',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': securityAccountId },
        ArnLike: {
          'aws:SourceArn': [
            `${rule}/${resourceNames.bus}/garrison-attest-*`,
            `${rule}/${resourceNames.attestationTimerRule}`,
          ],
        },
      },
    }),
  );
}
