import { ServiceError } from '../core/errors';
import type { World } from '../core/world';
import type { Site } from './store';

/** Tells CloudWatch what a service counted, under the namespace of that service. */
export async function putServiceMetrics(
  world: World,
  site: Site,
  namespace: string,
  dimensions: Readonly<Record<string, string>>,
  values: Readonly<Record<string, number>>,
): Promise<void> {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const MetricData = Object.entries(values).map(([MetricName, Value]) => ({ MetricName, Value, Dimensions }));
  const arn = `arn:${world.partition}:cloudwatch:${site.region}:${site.accountId}:*`;
  const caller = world.serviceCaller('monitoring.amazonaws.com', { accountId: site.accountId, arn });
  try {
    const input = { Namespace: namespace, MetricData };
    await world.call('monitoring', 'PutServiceMetricData', input, { caller, ...site });
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
  }
}
