import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { type OrganizationModel, resourceNames } from '../model';

/** Seconds for which the responder may work on a message; the queue hides it six times as long. */
export const responderTimeout = Duration.seconds(60);

/** What waits for an approval, or for a service that throttles, comes again; a hundred times is more than enough. */
const attempts = 100;

/** Events wait here for the responders, and after a hundred failed attempts in the dead-letter queue, under an alarm. */
export class ResponseQueue extends Construct {
  readonly responses: Queue;
  readonly deadLetters: Queue;
  readonly deadLetterAlarm: Alarm;

  constructor(scope: Construct, id: string, model: OrganizationModel, key: Key) {
    super(scope, id);
    const common = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      dataKeyReuse: Duration.minutes(5),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...common, queueName: resourceNames.responseDeadLetterQueue });
    this.responses = new Queue(this, 'Responses', {
      ...common,
      queueName: resourceNames.responseQueue,
      visibilityTimeout: Duration.seconds(6 * responderTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: attempts },
    });
    this.deadLetterAlarm = new Alarm(this, 'DeadLetterAlarm', {
      alarmName: resourceNames.responseDeadLetterAlarm,
      alarmDescription: 'Events were not answered: the responders failed on them, or no queue could take them.',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 0,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    for (const queue of [this.responses, this.deadLetters]) {
      admitRules(queue, model);
    }
  }
}

/** The bus's own rules for responders, and no others. */
function admitRules(queue: Queue, { partition, homeRegion, securityAccountId }: OrganizationModel): void {
  const rules = `arn:${partition}:events:${homeRegion}:${securityAccountId}:rule/${resourceNames.bus}/garrison-respond-*`;
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'ResponseRules',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { StringEquals: { 'aws:SourceAccount': securityAccountId }, ArnLike: { 'aws:SourceArn': rules } },
    }),
  );
}
