import { type Site, Store } from '../common/store';
import { ServiceError } from '../core/errors';
import type { World } from '../core/world';

export interface Dimension {
  Name?: string;
  Value?: string;
}

/** Values of one moment. */
interface Sample {
  readonly time: number;
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly values: readonly number[];
  readonly unit: string;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly samples: Sample[];
}

/** A datum as PutMetricData takes it. */
export interface Datum {
  MetricName?: string;
  Dimensions?: Dimension[];
  Timestamp?: Date;
  Value?: number;
  StatisticValues?: { SampleCount?: number; Sum?: number; Minimum?: number; Maximum?: number };
  Values?: number[];
  Counts?: number[];
  Unit?: string;
}

/** Older samples are forgotten. */
const keptMilliseconds = 15 * 86_400_000;

export function metricKey(namespace: string, name: string, dimensions: readonly Dimension[] | undefined): string {
  const sorted = [...(dimensions ?? [])].map(({ Name, Value }) => `${Name}=${Value}`).sort();
  return JSON.stringify([namespace, name, ...sorted]);
}

export function invalidValue(message: string): ServiceError {
  return new ServiceError('InvalidParameterValue', message, 400);
}

function sampleOf(datum: Datum, now: number): Sample {
  const time = datum.Timestamp?.getTime() ?? now;
  const unit = datum.Unit ?? 'None';
  const { StatisticValues: statistics } = datum;
  if (statistics) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = statistics;
    return { time, unit, sum: Sum, count: SampleCount, minimum: Minimum, maximum: Maximum, values: [] };
  }
  const values = datum.Values?.flatMap((value, index) => Array<number>(datum.Counts?.[index] ?? 1).fill(value)) ?? [
    datum.Value ?? Number.NaN,
  ];
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) {
    throw invalidValue(`The value ${datum.Value} for parameter MetricData.member.1.Value is invalid.`);
  }
  const sum = values.reduce((total, value) => total + value, 0);
  return { time, unit, sum, count: values.length, minimum: Math.min(...values), maximum: Math.max(...values), values };
}

/** All metrics of a world. */
export class Metrics {
  readonly regions = new Store<Map<string, Metric>>(() => new Map());

  constructor(private readonly world: World) {}

  /** @throws ServiceError `InvalidParameterValue` */
  put(namespace: string, data: readonly Datum[], site: Site): void {
    const region = this.regions.at(site);
    const now = this.world.now().getTime();
    for (const datum of data) {
      const key = metricKey(namespace, datum.MetricName ?? '', datum.Dimensions);
      const metric = region.get(key) ?? {
        namespace,
        name: datum.MetricName ?? '',
        dimensions: datum.Dimensions ?? [],
        samples: [],
      };
      metric.samples.push(sampleOf(datum, now));
      while ((metric.samples[0]?.time ?? now) < now - keptMilliseconds) {
        metric.samples.shift();
      }
      region.set(key, metric);
    }
  }

  samples(site: Site, key: string, from: number, to: number): Sample[] {
    const metric = this.regions.at(site).get(key);
    return metric ? metric.samples.filter((sample) => sample.time >= from && sample.time < to) : [];
  }
}

function percentile(samples: readonly Sample[], share: number): number {
  const values = samples.flatMap((sample) => sample.values).sort((a, b) => a - b);
  const rank = (share / 100) * (values.length - 1);
  const [low, high] = [values[Math.floor(rank)] ?? 0, values[Math.ceil(rank)] ?? 0];
  return low + (high - low) * (rank - Math.floor(rank));
}

/** One statistic over samples; `undefined` when there are none. */
export function statistic(name: string, samples: readonly Sample[]): number | undefined {
  if (samples.length === 0) {
    return undefined;
  }
  const sum = samples.reduce((total, sample) => total + sample.sum, 0);
  const count = samples.reduce((total, sample) => total + sample.count, 0);
  switch (name) {
    case 'Sum':
      return sum;
    case 'SampleCount':
      return count;
    case 'Average':
      return sum / count;
    case 'Minimum':
      return Math.min(...samples.map((sample) => sample.minimum));
    case 'Maximum':
      return Math.max(...samples.map((sample) => sample.maximum));
    default: {
      const [, share] = /^p(\d+(?:\.\d+)?)$/.exec(name) ?? [];
      if (!share) {
        throw invalidValue(`The value ${name} for parameter Stat is not supported by the local organization.`);
      }
      return percentile(samples, Number(share));
    }
  }
}
