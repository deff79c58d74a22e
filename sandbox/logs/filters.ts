import { gzipSync } from 'node:zlib';
import type {
  DescribeMetricFiltersRequest,
  PutMetricFilterRequest,
  PutSubscriptionFilterRequest,
  TestMetricFilterRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  type FilterPattern,
  InvalidFilterPatternError,
  matchesFilterPattern,
  parseFilterPattern,
} from '../../patterns/cloudwatchLogs';
import { parseArn } from '../common/arn';
import { atPath } from '../common/jsonPath';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { invalid, type LogEvent, type LogGroup, type LogStream, type Logs, type MetricFilter, notFound } from './state';

const filtersPerGroup = 100;
const subscriptionsPerGroup = 2;

/** @throws ServiceError `InvalidParameterException` */
export function readPattern(text: string): FilterPattern {
  try {
    return parseFilterPattern(text);
  } catch (error) {
    if (error instanceof InvalidFilterPatternError) {
      throw invalid(`Invalid character(s) in term '${text}'`);
    }
    throw error;
  }
}

/** @throws ServiceError `InvalidParameterException`, in the words that metric filters have for it */
function readMetricPattern(text: string): FilterPattern {
  try {
    return parseFilterPattern(text);
  } catch (error) {
    throw error instanceof InvalidFilterPatternError ? invalid('Invalid metric filter pattern') : error;
  }
}

function putMetricFilter(logs: Logs): Handler {
  return (input: PutMetricFilterRequest, context) => {
    const group = logs.group(input.logGroupName, context);
    const name = input.filterName ?? '';
    const pattern = readMetricPattern(input.filterPattern ?? '');
    const transformations = input.metricTransformations ?? [];
    if (transformations.length !== 1) {
      throw invalid(
        "1 validation error detected: Value at 'metricTransformations' failed to satisfy constraint: Member must have length equal to 1",
      );
    }
    for (const one of transformations) {
      if (one.dimensions && !pattern.extract) {
        throw invalid('The specified filter pattern does not support dimensions');
      }
      if (one.dimensions && one.defaultValue !== undefined) {
        throw invalid('Invalid metric transformation: dimensions and default value are mutually exclusive.');
      }
    }
    if (!group.metricFilters.has(name) && group.metricFilters.size >= filtersPerGroup) {
      throw new ServiceError('LimitExceededException', 'Resource limit exceeded.', 400);
    }
    group.metricFilters.set(name, {
      filterName: name,
      logGroupName: group.name,
      creationTime: logs.now(),
      filterPattern: input.filterPattern ?? '',
      metricTransformations: transformations,
    });
  };
}

function metricFilters(logs: Logs): Record<string, Handler> {
  return {
    PutMetricFilter: putMetricFilter(logs),
    DeleteMetricFilter: (input: { logGroupName: string; filterName: string }, context) => {
      if (!logs.group(input.logGroupName, context).metricFilters.delete(input.filterName)) {
        throw notFound('The specified metric filter does not exist.');
      }
    },
    DescribeMetricFilters: (input: DescribeMetricFiltersRequest, context) => {
      const groups = input.logGroupName
        ? [logs.group(input.logGroupName, context)]
        : [...logs.regions.at(context).groups.values()];
      const all = groups
        .flatMap((group) => [...group.metricFilters.values()])
        .filter((one) => one.filterName.startsWith(input.filterNamePrefix ?? ''))
        .filter(
          (one) =>
            !input.metricName ||
            one.metricTransformations.some(
              (each) => each.metricName === input.metricName && each.metricNamespace === input.metricNamespace,
            ),
        );
      const page = paginate(all, {
        token: input.nextToken,
        size: input.limit,
        maximum: 50,
        invalidCode: 'InvalidParameterException',
      });
      return { metricFilters: page.items, nextToken: page.nextToken };
    },
    TestMetricFilter: (input: TestMetricFilterRequest) => {
      const pattern = readMetricPattern(input.filterPattern ?? '');
      const matches = (input.logEventMessages ?? []).flatMap((eventMessage, index) =>
        matchesFilterPattern(pattern, eventMessage)
          ? [{ eventNumber: index + 1, eventMessage, extractedValues: pattern.extract?.(eventMessage) ?? {} }]
          : [],
      );
      return { matches };
    },
  };
}

function subscriptionFilters(logs: Logs): Record<string, Handler> {
  return {
    PutSubscriptionFilter: (input: PutSubscriptionFilterRequest, context) => {
      const group = logs.group(input.logGroupName, context);
      readPattern(input.filterPattern ?? '');
      const name = input.filterName ?? '';
      if (!group.subscriptionFilters.has(name) && group.subscriptionFilters.size >= subscriptionsPerGroup) {
        throw new ServiceError('LimitExceededException', 'Resource limit exceeded.', 400);
      }
      if (!parseArn(input.destinationArn)) {
        throw invalid('destinationArn is not a valid ARN.');
      }
      group.subscriptionFilters.set(name, {
        filterName: name,
        logGroupName: group.name,
        filterPattern: input.filterPattern ?? '',
        destinationArn: input.destinationArn ?? '',
        roleArn: input.roleArn,
        distribution: input.distribution ?? 'ByLogStream',
        creationTime: logs.now(),
      });
    },
    DeleteSubscriptionFilter: (input: { logGroupName: string; filterName: string }, context) => {
      if (!logs.group(input.logGroupName, context).subscriptionFilters.delete(input.filterName)) {
        throw notFound('The specified subscription filter does not exist.');
      }
    },
    DescribeSubscriptionFilters: (input: { logGroupName: string; filterNamePrefix?: string }, context) => ({
      subscriptionFilters: [...logs.group(input.logGroupName, context).subscriptionFilters.values()].filter((one) =>
        one.filterName.startsWith(input.filterNamePrefix ?? ''),
      ),
    }),
  };
}

/** Metric and subscription filters. */
export function filterOperations(logs: Logs): Record<string, Handler> {
  return { ...metricFilters(logs), ...subscriptionFilters(logs) };
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function datum(filter: MetricFilter, event: LogEvent) {
  const [transformation] = filter.metricTransformations;
  const text = transformation?.metricValue ?? '1';
  const document = text.startsWith('$') || transformation?.dimensions ? parsed(event.message) : undefined;
  const value = text.startsWith('$') ? Number(atPath(document, text)) : Number(text);
  const dimensions = Object.entries(transformation?.dimensions ?? {}).map(([Name, path]) => ({
    Name,
    Value: String(atPath(document, path) ?? ''),
  }));
  return Number.isFinite(value) && dimensions.every((one) => one.Value !== '')
    ? {
        MetricName: transformation?.metricName,
        Value: value,
        Timestamp: new Date(event.timestamp),
        Unit: transformation?.unit ?? 'None',
        Dimensions: dimensions,
      }
    : undefined;
}

/** Turns events that metric filters match into metrics of CloudWatch. */
export async function makeMetrics(logs: Logs, group: LogGroup, events: readonly LogEvent[]): Promise<void> {
  const { accountId, region } = group.site;
  const caller = logs.world.serviceCaller('logs.amazonaws.com', { accountId, arn: group.arn });
  for (const filter of group.metricFilters.values()) {
    const pattern = parseFilterPattern(filter.filterPattern);
    const matching = events.filter((event) => matchesFilterPattern(pattern, event.message));
    const [transformation] = filter.metricTransformations;
    const data = matching.map((event) => datum(filter, event)).filter((one) => one !== undefined);
    if (matching.length === 0 && transformation?.defaultValue !== undefined) {
      data.push({
        MetricName: transformation.metricName,
        Value: transformation.defaultValue,
        Timestamp: logs.world.now(),
        Unit: 'None',
        Dimensions: [],
      });
    }
    if (data.length > 0) {
      const input = { Namespace: transformation?.metricNamespace, MetricData: data };
      await logs.world.call('monitoring', 'PutServiceMetricData', input, { caller, region, accountId });
    }
  }
}

/** Sends matching events to the subscribed functions, packed as CloudWatch Logs packs them. */
export async function sendToSubscribers(
  logs: Logs,
  group: LogGroup,
  stream: LogStream,
  events: readonly LogEvent[],
): Promise<void> {
  const { accountId } = group.site;
  for (const filter of group.subscriptionFilters.values()) {
    const pattern = parseFilterPattern(filter.filterPattern);
    const matching = events.filter((event) => matchesFilterPattern(pattern, event.message));
    const arn = parseArn(filter.destinationArn);
    if (matching.length === 0 || arn?.service !== 'lambda') {
      continue;
    }
    const packed = {
      messageType: 'DATA_MESSAGE',
      owner: accountId,
      logGroup: group.name,
      logStream: stream.name,
      subscriptionFilters: [filter.filterName],
      logEvents: matching.map(({ id, timestamp, message }) => ({ id, timestamp, message })),
    };
    const data = gzipSync(JSON.stringify(packed)).toString('base64');
    const input = {
      FunctionName: filter.destinationArn,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({ awslogs: { data } })),
    };
    const caller = logs.world.serviceCaller('logs.amazonaws.com', { accountId, arn: `${group.arn}:*` });
    await logs.world.call('lambda', 'Invoke', input, { caller, region: arn.region, accountId: arn.accountId });
  }
}
