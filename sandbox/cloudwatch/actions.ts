import { parseArn } from '../common/arn';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';
import type { Alarm } from './alarms';

/** The JSON that an alarm's notification carries. */
function notification(alarm: Alarm, before: string) {
  const { definition, site } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmDescription: definition.AlarmDescription ?? null,
    AWSAccountId: site.accountId,
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAt.toISOString(),
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: alarm.updatedAt.toISOString().replace('Z', '+0000'),
    Region: site.region,
    AlarmArn: alarm.arn,
    OldStateValue: before,
    OKActions: definition.OKActions ?? [],
    AlarmActions: definition.AlarmActions ?? [],
    InsufficientDataActions: definition.InsufficientDataActions ?? [],
    Trigger: {
      MetricName: definition.MetricName,
      Namespace: definition.Namespace,
      StatisticType: 'Statistic',
      Statistic: definition.Statistic?.toUpperCase(),
      Unit: definition.Unit ?? null,
      Dimensions: (definition.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
      Period: definition.Period,
      EvaluationPeriods: definition.EvaluationPeriods,
      DatapointsToAlarm: definition.DatapointsToAlarm,
      ComparisonOperator: definition.ComparisonOperator,
      Threshold: definition.Threshold,
      TreatMissingData: definition.TreatMissingData ?? 'missing',
      EvaluateLowSampleCountPercentile: definition.EvaluateLowSampleCountPercentile ?? '',
    },
  };
}

function actionsOf(alarm: Alarm): readonly string[] {
  const { OKActions, AlarmActions, InsufficientDataActions, ActionsEnabled } = alarm.definition;
  if (ActionsEnabled === false) {
    return [];
  }
  const all = { OK: OKActions, ALARM: AlarmActions, INSUFFICIENT_DATA: InsufficientDataActions };
  return all[alarm.state] ?? [];
}

async function runAction(world: World, alarm: Alarm, before: string, action: string): Promise<void> {
  const arn = parseArn(action);
  const { accountId } = alarm.site;
  const message = notification(alarm, before);
  const as = (principal: string) => ({
    caller: world.serviceCaller(principal, { accountId, arn: alarm.arn }),
    region: arn?.region ?? alarm.site.region,
    accountId: arn?.accountId,
  });
  if (arn?.service === 'sns') {
    const Subject = `${alarm.state}: "${alarm.name}" in ${alarm.site.region}`.slice(0, 100);
    await world.call(
      'sns',
      'Publish',
      { TopicArn: action, Subject, Message: JSON.stringify(message) },
      as('cloudwatch.amazonaws.com'),
    );
  } else if (arn?.service === 'lambda') {
    const payload = {
      source: 'aws.cloudwatch',
      alarmArn: alarm.arn,
      accountId,
      time: alarm.updatedAt.toISOString(),
      region: alarm.site.region,
      alarmData: {
        alarmName: alarm.name,
        state: { value: alarm.state, reason: alarm.reason },
        previousState: { value: before },
      },
    };
    const input = { FunctionName: action, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(payload)) };
    await world.call('lambda', 'Invoke', input, as('lambda.alarms.cloudwatch.amazonaws.com'));
  } else {
    throw new ServiceError('UnsupportedAction', `The local organization cannot do ${action}.`);
  }
}

/** Does an alarm's actions for its new state, and tells the event bus. What fails is in the alarm's history. */
export function runActions(world: World, alarm: Alarm, before: string): void {
  for (const action of actionsOf(alarm)) {
    world.later(0, async () => {
      let summary = `Successfully executed action ${action}`;
      try {
        await runAction(world, alarm, before, action);
      } catch (error) {
        if (!(error instanceof ServiceError)) {
          throw error;
        }
        summary = `Failed to execute action ${action}. Received error: "${error.message}"`;
      }
      alarm.history.unshift({ time: world.now(), type: 'Action', summary, data: '{}' });
    });
  }
  const { MetricName: name, Namespace: namespace, Dimensions = [], Period: period, Statistic: stat } = alarm.definition;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
  const detail = {
    alarmName: alarm.name,
    state: {
      value: alarm.state,
      reason: alarm.reason,
      reasonData: alarm.reasonData,
      timestamp: alarm.updatedAt.toISOString().replace('Z', '+0000'),
    },
    previousState: { value: before },
    configuration: {
      metrics: [{ id: 'm1', metricStat: { metric: { namespace, name, dimensions }, period, stat }, returnData: true }],
      description: alarm.definition.AlarmDescription,
    },
  };
  world.emit(
    { source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', resources: [alarm.arn], detail },
    alarm.site,
  );
}
