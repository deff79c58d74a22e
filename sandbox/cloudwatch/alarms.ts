import type { PutMetricAlarmInput, StateValue } from '@aws-sdk/client-cloudwatch';
import { type Site, Store } from '../common/store';
import type { Tags } from '../common/tags';
import type { World } from '../core/world';
import { runActions } from './actions';
import { type Metrics, metricKey, statistic } from './metrics';

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly site: Site;
  readonly tags: Tags;
  readonly history: { time: Date; type: string; summary: string; data: string }[];
  definition: PutMetricAlarmInput;
  configuredAt: Date;
  state: StateValue;
  reason: string;
  reasonData?: string;
  updatedAt: Date;
}

const comparisons: Record<string, (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

interface Verdict {
  readonly state: StateValue;
  readonly reason: string;
  readonly data?: string;
}

/** Alarms of a world: evaluated when data arrive and as time passes. */
export class Alarms {
  readonly regions = new Store<Map<string, Alarm>>(() => new Map());

  constructor(
    readonly world: World,
    private readonly metrics: Metrics,
  ) {}

  /** Evaluates the alarms of one account and region on one metric, or on all. */
  evaluate(site: Site, key?: string): void {
    for (const alarm of this.regions.at(site).values()) {
      const { Namespace = '', MetricName = '', Dimensions } = alarm.definition;
      if (key === undefined || metricKey(Namespace, MetricName, Dimensions) === key) {
        this.evaluateOne(alarm);
      }
    }
  }

  private evaluateOne(alarm: Alarm): void {
    const verdict = this.judge(alarm);
    if (verdict && verdict.state !== alarm.state) {
      this.change(alarm, verdict);
    }
  }

  /** Puts an alarm in a state and does what it is to do then. */
  change(alarm: Alarm, verdict: Verdict): void {
    const before = alarm.state;
    alarm.state = verdict.state;
    alarm.reason = verdict.reason;
    alarm.reasonData = verdict.data;
    alarm.updatedAt = this.world.now();
    const summary = `Alarm updated from ${before} to ${verdict.state}`;
    const data = JSON.stringify({
      version: '1.0',
      oldState: { stateValue: before },
      newState: { stateValue: verdict.state, stateReason: verdict.reason },
    });
    alarm.history.unshift({ time: alarm.updatedAt, type: 'StateUpdate', summary, data });
    runActions(this.world, alarm, before);
  }

  /** The values of the last periods, newest first; the period that is not over counts when it has data. */
  private values(alarm: Alarm): (number | undefined)[] {
    const {
      Namespace = '',
      MetricName = '',
      Dimensions,
      Period = 60,
      EvaluationPeriods = 1,
      Statistic,
      ExtendedStatistic,
    } = alarm.definition;
    const key = metricKey(Namespace, MetricName, Dimensions);
    const length = Period * 1000;
    const now = this.world.now().getTime();
    const current = Math.floor(now / length) * length;
    const at = (start: number) =>
      statistic(
        Statistic ?? ExtendedStatistic ?? 'Average',
        this.metrics.samples(alarm.site, key, start, start + length),
      );
    const newest = at(current) === undefined ? current - length : current;
    return Array.from({ length: EvaluationPeriods }, (_, index) => at(newest - index * length));
  }

  private judge(alarm: Alarm): Verdict | undefined {
    const {
      Threshold = 0,
      ComparisonOperator = '',
      EvaluationPeriods = 1,
      DatapointsToAlarm,
      TreatMissingData = 'missing',
    } = alarm.definition;
    const values = this.values(alarm);
    const breaches = comparisons[ComparisonOperator] ?? (() => false);
    const present = values.filter((value) => value !== undefined);
    if (present.length === 0 && TreatMissingData === 'ignore') {
      return undefined;
    }
    if (present.length === 0 && TreatMissingData === 'missing') {
      return { state: 'INSUFFICIENT_DATA', reason: 'Insufficient Data: no datapoints were received.' };
    }
    const breaching = values.filter((value) =>
      value === undefined ? TreatMissingData === 'breaching' : breaches(value, Threshold),
    );
    const needed = DatapointsToAlarm ?? EvaluationPeriods;
    const crossed = breaching.length >= needed;
    const sentence = `Threshold Crossed: ${crossed ? breaching.length : values.length} out of the last ${EvaluationPeriods} datapoints [${present.join(', ')}] ${crossed ? 'was' : 'was not'} ${phrase(ComparisonOperator)} the threshold (${Threshold}).`;
    const data = JSON.stringify({ version: '1.0', recentDatapoints: present, threshold: Threshold });
    return { state: crossed ? 'ALARM' : 'OK', reason: sentence, data };
  }
}

function phrase(operator: string): string {
  return operator
    .replace('Threshold', '')
    .replace(/(?<!^)([A-Z])/g, ' $1')
    .toLowerCase()
    .replace(/ to$/, ' to');
}
