import type { PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import * as schemas from '@aws-sdk/client-cloudwatch';
import type { Site } from '../common/store';
import { removeTags, requestTagConditions, setTags, type Tag, tagList, tagsFrom } from '../common/tags';
import { ServiceError } from '../core/errors';
import type { AuthorizationRequest, CallContext, Handler, ServiceFactory } from '../core/service';
import type { World } from '../core/world';
import { alarmOperations } from './alarmOperations';
import { Alarms } from './alarms';
import { type Datum, invalidValue, Metrics, metricKey } from './metrics';
import { queryOperations } from './queries';

/** How often alarms are looked at without new data. */
const tickMilliseconds = 5000;

function putMetricData(metrics: Metrics, alarms: Alarms, own: boolean): Handler {
  return (input: PutMetricDataInput, context) => {
    const namespace = input.Namespace ?? '';
    if (own && (/^AWS\//.test(namespace) || !/^[^:][\x20-\x7e]*$/.test(namespace))) {
      throw invalidValue('The value AWS/ for parameter Namespace is invalid.');
    }
    const data = (input.MetricData ?? []) as Datum[];
    if (data.length > 1000) {
      throw invalidValue('The collection MetricData must not have a size greater than 1000.');
    }
    const site: Site = { accountId: context.accountId, region: context.region };
    metrics.put(namespace, data, site);
    const keys = new Set(data.map((datum) => metricKey(namespace, datum.MetricName ?? '', datum.Dimensions)));
    context.world.later(0, () => {
      for (const key of keys) {
        alarms.evaluate(site, key);
      }
    });
  };
}

/** Brings in the depth of queues that alarms watch: SQS does not push it. */
async function readQueues(world: World, metrics: Metrics, alarms: Alarms, site: Site): Promise<void> {
  const watched = [...alarms.regions.at(site).values()].filter((alarm) => alarm.definition.Namespace === 'AWS/SQS');
  for (const { definition, arn } of watched) {
    const QueueName = definition.Dimensions?.find((one) => one.Name === 'QueueName')?.Value;
    const caller = world.serviceCaller('monitoring.amazonaws.com', { accountId: site.accountId, arn });
    const values = await world.call<Record<string, number> | undefined>(
      'sqs',
      'ReadMetrics',
      { QueueName },
      { caller, ...site },
    );
    const value = values?.[definition.MetricName ?? ''];
    if (value !== undefined) {
      metrics.put(
        'AWS/SQS',
        [{ MetricName: definition.MetricName, Dimensions: definition.Dimensions, Value: value, Unit: 'Count' }],
        site,
      );
    }
  }
}

function tagOperations(alarms: Alarms): Record<string, Handler> {
  const tagsOf = (arn: string, context: CallContext) => {
    const alarm = alarms.regions.at(context).get(arn.split(':alarm:')[1] ?? '');
    if (!alarm) {
      throw new ServiceError('ResourceNotFoundException', 'Unknown resource', 404);
    }
    return alarm.tags;
  };
  return {
    TagResource: (input: { ResourceARN: string; Tags: Tag[] }, context) => {
      setTags(tagsOf(input.ResourceARN, context), input.Tags);
      return {};
    },
    UntagResource: (input: { ResourceARN: string; TagKeys: string[] }, context) => {
      removeTags(tagsOf(input.ResourceARN, context), input.TagKeys);
      return {};
    },
    ListTagsForResource: (input: { ResourceARN: string }, context) => ({
      Tags: tagList(tagsOf(input.ResourceARN, context)),
    }),
  };
}

function authorization(operation: string, given: unknown, context: CallContext): AuthorizationRequest[] {
  const input = (given ?? {}) as {
    AlarmName?: string;
    AlarmNames?: string[];
    Namespace?: string;
    ResourceARN?: string;
    Tags?: Tag[];
  };
  const action = `cloudwatch:${operation}`;
  const arn = (name: string) =>
    `arn:${context.world.partition}:cloudwatch:${context.region}:${context.accountId}:alarm:${name}`;
  if (operation === 'PutMetricData') {
    return [{ action, resources: ['*'], conditions: { 'cloudwatch:namespace': input.Namespace ?? '' } }];
  }
  const named = operation === 'DescribeAlarms' ? [] : (input.AlarmNames ?? (input.AlarmName ? [input.AlarmName] : []));
  const resources = input.ResourceARN ? [input.ResourceARN] : named.map(arn);
  return [
    {
      action,
      resources: resources.length > 0 ? resources : ['*'],
      conditions: requestTagConditions(tagsFrom(input.Tags)),
    },
  ];
}

/** Amazon CloudWatch: metrics, and alarms that are evaluated and act. No metric math, dashboards or composite alarms. */
export const createCloudWatch: ServiceFactory = (world) => {
  const metrics = new Metrics(world);
  const alarms = new Alarms(world, metrics);
  const refresh = async (site: Site) => {
    await readQueues(world, metrics, alarms, site);
    alarms.evaluate(site);
  };
  const sites = () =>
    [...alarms.regions.all()].flatMap((region) => [...region.values()].slice(0, 1).map((alarm) => alarm.site));
  const timer = setInterval(() => {
    for (const site of sites()) {
      world.later(0, () => refresh(site));
    }
  }, tickMilliseconds);
  timer.unref();
  return {
    signingNames: ['monitoring'],
    actionPrefix: 'cloudwatch',
    schemas,
    operations: {
      PutMetricData: putMetricData(metrics, alarms, true),
      // Services of the sandbox put the metrics of `AWS/…`; it has no schema, so no request names it.
      PutServiceMetricData: putMetricData(metrics, alarms, false),
      ...queryOperations(metrics),
      ...alarmOperations(alarms, refresh),
      ...tagOperations(alarms),
    },
    authorize: authorization,
    close: () => clearInterval(timer),
  };
};
