import type { KnownBlock } from '@slack/types';
import type { FollowUp } from '../../notifier/followUp';
import { findingEvent } from './corpus';
import { AlertQueue } from './queue';
import { contextOf } from './settings';
import { SlackServer } from './slackServer';

let slack: SlackServer;

beforeEach(async () => {
  slack = new SlackServer();
  await slack.start();
});

afterEach(() => slack.close());

const bot = () => ({ botToken: { parameter: '/slack/token' }, channel: 'C0ALERTS', apiUrl: slack.apiUrl });
const webhook = { webhookParameter: '/slack/webhook' };

function queueFor(slackConfig: object, notifier: object = {}): AlertQueue {
  const queue = new AlertQueue(contextOf({ slack: slackConfig, ...notifier }));
  queue.secret = 'botToken' in slackConfig ? 'xoxb-token' : slack.webhook;
  return queue;
}

function saying(followUp: Partial<FollowUp> = {}, event: unknown = findingEvent()): object {
  return { followUp: { id: 'response:1', text: 'Access key disabled.', ...followUp }, event };
}

const button = (text: string): KnownBlock => ({
  type: 'actions',
  elements: [{ type: 'button', action_id: 'respond_approve', value: '1', text: { type: 'plain_text', text } }],
});

describe('a follow-up', () => {
  test('goes into the thread of its alert, and the alert table says where', async () => {
    const queue = queueFor(bot());
    queue.put(findingEvent());
    await queue.run(60);
    queue.put(saying({ blocks: [button('Approve')], answerable: true }));
    await queue.run(60);
    const [alert, said] = slack.messages;
    expect([slack.messages.length, said?.threadTs, said?.text]).toEqual([2, alert?.ts, 'Access key disabled.']);
    expect(said?.blocks).toEqual([button('Approve')]);
    const where = { channel: 'C0ALERTS', ts: said?.ts, thread: alert?.ts };
    expect(await queue.table.get('follow-up:response:1')).toMatchObject(where);
    expect(await queue.table.get(`answers:C0ALERTS:${alert?.ts}`)).toMatchObject({ followUp: 'response:1' });
  });

  test('of a detection finds the thread by the detection, whatever the event alone would be', async () => {
    const event = {
      source: 'aws.iam',
      'detail-type': 'AWS API Call via CloudTrail',
      account: '123456789012',
      region: 'us-east-1',
      detail: {
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateAccessKey',
        eventID: 'e-1',
        recipientAccountId: '123456789012',
        awsRegion: 'us-east-1',
        requestParameters: { userName: 'alice' },
      },
    };
    const detection = { id: 'iam-access-key-changed', title: 'Access key changed', severity: 'high' };
    const queue = queueFor(bot());
    queue.put({ detection, event }, { followUp: { id: 'q-1', text: 'Was that you?' }, detection, event });
    await queue.run(60);
    const [alert, said] = slack.messages;
    expect([slack.messages.length, said?.threadTs]).toEqual([2, alert?.ts]);
  });

  test('is said once, however often it arrives and although a connection is lost', async () => {
    const queue = queueFor(bot());
    queue.put(findingEvent());
    await queue.run(60);
    slack.trouble = { dropEvery: 2 };
    queue.put(saying(), saying());
    await queue.run(600, 2);
    queue.put(saying());
    await queue.run(600);
    expect(slack.messages.map(({ text }) => text).filter((text) => text === 'Access key disabled.')).toHaveLength(1);
    expect([queue.messages, queue.deadLetters]).toEqual([[], []]);
  });

  test('waits for an alert that is still on its way, through six hours without Slack', async () => {
    const queue = queueFor(bot());
    slack.trouble = { status: 503 };
    queue.put(saying(), findingEvent(), findingEvent({ id: 'again' }));
    await queue.run(6 * 3_600);
    expect([slack.messages.length, queue.messages.length, queue.deadLetters.length]).toEqual([0, 3, 0]);
    slack.trouble = {};
    await queue.run(3_600);
    const [alert, ...under] = slack.messages;
    expect(under.map(({ threadTs }) => threadTs)).toEqual([alert?.ts, alert?.ts]);
    expect(under.map(({ text }) => text)).toContain('Access key disabled.');
    expect(queue.deadLetters).toEqual([]);
  });

  test('that comes first waits a while for its alert, and then speaks for itself', async () => {
    const queue = queueFor(bot());
    queue.put(saying());
    await queue.run(20);
    expect(slack.messages).toHaveLength(0);
    await queue.run(600);
    expect(slack.messages.map(({ threadTs, text }) => [threadTs, text])).toEqual([
      [undefined, expect.stringMatching(/^Access key disabled\.\n> \[High\] shop-production \(123456789012\)/)],
    ]);
  });

  test('changes the message of an earlier one, also where that never stood under its alert', async () => {
    const queue = queueFor(bot());
    queue.put(findingEvent());
    await queue.run(60);
    queue.put(
      saying({ blocks: [button('Approve')] }),
      saying({ id: 'asked', channel: 'C0PEOPLE', text: 'Was it you?' }),
    );
    await queue.run(60);
    queue.put(saying({ id: 'response:1:done', replaces: 'response:1', text: 'Approved by Alice.' }));
    queue.put(saying({ id: 'answered', replaces: 'asked', text: 'It was.' }));
    await queue.run(60);
    queue.put(saying({ id: 'response:1:undone', replaces: 'response:1:done', text: 'Undone.' }));
    await queue.run(60);
    const [, ...said] = slack.messages;
    expect(said.map(({ channel, text, edits, blocks }) => [channel, text, edits, blocks])).toEqual([
      ['C0ALERTS', 'Undone.', 2, []],
      ['C0PEOPLE', 'It was.', 1, []],
    ]);
    expect(await queue.table.get('follow-up:response:1:undone')).toMatchObject({ ts: said[0]?.ts });
  });

  test('that replaces one still on its way waits for it', async () => {
    const queue = queueFor(bot());
    queue.put(saying({ id: 'second', replaces: 'response:1', text: 'Approved.' }), findingEvent(), saying());
    await queue.run(600);
    expect(slack.messages.map(({ text }) => text).slice(1)).toEqual(['Approved.']);
  });

  test('with a channel of its own is said there, without the alert', async () => {
    const queue = queueFor(bot(), { destinations: { mail: mailTopic }, routes: [{ to: ['mail', 'slack'] }] });
    queue.put(saying({ channel: 'U0ALICE', answerable: true }));
    await queue.run(60);
    const [said] = slack.messages;
    expect([said?.channel, said?.text, said?.threadTs]).toEqual(['U0ALICE', 'Access key disabled.', undefined]);
    expect(await queue.table.get(`answers:U0ALICE:${said?.ts}`)).toMatchObject({ followUp: 'response:1' });
  });

  test('through a webhook is a message of its own, after the alert', async () => {
    const queue = queueFor(webhook);
    queue.put(saying({ blocks: [button('Approve')], channel: 'C0PEOPLE' }), findingEvent());
    await queue.run(600);
    const [alert, said] = slack.messages;
    expect(alert?.text).toMatch(/^\[High\]/);
    expect(said?.text).toMatch(/^Access key disabled\.\n> \[High\]/);
    expect(said?.blocks).toEqual([button('Approve'), expect.objectContaining({ type: 'context' })]);
    const kept = await queue.table.get('follow-up:response:1');
    expect([kept?.destination, kept?.ts]).toEqual(['slack', undefined]);
  });

  test.each([
    ['is silenced', { routes: [{ silence: { reason: 'test', until: '2026-12-31' } }] }, 'C0ALERTS'],
    ['is below the minimum', { minimumSeverity: 9, routes: [{ channel: 'C0ROUTE' }] }, 'C0ROUTE'],
    ['is a sample that is dropped', { samples: 'drop' }, 'C0ALERTS'],
    ['is archived', {}, 'C0ALERTS'],
  ])('whose alert %s speaks for itself', async (what, notifier, channel) => {
    const service = what.includes('sample')
      ? { additionalInfo: { sample: true } }
      : { archived: what.includes('archived'), count: 1 };
    const queue = queueFor(bot(), notifier);
    queue.put(saying({}, findingEvent({ service })));
    await queue.run(600);
    expect(slack.messages.map((said) => [said.channel, said.threadTs])).toEqual([[channel, undefined]]);
  });

  test('whose alert went into a digest speaks for itself', async () => {
    const queue = queueFor(bot(), { digest: { threshold: 1 } });
    const other = { resource: { resourceType: 'Instance', instanceDetails: { instanceId: 'i-2' } } };
    queue.put(findingEvent({ id: 'x' }), findingEvent({ id: 'y', ...other }));
    await queue.run(600);
    queue.put(saying({}, findingEvent({ id: 'y', ...other })));
    await queue.run(600);
    expect(slack.messages.at(-1)?.threadTs).toBeUndefined();
    expect(slack.messages.at(-1)?.text).toMatch(/^Access key disabled/);
  });

  test('comes as text when its blocks are beyond the limits, or Slack refuses them', async () => {
    const queue = queueFor(bot());
    queue.put(saying({ channel: 'C0A', blocks: [button('x'.repeat(76))] }));
    await queue.run(60);
    slack.trouble = { refuseBlocks: true };
    queue.put(saying({ id: 'b', channel: 'C0A', blocks: [button('fine')] }));
    await queue.run(60);
    expect(slack.messages.map(({ text, blocks }) => [text, blocks])).toEqual([
      ['Access key disabled.', undefined],
      ['Access key disabled.', undefined],
    ]);
    const codes = queue.logged.filter(({ code }) => code.startsWith('followUp.'));
    expect(codes.map(({ code, ids }) => [code, ids.reason])).toEqual([
      ['followUp.simplified', 'invalid_blocks'],
      ['followUp.simplified', 'invalid_blocks'],
    ]);
  });

  test('is said elsewhere when its thread, its message or its channel is gone', async () => {
    const queue = queueFor(bot());
    queue.put(findingEvent(), saying({ id: 'earlier' }));
    await queue.run(60);
    slack.trouble = { refuse: { 'chat.update': 'message_not_found', 'chat.postMessage#thread': 'thread_not_found' } };
    queue.put(saying({ id: 'later', replaces: 'earlier', text: 'Done.' }));
    await queue.run(60);
    expect(slack.messages.at(-1)).toMatchObject({ channel: 'C0ALERTS', threadTs: undefined });
    expect(slack.messages.at(-1)?.text).toMatch(/^Done\.\n> /);
  });

  test('that cannot be read stays for the dead-letter queue, with a code in the log', async () => {
    const malformed = [
      saying({ id: 'with space' }),
      saying({ text: ' ' }),
      saying({ channel: '#alerts' }),
      saying({ replaces: '' }),
      { followUp: 'text', event: findingEvent() },
      { followUp: { id: 'a', text: 'b' } },
    ];
    const queue = queueFor(bot());
    queue.put(...malformed);
    await queue.run(10);
    expect([slack.messages.length, queue.messages.length]).toEqual([0, malformed.length]);
    expect(new Set(queue.logged.map(({ code }) => code))).toEqual(new Set(['notifier.followUp.malformed']));
  });

  test('of a burst with 429s and lost connections is neither lost nor doubled', async () => {
    const queue = queueFor(bot(), { digest: { threshold: 0 } });
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    const event = (number: number) =>
      findingEvent({
        id: `f-${number}`,
        title: `Finding ${number}.`,
        resource: { resourceType: 'Instance', instanceDetails: { instanceId: `i-${number}` } },
      });
    slack.trouble = { limitEvery: 3, dropEvery: 20 };
    queue.put(...numbers.flatMap((n) => [saying({ id: `f-${n}`, text: `Response ${n}.` }, event(n)), event(n)]));
    await queue.run(86_400, 2);
    expect([queue.messages.length, queue.deadLetters.length]).toEqual([0, 0]);
    const alerts = new Map(slack.messages.map(({ text, ts }) => [/Finding (\d+)/.exec(text)?.[1], ts]));
    const under = numbers.map((number) =>
      slack.messages.filter((one) => one.text === `Response ${number}.`).map(({ threadTs }) => threadTs),
    );
    expect(under).toEqual(numbers.map((number) => [alerts.get(String(number))]));
  });
});

test('a follow-up that becomes an e-mail has no markup', async () => {
  const published: { subject: string; text: string }[] = [];
  const queue = queueFor(webhook, { destinations: { mail: mailTopic }, routes: [{ to: 'mail' }] });
  queue.publish = async (message) => void published.push(message);
  queue.put(saying({ text: 'Key <https://example.com/k|AKIA1> &amp; user\n<!date^1|2026-11-20> <@U0ALICE>' }));
  await queue.run(600);
  expect(published[0]?.text).toMatch(
    /^Key AKIA1 \(https:\/\/example\.com\/k\) & user\n2026-11-20 @U0ALICE\n> \[High\] shop-production/,
  );
});

const mailTopic = { type: 'sns', topicArn: 'arn:aws:sns:us-east-1:100000000002:security' };
