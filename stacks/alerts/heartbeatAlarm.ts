import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { resourceNames } from '../model';

/** Minutes from one self-test to the next. */
export const heartbeatMinutes = 5;

/** Raised after three beats that failed or did not come. Source of the metric: `notifier/selfTest.ts`. */
export function heartbeatAlarm(scope: Construct): Alarm {
  return new Alarm(scope, 'HeartbeatAlarm', {
    alarmName: resourceNames.heartbeatAlarm,
    alarmDescription:
      'Alerts may reach no one: for a quarter of an hour the notifier did not say that its destinations would take them.',
    metric: new Metric({
      namespace: 'Garrison',
      metricName: 'Heartbeat',
      period: Duration.minutes(heartbeatMinutes),
      statistic: 'Minimum',
    }),
    threshold: 1,
    evaluationPeriods: 3,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
