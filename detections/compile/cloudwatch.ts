import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { PutMetricFilterCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { maximumFilterPatternLength, parseFilterPattern } from '../../patterns/cloudwatchLogs';
import { CompileError } from '../errors';
import type { ConfiguredDetection } from '../settings';
import { toFilterExpression } from './filterExpression';
import { fitting } from './halves';

/** Metric filters on the trail's log group, and the alarm over their metric. */
export interface CloudWatchRule {
  readonly detectionId: string;
  /** `exact`: the text that a control prescribes; `better`: what the detection means. */
  readonly form: 'exact' | 'better';
  readonly control?: string;
  readonly filters: readonly PutMetricFilterCommandInput[];
  readonly alarm: PutMetricAlarmCommandInput;
}

export interface CloudWatchOptions {
  /** Log group to which the trail writes. */
  readonly logGroupName: string;
  /** Topic that the alarm tells. */
  readonly topicArn: string;
  readonly nearest?: boolean;
}

/** Security Hub looks for this namespace in its own remediation. */
const metricNamespace = 'LogMetrics';
const secondsPerMinute = 60;
const longestWindowMinutes = 24 * 60;

/** Compiles the detection's own condition. Throws `CompileError` where a metric filter cannot say it. */
export function compileCloudWatch(configured: ConfiguredDetection, options: CloudWatchOptions): CloudWatchRule {
  const condition = options.nearest && configured.nearest ? configured.nearest : configured.condition;
  const patterns = fitting(
    condition,
    (part) => `{${toFilterExpression(part)}}`,
    ({ length }) => length,
    maximumFilterPatternLength,
  );
  return rule(configured, options, 'better', patterns.map(fitted));
}

/** A filter that is valid and within the limit. Throws `CompileError`. */
function fitted(pattern: string): string {
  if (pattern.length > maximumFilterPatternLength) {
    throw new CompileError(
      'cloudwatch',
      `the filter has ${pattern.length} characters, the limit is ${maximumFilterPatternLength}`,
    );
  }
  parseFilterPattern(pattern);
  return pattern;
}

/** The filters that controls prescribe, letter by letter: one rule each. */
export function exactCloudWatch(configured: ConfiguredDetection, options: CloudWatchOptions): CloudWatchRule[] {
  return (configured.detection.exact ?? []).map(({ control, pattern }) =>
    rule(configured, options, 'exact', [pattern], control),
  );
}

function rule(
  configured: ConfiguredDetection,
  options: CloudWatchOptions,
  form: 'exact' | 'better',
  patterns: readonly string[],
  control?: string,
): CloudWatchRule {
  const { detection, threshold } = configured;
  const base = `garrison-${detection.id}${control ? `-${control.replace(/[^A-Za-z0-9.]+/g, '-')}` : ''}`;
  const counted = (form === 'better' && threshold?.per) || undefined;
  const variants = patterns.flatMap((pattern) => (counted ? withActor(pattern, counted) : [{ pattern }]));
  const filters = variants.map(({ pattern: filterPattern, dimensions }: Variant, index) => ({
    logGroupName: options.logGroupName,
    filterName: variants.length > 1 ? `${base}-${index + 1}` : base,
    filterPattern,
    metricTransformations: [
      {
        metricName: base,
        metricNamespace,
        metricValue: '1',
        // Security Hub's remediation has it; a metric with dimensions cannot.
        ...(form === 'exact' && { defaultValue: 0 }),
        ...(dimensions && { dimensions }),
      },
    ],
  }));
  const alarm =
    form === 'better' && threshold ? actorAlarm(base, configured, options) : plainAlarm(base, configured, options);
  return { detectionId: detection.id, form, control, filters, alarm };
}

interface Variant {
  readonly pattern: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** An event without a field of its metric's dimensions is not counted: without an actor, the kind of actor stands for it. */
function withActor(pattern: string, per: readonly string[]): Variant[] {
  const dimensions = Object.fromEntries(per.map((path) => [dimensionName(path), `$.${path}`]));
  const actor = per.find((path) => path.startsWith('userIdentity.'));
  if (actor === undefined) {
    return [{ pattern, dimensions }];
  }
  const nameless = `{(${pattern.slice(1, -1)}) && ($.${actor} NOT EXISTS)}`;
  return [
    { pattern, dimensions },
    { pattern: fitted(nameless), dimensions: { ...dimensions, [dimensionName(actor)]: '$.userIdentity.type' } },
  ];
}

/** `userIdentity.arn` as `UserIdentityArn`. */
function dimensionName(path: string): string {
  return path
    .split('.')
    .map((step) => `${step.charAt(0).toUpperCase()}${step.slice(1)}`)
    .join('');
}

function common(name: string, { detection }: ConfiguredDetection, { topicArn }: CloudWatchOptions) {
  return {
    AlarmName: name,
    AlarmDescription: `${detection.title} (${detection.severity}). ${detection.meaning}`.slice(0, 1024),
    ActionsEnabled: true,
    AlarmActions: [topicArn],
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
    TreatMissingData: 'notBreaching',
  };
}

function plainAlarm(
  name: string,
  configured: ConfiguredDetection,
  options: CloudWatchOptions,
): PutMetricAlarmCommandInput {
  return {
    ...common(name, configured, options),
    MetricName: name,
    Namespace: metricNamespace,
    Statistic: 'Sum',
    Period: 300,
    Threshold: 1,
  };
}

/** Counts for every account and actor by itself; the alarm looks at the one with most. */
function actorAlarm(
  name: string,
  configured: ConfiguredDetection,
  options: CloudWatchOptions,
): PutMetricAlarmCommandInput {
  const { count, windowMinutes, per } = configured.threshold as NonNullable<ConfiguredDetection['threshold']>;
  if (windowMinutes > longestWindowMinutes) {
    throw new CompileError(
      'cloudwatch',
      `a window of ${windowMinutes} minutes: an alarm looks back a day, ${longestWindowMinutes} minutes, at most`,
    );
  }
  const dimensions = per.map(dimensionName).join(', ');
  const query = `SELECT SUM("${name}") FROM SCHEMA("${metricNamespace}", ${dimensions}) GROUP BY ${dimensions} ORDER BY SUM() DESC LIMIT 1`;
  return {
    ...common(name, configured, options),
    Metrics: [{ Id: 'most', Expression: query, Period: windowMinutes * secondsPerMinute, ReturnData: true }],
    Threshold: count,
  };
}
