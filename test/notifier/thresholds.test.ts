import { sentenceOf } from '../../notifier/message/context';
import { TableUnavailable } from '../../notifier/state/table';
import { alertOf } from './corpus';
import { AlertQueue } from './queue';
import { contextOf } from './settings';
import { SlackServer } from './slackServer';

let slack: SlackServer;

beforeEach(async () => {
  slack = new SlackServer();
  await slack.start();
});

afterEach(() => slack.close());

const start = Date.parse('2026-11-20T12:00:00Z');
const mark = {
  id: 'failed-sign-ins',
  title: 'Repeated failed sign-ins',
  severity: 'medium',
  threshold: { count: 5, windowSeconds: 900, by: ['detail.userIdentity.userName'] },
};

function failure(number: number, seconds: number, user = 'alice', detection: unknown = mark): object {
  return {
    detection,
    event: {
      id: `envelope-${number}`,
      source: 'aws.signin',
      'detail-type': 'AWS Console Sign In via CloudTrail',
      account: '123456789012',
      region: 'us-east-1',
      detail: {
        eventID: `event-${number}`,
        eventSource: 'signin.amazonaws.com',
        eventName: 'ConsoleLogin',
        eventTime: new Date(start + seconds * 1_000).toISOString(),
        awsRegion: 'us-east-1',
        recipientAccountId: '123456789012',
        sourceIPAddress: '192.0.2.7',
        userIdentity: { type: 'IAMUser', userName: user, accountId: '123456789012' },
        responseElements: { ConsoleLogin: 'Failure' },
      },
    },
  };
}

function queueFor(notifier: object = {}): AlertQueue {
  const slackConfig = { botToken: { parameter: '/slack/token' }, channel: 'C0ALERTS', apiUrl: slack.apiUrl };
  const queue = new AlertQueue(contextOf({ slack: slackConfig, ...notifier }));
  queue.secret = 'xoxb-token';
  return queue;
}

const some = (from: number, to: number, seconds = 60, user?: string) =>
  Array.from({ length: to - from + 1 }, (_, index) => failure(from + index, (from + index) * seconds, user));

describe('a detection that counts', () => {
  test('alerts once when its count is reached, and says how often within which time', async () => {
    const queue = queueFor();
    queue.put(...some(1, 4));
    await queue.run(60);
    expect(slack.messages).toEqual([]);
    queue.put(failure(5, 300));
    await queue.run(60);
    expect(slack.messages.map(({ text }) => text)).toEqual([
      expect.stringContaining('5 times within 15 minutes, the last: IAM user alice failed to sign in'),
    ]);
    expect(JSON.stringify(slack.messages[0]?.attachments)).toContain('*Count*\\n5');
  });

  test('does not count what is outside of the window, in whatever order it comes', async () => {
    const queue = queueFor();
    queue.put(...[0, 400, 800, 1_200, 1_600, 2_000].map((seconds, number) => failure(number, seconds)).reverse());
    await queue.run(600);
    expect(slack.messages).toEqual([]);
  });

  test('counts accounts and the values it names apart, and without a value too', async () => {
    const queue = queueFor();
    queue.put(...some(1, 4), ...some(11, 14, 1, 'bob'), ...some(21, 24, 1, ''));
    await queue.run(60);
    expect(slack.messages).toEqual([]);
    queue.put(failure(25, 30, ''));
    await queue.run(60);
    expect(slack.messages).toHaveLength(1);
  });

  test('counts an event once, however often it is delivered', async () => {
    const queue = queueFor();
    queue.put(...some(1, 3), ...some(1, 3), ...some(1, 3));
    await queue.run(60, 2);
    expect(slack.messages).toEqual([]);
    queue.put(...some(4, 5), ...some(1, 5));
    await queue.run(60, 2);
    expect(slack.messages).toHaveLength(1);
  });

  test('begins anew afterwards: the next time is told in the thread of the first', async () => {
    const queue = queueFor();
    queue.put(...some(1, 9, 10));
    await queue.run(60);
    expect(slack.messages).toHaveLength(1);
    queue.put(failure(10, 100));
    await queue.run(60);
    const [first, again] = slack.messages;
    expect([slack.messages.length, again?.threadTs]).toEqual([2, first?.ts]);
  });

  test('loses no alert when Slack is out of reach at that moment', async () => {
    const queue = queueFor();
    slack.trouble = { status: 503 };
    queue.put(...some(1, 5));
    await queue.run(3_600);
    expect([slack.messages.length, queue.messages.length]).toEqual([0, 1]);
    slack.trouble = {};
    await queue.run(3_600);
    expect([slack.messages.length, queue.messages.length]).toEqual([1, 0]);
  });

  test('counts in the memory of the function while the table cannot be used', async () => {
    const failing = async () => {
      throw new TableUnavailable('ResourceNotFoundException');
    };
    const table = { get: failing, create: failing, replace: failing, put: failing };
    const queue = new AlertQueue(contextOf({}), table);
    queue.secret = slack.webhook;
    queue.put(...some(31, 35, 1, 'without-table'));
    await queue.run(600);
    expect([slack.messages.length, queue.messages.length]).toEqual([1, 0]);
  });

  test('counts nothing for a route that silences it', async () => {
    const queue = queueFor({ routes: [{ silence: { reason: 'test', until: '2026-12-31' } }] });
    queue.put(...some(1, 9));
    await queue.run(60);
    expect([slack.messages.length, queue.messages.length]).toEqual([0, 0]);
  });

  test.each([
    { count: 1, windowSeconds: 900, by: [] },
    { count: 'many', windowSeconds: 900, by: [] },
    { count: 5, by: [] },
    'five',
  ])('tells each event when its threshold makes no sense: %j', async (threshold) => {
    const queue = queueFor();
    queue.put(failure(1, 1, 'alice', { ...mark, threshold }));
    await queue.run(60);
    expect(slack.messages).toHaveLength(1);
  });
});

test.each([
  ['en', 45, '5 times within 45 seconds'],
  ['en', 60, '5 times within 1 minute,'],
  ['en', 7_200, '5 times within 2 hours'],
  ['ja', 900, '15 分以内に 5 回'],
  ['ja', 3_600, '1 時間以内に 5 回'],
])('the window in words (%s): %d seconds', async (language, windowSeconds, words) => {
  const alert = await alertOf(failure(1, 1, 'alice', { ...mark, threshold: { ...mark.threshold, windowSeconds } }));
  expect(sentenceOf(alert, contextOf({ language }).catalog)).toContain(words);
});
