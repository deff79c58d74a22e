import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutMetricFilterCommand,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutRuleCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { createSandbox, type RunningSandbox } from '../../sandbox';

const accounts = ['100000000001', '100000000002'].map((id) => ({
  id,
  email: `${id}@example.com`,
  name: id,
  ouPath: '',
}));
let sandbox: RunningSandbox;
let events: EventBridgeClient;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  const [management = '', security = ''] = accounts.map(({ id }) => id);
  sandbox = await createSandbox({ accounts, managementAccount: management, securityAccount: security });
  const { accessKeyId, secretAccessKey } = sandbox.security;
  const options = { region: 'us-east-1', endpoint: sandbox.endpoint, credentials: { accessKeyId, secretAccessKey } };
  events = new EventBridgeClient(options);
  logs = new CloudWatchLogsClient(options);
});
afterAll(() => sandbox.close());

describe('the local EventBridge', () => {
  const event = {
    id: '1',
    'detail-type': 'x',
    source: 'aws.ec2',
    account: '111122223333',
    time: '2026-11-20T09:30:00Z',
    region: 'us-east-1',
    resources: [],
    detail: { state: 'running', list: [1, 300] },
  };
  const tried = (pattern: unknown, given: unknown = event) =>
    events.send(new TestEventPatternCommand({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(given) }));

  test.each([
    [{ detail: { state: [{ 'anything-but': { suffix: ['ed'] } }] } }, true],
    [{ detail: { list: [3e2] } }, true],
    [{ detail: { state: [{ prefix: 'stop' }] } }, false],
  ])('TestEventPattern of %j answers %s', async (pattern, Result) => {
    expect(await tried(pattern)).toMatchObject({ Result });
  });

  test('a pattern that is none is refused as the service refuses it, also for a rule', async () => {
    const message = /^Event pattern is not valid\. Reason: Unrecognized match type prefixes\n at \[Source: /;
    const pattern = { detail: { state: [{ prefixes: 'x' }] } };
    await expect(tried(pattern)).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
      message: expect.stringMatching(message),
    });
    const rule = new PutRuleCommand({ Name: 'x', EventPattern: JSON.stringify(pattern) });
    await expect(events.send(rule)).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
  });

  test('an event without what every event has is refused', async () => {
    await expect(tried({ source: ['aws.ec2'] }, { source: 'aws.ec2' })).rejects.toThrow(/Event/);
  });
});

describe('the local CloudWatch Logs', () => {
  const tried = (filterPattern: string, ...logEventMessages: string[]) =>
    logs.send(new TestMetricFilterCommand({ filterPattern, logEventMessages }));
  const line = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.php HTTP/1.0" 404 287';

  test('TestMetricFilter answers which messages match, and what the pattern names in them', async () => {
    const { matches } = await tried(
      '{ $.eventName = "Update*" && $.n > 1 }',
      '{"eventName":"CreateTrail","n":2}',
      '{"eventName":"UpdateTrail","n":2}',
    );
    expect(matches).toEqual([
      {
        eventNumber: 2,
        eventMessage: '{"eventName":"UpdateTrail","n":2}',
        extractedValues: { '$.eventName': 'UpdateTrail', '$.n': '2' },
      },
    ]);
    expect((await tried('[ip, ..., status = 4*, size]', line)).matches?.[0]?.extractedValues).toEqual({
      $ip: '127.0.0.1',
      $2: '-',
      $3: 'frank',
      $4: '10/Oct/2000:13:25:15 -0700',
      $5: 'GET /index.php HTTP/1.0',
      $status: '404',
      $size: '287',
    });
    expect((await tried('frank -jane', line)).matches).toEqual([
      { eventNumber: 1, eventMessage: line, extractedValues: {} },
    ]);
  });

  test.each([
    '{ $.a = }',
    '{ $.a[*].b[*] = 1 }',
    '{ $.a = 1',
    '{ $.a[*] = 1 || $.b[*] = 1 || $.c[*] = 1 || $.d[*] = 1 }',
  ])('%s is no pattern', async (pattern) => {
    await expect(tried(pattern, '{}')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid metric filter pattern',
    });
  });

  test('terms have no dimensions', async () => {
    await logs.send(new CreateLogGroupCommand({ logGroupName: 'trail' }));
    const transformation = { metricName: 'm', metricNamespace: 'n', metricValue: '1', dimensions: { who: '$.a' } };
    const put = (filterPattern: string) =>
      logs.send(
        new PutMetricFilterCommand({
          logGroupName: 'trail',
          filterName: 'f',
          filterPattern,
          metricTransformations: [transformation],
        }),
      );
    await expect(put('ERROR')).rejects.toThrow('The specified filter pattern does not support dimensions');
    await put('{ $.a = "*" }');
  });
});
