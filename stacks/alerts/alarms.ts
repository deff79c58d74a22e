import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type OrganizationModel, resourceNames } from '../model';
import type { AlertQueue } from './alertQueue';
import { heartbeatAlarm, heartbeatMinutes } from './heartbeatAlarm';

/** What the notifier takes for a self-test: `notifier/events/parse.ts`. */
const selfTest = { source: 'garrison.self-test', 'detail-type': 'Garrison Self-Test', detail: {} };

/** The other way to people, for when the notifier cannot reach them: alarms → topic → e-mail; and the heartbeat. */
export class Alarms extends Construct {
  /** @param others alarms of the features that are on */
  constructor(
    scope: Construct,
    id: string,
    model: OrganizationModel,
    queue: AlertQueue,
    others: readonly Alarm[] = [],
  ) {
    super(scope, id);
    admitAlarms(queue, model);
    const topic = new Topic(this, 'Topic', {
      topicName: resourceNames.alarmTopic,
      displayName: 'Garrison alarms',
      masterKey: queue.key,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OwnAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': model.securityAccountId }, ...fromAlarms(model) },
      }),
    );
    for (const email of model.alarmEmails) {
      // By its address: taking one out of the list takes out that subscription and no other.
      new CfnSubscription(this, `Email${email}`, { topicArn: topic.topicArn, protocol: 'email', endpoint: email });
    }
    beat(this, queue, model);
    notifyOf(topic, queue.deadLetterAlarm, heartbeatAlarm(this), ...others);
  }
}

/** A person is told when it begins, and that it is over. */
function notifyOf(topic: Topic, ...alarms: readonly Alarm[]): void {
  for (const alarm of alarms) {
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}

/** A scheduled event takes the alerts' way through queue and function. Rules with a schedule stand on the default bus. */
function beat(scope: Construct, { queue }: AlertQueue, model: OrganizationModel): void {
  const rule = new CfnRule(scope, 'SelfTest', {
    name: resourceNames.selfTestRule,
    description: 'The notifier asks its destinations whether they would take an alert',
    scheduleExpression: `rate(${heartbeatMinutes} minutes)`,
    state: 'ENABLED',
    targets: [
      {
        id: 'alerts',
        arn: queue.queueArn,
        input: JSON.stringify(selfTest),
        // A late beat is none: its absence is the signal.
        retryPolicy: { maximumEventAgeInSeconds: Duration.minutes(heartbeatMinutes).toSeconds() },
      },
    ],
  });
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'SelfTestRule',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        StringEquals: { 'aws:SourceAccount': model.securityAccountId },
        ArnEquals: { 'aws:SourceArn': rule.attrArn },
      },
    }),
  );
}

/** CloudWatch publishes to an encrypted topic only if it may use the key. */
function admitAlarms({ key }: AlertQueue, model: OrganizationModel): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsReachTheTopic',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': model.securityAccountId } },
    }),
  );
}

function fromAlarms({ partition, homeRegion, securityAccountId }: OrganizationModel) {
  const alarms = `arn:${partition}:cloudwatch:${homeRegion}:${securityAccountId}:alarm:garrison-*`;
  return { ArnLike: { 'aws:SourceArn': alarms } };
}
