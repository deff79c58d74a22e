import type {
  DescribeAlarmHistoryInput,
  DescribeAlarmsForMetricInput,
  DescribeAlarmsInput,
  PutMetricAlarmInput,
  SetAlarmStateInput,
} from '@aws-sdk/client-cloudwatch';
import { tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import type { Alarm, Alarms } from './alarms';
import { invalidValue, metricKey } from './metrics';

function described(alarm: Alarm) {
  const { Tags: _tags, ...definition } = alarm.definition;
  return {
    ...definition,
    ActionsEnabled: definition.ActionsEnabled ?? true,
    OKActions: definition.OKActions ?? [],
    AlarmActions: definition.AlarmActions ?? [],
    InsufficientDataActions: definition.InsufficientDataActions ?? [],
    Dimensions: definition.Dimensions ?? [],
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAt,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateReasonData: alarm.reasonData,
    StateUpdatedTimestamp: alarm.updatedAt,
    StateTransitionedTimestamp: alarm.updatedAt,
  };
}

function check(input: PutMetricAlarmInput): void {
  if (input.Metrics) {
    throw invalidValue('The local organization has no alarms on metric math.');
  }
  if (!input.MetricName || !input.Namespace) {
    throw new ServiceError('MissingParameter', 'The parameter MetricName is required.', 400);
  }
  if (!input.Statistic && !input.ExtendedStatistic) {
    throw new ServiceError('MissingParameter', 'Either Statistic or ExtendedStatistic must be specified.', 400);
  }
  const { Period = 60, EvaluationPeriods = 1 } = input;
  if (![10, 20, 30].includes(Period) && Period % 60 !== 0) {
    throw new ServiceError('ValidationError', `Period must be 10, 20, 30 or a multiple of 60: ${Period}`, 400);
  }
  if (Period * EvaluationPeriods > 604_800) {
    throw new ServiceError(
      'ValidationError',
      'Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800).',
      400,
    );
  }
  const actions = [...(input.AlarmActions ?? []), ...(input.OKActions ?? []), ...(input.InsufficientDataActions ?? [])];
  for (const action of actions) {
    if (!action.startsWith('arn:')) {
      throw new ServiceError('ValidationError', `Invalid arn syntax: ${action}`, 400);
    }
  }
}

function putAlarm(alarms: Alarms): Handler {
  return (input: PutMetricAlarmInput, context) => {
    check(input);
    const name = input.AlarmName ?? '';
    const region = alarms.regions.at(context);
    const now = context.world.now();
    const existing = region.get(name);
    if (existing) {
      existing.definition = input;
      existing.configuredAt = now;
    } else {
      region.set(name, {
        name,
        arn: `arn:${context.world.partition}:cloudwatch:${context.region}:${context.accountId}:alarm:${name}`,
        site: { accountId: context.accountId, region: context.region },
        tags: tagsFrom(input.Tags),
        history: [{ time: now, type: 'ConfigurationUpdate', summary: `Alarm "${name}" created`, data: '{}' }],
        definition: input,
        configuredAt: now,
        state: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        updatedAt: now,
      });
    }
    context.world.later(0, () => alarms.evaluate({ accountId: context.accountId, region: context.region }));
  };
}

function at(alarms: Alarms, name: string | undefined, context: CallContext): Alarm {
  const alarm = alarms.regions.at(context).get(name ?? '');
  if (!alarm) {
    throw new ServiceError('ResourceNotFound', 'Unknown alarm', 404);
  }
  return alarm;
}

function describe(alarms: Alarms, refresh: (context: CallContext) => Promise<void>): Record<string, Handler> {
  return {
    DescribeAlarms: async (input: DescribeAlarmsInput, context) => {
      await refresh(context);
      const all = [...alarms.regions.at(context).values()]
        .filter((alarm) => !input.AlarmNames || input.AlarmNames.includes(alarm.name))
        .filter((alarm) => alarm.name.startsWith(input.AlarmNamePrefix ?? ''))
        .filter((alarm) => !input.StateValue || alarm.state === input.StateValue)
        .filter(
          (alarm) =>
            !input.ActionPrefix ||
            (alarm.definition.AlarmActions ?? []).some((one) => one.startsWith(input.ActionPrefix ?? '')),
        )
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const page = paginate(all, {
        token: input.NextToken,
        size: input.MaxRecords,
        maximum: 100,
        invalidCode: 'InvalidNextToken',
      });
      return { MetricAlarms: page.items.map(described), CompositeAlarms: [], NextToken: page.nextToken };
    },
    DescribeAlarmsForMetric: (input: DescribeAlarmsForMetricInput, context) => {
      const key = metricKey(input.Namespace ?? '', input.MetricName ?? '', input.Dimensions);
      const found = [...alarms.regions.at(context).values()].filter(
        ({ definition }) =>
          metricKey(definition.Namespace ?? '', definition.MetricName ?? '', definition.Dimensions) === key,
      );
      return { MetricAlarms: found.map(described) };
    },
    DescribeAlarmHistory: (input: DescribeAlarmHistoryInput, context) => {
      const all = [...alarms.regions.at(context).values()]
        .filter((alarm) => !input.AlarmName || alarm.name === input.AlarmName)
        .flatMap((alarm) =>
          alarm.history.map((entry) => ({
            AlarmName: alarm.name,
            AlarmType: 'MetricAlarm',
            Timestamp: entry.time,
            HistoryItemType: entry.type,
            HistorySummary: entry.summary,
            HistoryData: entry.data,
          })),
        )
        .filter((entry) => !input.HistoryItemType || entry.HistoryItemType === input.HistoryItemType);
      const page = paginate(all, {
        token: input.NextToken,
        size: input.MaxRecords,
        maximum: 100,
        invalidCode: 'InvalidNextToken',
      });
      return { AlarmHistoryItems: page.items, NextToken: page.nextToken };
    },
  };
}

/** Alarms; `refresh` brings in what only its owner knows, such as the depth of queues, before alarms are told. */
export function alarmOperations(
  alarms: Alarms,
  refresh: (context: CallContext) => Promise<void>,
): Record<string, Handler> {
  const enable =
    (enabled: boolean): Handler =>
    (input: { AlarmNames?: string[] }, context) => {
      for (const name of input.AlarmNames ?? []) {
        at(alarms, name, context).definition.ActionsEnabled = enabled;
      }
    };
  return {
    PutMetricAlarm: putAlarm(alarms),
    ...describe(alarms, refresh),
    DeleteAlarms: (input: { AlarmNames?: string[] }, context) => {
      const found = (input.AlarmNames ?? []).map((name) => at(alarms, name, context));
      for (const alarm of found) {
        alarms.regions.at(context).delete(alarm.name);
      }
    },
    SetAlarmState: (input: SetAlarmStateInput, context) => {
      const alarm = at(alarms, input.AlarmName, context);
      const state = input.StateValue ?? 'OK';
      if (state !== alarm.state) {
        alarms.change(alarm, { state, reason: input.StateReason ?? '', data: input.StateReasonData });
      }
    },
    EnableAlarmActions: enable(true),
    DisableAlarmActions: enable(false),
  };
}
