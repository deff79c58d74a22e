/** Writes a value of a metric in the namespace `Garrison`. */
export type PutMetric = (name: string, value: number) => Promise<void>;

/** By CloudWatch's own call; the client loads with it. */
export function putMetric(region: string): PutMetric {
  return async (name, value) => {
    const { CloudWatchClient, PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
    const client = new CloudWatchClient({ region });
    await client.send(
      new PutMetricDataCommand({ Namespace: 'Garrison', MetricData: [{ MetricName: name, Value: value }] }),
    );
  };
}
