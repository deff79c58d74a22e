import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const account = '111111111111';
let sandbox: RunningSandbox;
let settings: { region: string; endpoint: string; credentials: RunningSandbox['management'] };

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: account, email: 'a@example.com' }] });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  settings = { region: 'us-east-1', endpoint: sandbox.endpoint, credentials: sandbox.management };
});

async function emails(): Promise<{ to: string; subject: string; body: string; confirmationUrl?: string }[]> {
  await sandbox.world.idle();
  return (await (await fetch(`${sandbox.endpoint}/_sns/emails`)).json()) as never;
}

/** A topic with an address that has confirmed. */
async function topicWithEmail(): Promise<string> {
  const sns = new SNSClient(settings);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }),
  );
  expect(SubscriptionArn).toBe('pending confirmation');
  const [confirmation] = await emails();
  await fetch(confirmation?.confirmationUrl ?? '');
  return TopicArn;
}

test('a log event becomes a metric, the metric an alarm, the alarm an e-mail', async () => {
  const [logs, cloudwatch] = [new CloudWatchLogsClient(settings), new CloudWatchClient(settings)];
  const topic = await topicWithEmail();
  const logGroupName = 'trail';
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
  await logs.send(
    new PutMetricFilterCommand({
      logGroupName,
      filterName: 'root',
      filterPattern: '{ $.userIdentity.type = "Root" }',
      metricTransformations: [{ metricName: 'RootUse', metricNamespace: 'Trail', metricValue: '1' }],
    }),
  );
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'root',
      Namespace: 'Trail',
      MetricName: 'RootUse',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
    }),
  );
  const message = (type: string) => JSON.stringify({ userIdentity: { type }, eventName: 'ConsoleLogin' });
  const logEvents = [message('IAMUser'), message('Root'), message('Root')].map((text) => ({
    timestamp: Date.now(),
    message: text,
  }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
  const [, alarm] = await emails();
  expect(alarm).toMatchObject({ to: 'ops@example.com', subject: 'ALARM: "root" in us-east-1' });
  expect(JSON.parse(alarm?.body ?? '')).toMatchObject({
    AlarmName: 'root',
    NewStateValue: 'ALARM',
    AWSAccountId: account,
  });
  const found = await logs.send(
    new FilterLogEventsCommand({ logGroupName, filterPattern: '{ $.userIdentity.type = "Root" }' }),
  );
  expect(found.events).toHaveLength(2);
  const query = {
    Namespace: 'Trail',
    MetricName: 'RootUse',
    Statistics: ['Sum' as const],
    Period: 3600,
    StartTime: new Date(Date.now() - 3_600_000),
    EndTime: new Date(Date.now() + 60_000),
  };
  const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand(query));
  expect(Datapoints?.reduce((sum, point) => sum + (point.Sum ?? 0), 0)).toBe(2);
});

test('an alarm watches the depth of a queue', async () => {
  const [sqs, cloudwatch] = [new SQSClient(settings), new CloudWatchClient(settings)];
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'dead letters',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  const state = async () => (await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0]?.StateValue;
  expect(await state()).toBe('OK');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'lost' }));
  expect(await state()).toBe('ALARM');
});

test('a topic delivers to queues that admit it, filtered and raw', async () => {
  const [sns, sqs] = [new SNSClient(settings), new SQSClient(settings)];
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 't' }));
  const urls = [];
  for (const [name, Attributes] of [
    ['plain', {}],
    ['raw', { RawMessageDelivery: 'true', FilterPolicy: '{"kind":["wanted"]}' }],
  ] as const) {
    const arn = `arn:aws:sqs:us-east-1:${account}:${name}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const Statement = [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } },
      },
    ];
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl,
        Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
      }),
    );
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arn, Attributes }));
    urls.push(QueueUrl);
  }
  const kind = (StringValue: string) => ({ kind: { DataType: 'String', StringValue } });
  await sns.send(new PublishCommand({ TopicArn, Message: 'one', MessageAttributes: kind('other') }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'two', MessageAttributes: kind('wanted') }));
  await sandbox.world.idle();
  const bodies = async (QueueUrl?: string) =>
    ((await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? []).map(
      ({ Body }) => Body ?? '',
    );
  expect(await bodies(urls[1])).toEqual(['two']);
  expect((await bodies(urls[0])).map((body) => JSON.parse(body).Message)).toEqual(['one', 'two']);
});
