import type {
  GetMetricDataInput,
  GetMetricStatisticsInput,
  ListMetricsInput,
  MetricStat,
} from '@aws-sdk/client-cloudwatch';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { type Dimension, invalidValue, type Metric, type Metrics, metricKey, statistic } from './metrics';

function windows(from: Date | undefined, to: Date | undefined, seconds: number | undefined): [number, number][] {
  const period = (seconds ?? 60) * 1000;
  const start = Math.floor((from?.getTime() ?? 0) / period) * period;
  const end = to?.getTime() ?? 0;
  if (period <= 0 || end <= start) {
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.');
  }
  if ((end - start) / period > 100_800) {
    throw invalidValue('You have requested more datapoints than can be told at once.');
  }
  const found: [number, number][] = [];
  for (let time = start; time < end; time += period) {
    found.push([time, time + period]);
  }
  return found;
}

function statistics(metrics: Metrics): Handler {
  return (input: GetMetricStatisticsInput, context) => {
    const key = metricKey(input.Namespace ?? '', input.MetricName ?? '', input.Dimensions);
    const names = [...(input.Statistics ?? []), ...(input.ExtendedStatistics ?? [])];
    const Datapoints = windows(input.StartTime, input.EndTime, input.Period).flatMap(([from, to]) => {
      const samples = metrics.samples(context, key, from, to);
      if (samples.length === 0) {
        return [];
      }
      const plain = names.filter((name) => !name.startsWith('p')).map((name) => [name, statistic(name, samples)]);
      const extended = (input.ExtendedStatistics ?? []).map((name) => [name, statistic(name, samples)]);
      return [
        {
          Timestamp: new Date(from),
          Unit: samples[0]?.unit,
          ...Object.fromEntries(plain),
          ...(extended.length > 0 ? { ExtendedStatistics: Object.fromEntries(extended) } : {}),
        },
      ];
    });
    return { Label: input.MetricName, Datapoints };
  };
}

function series(metrics: Metrics, stat: MetricStat, input: GetMetricDataInput, context: CallContext) {
  const { Metric: metric, Period, Stat = 'Average' } = stat;
  const key = metricKey(metric?.Namespace ?? '', metric?.MetricName ?? '', metric?.Dimensions);
  const points = windows(input.StartTime, input.EndTime, Period)
    .map(([from, to]) => ({ time: new Date(from), value: statistic(Stat, metrics.samples(context, key, from, to)) }))
    .filter((point) => point.value !== undefined);
  return input.ScanBy === 'TimestampAscending' ? points : points.reverse();
}

function data(metrics: Metrics): Handler {
  return (input: GetMetricDataInput, context) => {
    const MetricDataResults = (input.MetricDataQueries ?? [])
      .filter((query) => query.ReturnData !== false)
      .map((query) => {
        if (!query.MetricStat) {
          throw invalidValue(`The local organization has no metric math: ${query.Expression}`);
        }
        const points = series(metrics, query.MetricStat, input, context);
        return {
          Id: query.Id,
          Label: query.Label ?? query.MetricStat.Metric?.MetricName,
          Timestamps: points.map((point) => point.time),
          Values: points.map((point) => point.value),
          StatusCode: 'Complete',
        };
      });
    return { MetricDataResults, Messages: [] };
  };
}

function wanted(metric: Metric, input: ListMetricsInput): boolean {
  const has = (filter: Dimension) =>
    metric.dimensions.some(
      (one) => one.Name === filter.Name && (filter.Value === undefined || one.Value === filter.Value),
    );
  return (
    (!input.Namespace || metric.namespace === input.Namespace) &&
    (!input.MetricName || metric.name === input.MetricName) &&
    (input.Dimensions ?? []).every(has)
  );
}

/** Reading metrics. */
export function queryOperations(metrics: Metrics): Record<string, Handler> {
  return {
    GetMetricStatistics: statistics(metrics),
    GetMetricData: data(metrics),
    ListMetrics: (input: ListMetricsInput, context) => {
      const all = [...metrics.regions.at(context).values()].filter((metric) => wanted(metric, input));
      const page = paginate(all, { token: input.NextToken, maximum: 500, invalidCode: 'InvalidParameterValue' });
      const Metrics = page.items.map((metric) => ({
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: metric.dimensions,
      }));
      return { Metrics, NextToken: page.nextToken };
    },
  };
}
