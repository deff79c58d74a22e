import { findingRecordKey } from '../../notifier/record';
import { TableUnavailable } from '../../notifier/state/table';
import { findingEvent } from './corpus';
import { AlertQueue } from './queue';
import { again, botQueueFor, distinct, numbers, webhookQueueFor } from './queues';
import { contextOf } from './settings';
import { SlackServer } from './slackServer';

let slack: SlackServer;

beforeEach(async () => {
  slack = new SlackServer();
  await slack.start();
});

afterEach(() => slack.close());

const webhookQueue = (notifier?: object) => webhookQueueFor(slack, notifier);
const botQueue = (notifier?: object) => botQueueFor(slack, notifier);

describe('deduplication', () => {
  test('a finding that arrives from the member and from the administrator is announced once', async () => {
    const queue = webhookQueue();
    queue.put(findingEvent(), { ...findingEvent(), id: 'another-envelope', account: '100000000002' });
    await queue.run(600);
    expect(slack.messages).toHaveLength(1);
    expect(queue.messages).toHaveLength(0);
  });

  test('two invocations at once announce it once', async () => {
    const queue = webhookQueue();
    queue.put(...numbers(10).map((number) => distinct(number)), ...numbers(10).map((number) => distinct(number)));
    await queue.run(600, 2);
    expect(slack.messages).toHaveLength(10);
  });

  test('another finding id of the same type, resource and account is the same within the window, and new after it', async () => {
    const queue = webhookQueue();
    queue.put(findingEvent({ id: 'a' }), findingEvent({ id: 'b' }));
    await queue.run(600);
    expect(slack.messages).toHaveLength(1);
    queue.clock += 3_700;
    queue.put(findingEvent({ id: 'c' }));
    await queue.run(600);
    expect(slack.messages).toHaveLength(2);
  });

  test('windows are wider for lesser severities', async () => {
    const queue = webhookQueue();
    queue.put(findingEvent({ severity: 9, type: 'Trojan:EC2/DropPoint' }), findingEvent({ id: 'b', severity: 2 }));
    await queue.run(60);
    queue.clock += 1_000;
    queue.put(
      findingEvent({ id: 'x', severity: 9, type: 'Trojan:EC2/DropPoint' }),
      findingEvent({ id: 'y', severity: 2 }),
    );
    await queue.run(60);
    expect(slack.messages.map(({ text }) => text.slice(0, 6))).toEqual(['[Criti', '[Low] ', '[Criti']);
  });

  test('the key is configurable', async () => {
    const queue = webhookQueue({ deduplication: { key: ['finding'] } });
    queue.put(findingEvent({ id: 'a' }), findingEvent({ id: 'b' }));
    await queue.run(600);
    expect(slack.messages).toHaveLength(2);
  });

  test('samples count one by one and do not hide the real finding', async () => {
    const queue = webhookQueue();
    const sample = { additionalInfo: { sample: true }, count: 1 };
    queue.put(findingEvent({ id: 's1', service: sample }), findingEvent({ id: 's2', service: sample }), findingEvent());
    await queue.run(600);
    expect(slack.messages).toHaveLength(3);
  });

  test('what was announced is on record under the finding', async () => {
    const queue = webhookQueue();
    queue.put(findingEvent());
    await queue.run(600);
    const key = findingRecordKey({
      accountId: '123456789012',
      region: 'eu-central-1',
      findingId: '16afba5c5c43e07c9e3e5e2e544e95df',
    });
    expect(await queue.table.get(key)).toMatchObject({
      as: 'message',
      destination: 'slack',
      announcedAt: '2026-11-20T12:00:00.000Z',
    });
  });
});

describe('repeats, with a bot token', () => {
  test('go to the thread with only what is new, and are counted on the first message', async () => {
    const queue = botQueue();
    queue.put(findingEvent());
    await queue.run(60);
    queue.put(again(7, { id: 'another' }));
    await queue.run(60);
    const [first, reply] = slack.messages;
    expect(reply?.threadTs).toBe(first?.ts);
    expect(reply?.text).toMatch(/^Again: Count 7 \(\+4\) · <!date/);
    expect(reply?.text).not.toContain('pool.example.com');
    expect(JSON.stringify(first?.attachments)).toContain('Seen *2 times*');
    expect(first?.text).not.toContain('<!here>');
  });

  test('are announced anew when the severity rises', async () => {
    const queue = botQueue();
    queue.put(findingEvent({ severity: 5 }));
    await queue.run(60);
    queue.put(again(4, { severity: 8 }));
    await queue.run(60);
    expect(slack.messages.map(({ threadTs, text }) => [threadTs, text.includes('<!here> [')])).toEqual([
      [undefined, true],
      [undefined, true],
    ]);
  });

  test('are only counted, or announced each time, as configured', async () => {
    for (const [repeats, messages] of [
      ['first', 1],
      ['every', 3],
    ] as const) {
      slack.messages.length = 0;
      const queue = botQueue({ repeats });
      for (const count of [3, 4, 5]) {
        queue.put(again(count));
        await queue.run(60);
      }
      expect([repeats, slack.messages.length]).toEqual([repeats, messages]);
    }
  });
});

describe('storms', () => {
  test('become one digest per window, with counts and a file; Critical alerts are never in it', async () => {
    const queue = botQueue({ digest: { threshold: 5 } });
    queue.put(
      ...numbers(60).map((number) => distinct(number)),
      ...numbers(3).map((number) => distinct(100 + number, { severity: 9 })),
    );
    await queue.run(600);
    const digests = slack.messages.filter(({ text }) => text.includes('in one message'));
    expect(digests).toHaveLength(1);
    const [digest] = digests;
    const counted = Number(/^(\d+) alerts/.exec(digest?.text ?? '')?.[1]);
    expect(slack.messages.length - 1 + counted).toBe(63);
    expect(slack.messages.filter(({ text }) => text.includes('[Critical]'))).toHaveLength(3);
    expect(slack.files).toHaveLength(1);
    expect(slack.files[0]?.threadTs).toBe(digest?.ts);
    expect(slack.files[0]?.content.split('\n')).toHaveLength(counted + 1);
    expect(JSON.stringify(digest?.attachments)).toContain('shop-production');
  });

  test('leave the details as text where the token may not put files', async () => {
    const queue = botQueue({ digest: { threshold: 1 } });
    slack.trouble = { withoutScopes: true };
    queue.put(...numbers(5).map((number) => distinct(number)));
    await queue.run(600);
    expect(slack.messages.filter(({ text }) => text.startsWith('```severity,type'))).toHaveLength(1);
  });

  test('posted through a webhook list the alerts in the message', async () => {
    const queue = webhookQueue({ digest: { threshold: 1 } });
    queue.put(...numbers(4).map((number) => distinct(number)));
    await queue.run(600);
    expect(slack.messages).toHaveLength(2);
    expect(JSON.stringify(slack.messages[1]?.attachments)).toContain('Finding number 3.');
  });
});

describe('nothing is lost', () => {
  const burst = async (queue: AlertQueue) => {
    slack.trouble = { limitEvery: 3, dropEvery: 20 };
    queue.put(...numbers(200).map((number) => distinct(number)));
    await queue.run(86_400, 2);
    expect(queue.deadLetters).toEqual([]);
    const found = numbers(200).map(
      (number) => slack.messages.filter(({ text }) => text.includes(`Finding number ${number}.`)).length,
    );
    return { lost: found.filter((times) => times === 0).length, doubled: found.filter((times) => times > 1).length };
  };

  test('of a burst with 429s and lost connections, and with a bot token nothing is doubled', async () => {
    expect(await burst(botQueue({ digest: { threshold: 0 } }))).toEqual({ lost: 0, doubled: 0 });
  });

  test('of a burst through a webhook, and only what may not have been taken is sent again', async () => {
    const queue = webhookQueue({ digest: { threshold: 0 } });
    const { lost, doubled } = await burst(queue);
    const unknown = queue.logged.filter(({ code }) => code === 'notifier.delivery.unknown').length;
    expect([lost, doubled <= unknown]).toEqual([0, true]);
  });

  test('of a burst that becomes digests', async () => {
    const queue = botQueue();
    slack.trouble = { limitEvery: 3, dropEvery: 20 };
    queue.put(...numbers(200).map((number) => distinct(number)));
    await queue.run(86_400, 2);
    const everything = [...slack.messages.map(({ text }) => text), ...slack.files.map(({ content }) => content)].join(
      '\n',
    );
    const times = numbers(200).map((number) => everything.split(`Finding number ${number}.`).length - 1);
    expect(times.filter((found) => found !== 1)).toEqual([]);
  });

  test('in six hours without Slack: all arrive afterwards, Critical first', async () => {
    const queue = webhookQueue({ digest: { threshold: 0 } });
    slack.trouble = { status: 503 };
    queue.put(
      ...numbers(20).map((number) => distinct(number, { severity: number % 5 === 0 ? 9.5 : 2 + (number % 3) * 2.5 })),
    );
    await queue.run(6 * 3_600);
    expect([slack.messages.length, queue.messages.length]).toEqual([0, 20]);
    slack.trouble = {};
    await queue.run(3_600);
    expect(slack.messages).toHaveLength(20);
    expect(slack.messages.slice(0, 4).every(({ text }) => text.includes('[Critical]'))).toBe(true);
    expect(queue.deadLetters).toEqual([]);
  });

  test('when Slack asks for a pause: the message comes back after it, and nobody waits in the function', async () => {
    const queue = webhookQueue();
    slack.trouble = { limitEvery: 1 };
    queue.put(distinct(1));
    const started = Date.now();
    await queue.run(0);
    expect(Date.now() - started).toBeLessThan(900);
    expect(queue.messages[0]?.visibleAt).toBeGreaterThanOrEqual(queue.clock);
    slack.trouble = {};
    await queue.run(120);
    expect(slack.messages).toHaveLength(1);
  });

  test('without the alert table: the alert is sent after two attempts', async () => {
    const failing = async () => {
      throw new TableUnavailable('ResourceNotFoundException');
    };
    const queue = new AlertQueue(contextOf(), { get: failing, create: failing, replace: failing, put: failing });
    queue.secret = slack.webhook;
    queue.put(distinct(1), distinct(2));
    await queue.run(120);
    expect([slack.messages.length, queue.messages.length]).toEqual([2, 0]);
    expect(queue.logged.map(({ code }) => code)).toContain('table.unavailable');
  });

  test('when Slack refuses the blocks: the alert comes as text', async () => {
    const queue = webhookQueue();
    slack.trouble = { refuseBlocks: true };
    queue.put(distinct(1));
    await queue.run(120);
    expect(slack.messages.map(({ text }) => text)).toEqual([
      '[High] shop-production (123456789012), eu-central-1: Finding number 1.',
    ]);
  });

  test('when a body cannot be read: it stays for the dead-letter queue, and the others of the batch go through', async () => {
    const queue = webhookQueue();
    queue.put('this is not JSON', '[]', distinct(1));
    await queue.run(10);
    expect([slack.messages.length, queue.messages.length]).toEqual([1, 2]);
    expect(queue.logged.filter(({ code }) => code === 'notifier.body.unreadable')).toHaveLength(2);
  });
});
