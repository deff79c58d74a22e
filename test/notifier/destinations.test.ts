import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as more from '../../notifier/more';
import { findingRecordKey } from '../../notifier/record';
import type { DestinationSettings } from '../../notifier/settings';
import { asDeliveryError } from '../../notifier/transports/errors';
import { Secrets } from '../../notifier/transports/secrets';
import { alertOf, findingEvent } from './corpus';
import { botQueueFor, distinct, numbers, webhookQueueFor } from './queues';
import { contextOf } from './settings';
import { SlackServer } from './slackServer';

interface Request {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

let server: Server;
let status = 200;
let headers: Record<string, string> = {};
const requests: Request[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    response.writeHead(status, headers).end('');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

beforeEach(() => {
  [status, headers] = [200, {}];
  requests.length = 0;
});

afterAll(() => server.close());

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

function destinationFor(settings: DestinationSettings, secret: string) {
  return more.destinationOf(settings, {
    context: contextOf(),
    secrets: new Secrets(async (reference) =>
      reference.kind === 'parameter' && reference.name === '/key' ? 'signing-key' : secret,
    ),
    fetch,
    more: () => more,
  });
}

async function send(
  settings: DestinationSettings,
  finding: Readonly<Record<string, unknown>> = {},
  secret = address(),
) {
  const destination = destinationFor(settings, secret);
  await destination.send({ alert: await alertOf(findingEvent(finding)), options: { mention: 'none' } });
}

const url = { kind: 'parameter', name: '/url' } as const;

test('a signed webhook can be verified by its receiver', async () => {
  await send({ type: 'signed-webhook', url, signingKey: { kind: 'parameter', name: '/key' } });
  const [request] = requests;
  const [, time, signature] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['x-garrison-signature'])) ?? [];
  expect(signature).toBe(createHmac('sha256', 'signing-key').update(`${time}.${request?.body}`).digest('hex'));
  expect(JSON.parse(request?.body ?? '{}')).toMatchObject({ kind: 'alert', id: request?.headers['x-garrison-id'] });
});

test('a follow-up reaches every destination in words without markup', async () => {
  const alert = await alertOf(findingEvent({ severity: 9.2 }));
  const saying = { id: 'follow-up:1', text: 'Key <https://example.com|AKIA> &lt;off&gt;', alert };
  const told = async (settings: DestinationSettings, secret = address()) => {
    await destinationFor(settings, secret).say(saying);
    return JSON.parse(requests.at(-1)?.body ?? '{}');
  };
  const words = 'Key AKIA (https://example.com) <off>';
  const signed = { type: 'signed-webhook', url, signingKey: { kind: 'parameter', name: '/key' } } as const;
  expect(await told(signed)).toMatchObject({ kind: 'followUp', id: saying.id, text: words, alert: { id: alert.id } });
  expect(JSON.stringify(await told({ type: 'teams', secret: url }))).toContain('AKIA');
  status = 202;
  const pagerduty = { type: 'pagerduty', secret: url, endpoint: address() } as const;
  await send(pagerduty, { severity: 9.2 }, 'routing-key');
  const { dedup_key: key } = JSON.parse(requests.at(-1)?.body ?? '{}');
  expect(await told(pagerduty, 'routing-key')).toMatchObject({
    dedup_key: key,
    payload: { summary: words, severity: 'info' },
  });
});

test('PagerDuty gets the severity in its words and the same key for the same', async () => {
  status = 202;
  const settings = { type: 'pagerduty', secret: url, endpoint: address() } as const;
  await send(settings, { severity: 9.2 }, 'routing-key');
  await send(settings, { severity: 9.2, id: 'other', title: 'x'.repeat(3_000) }, 'routing-key');
  const [first, second] = requests.map(({ body }) => JSON.parse(body));
  expect(first).toMatchObject({
    routing_key: 'routing-key',
    event_action: 'trigger',
    payload: { severity: 'critical' },
  });
  expect(second.dedup_key).toBe(first.dedup_key);
  expect(second.payload.summary.length).toBeLessThanOrEqual(1_024);
});

test('Teams gets a card in which an event can mention nobody and link nowhere', async () => {
  await send({ type: 'teams', secret: url }, { title: '<at>everyone</at> [click](https://evil.example)' });
  const card = requests[0]?.body ?? '';
  expect(card.length).toBeLessThan(28_000);
  expect(card).not.toMatch(/<at>|\[click\]\(/);
});

test.each([
  [429, { 'retry-after': '7' }, 'rateLimited', 7],
  [429, { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }, 'rateLimited', 30],
  [503, {}, 'unavailable', undefined],
  [302, { location: 'https://evil.example' }, 'refused', undefined],
  [404, {}, 'refused', undefined],
])('an answer of %d is told apart', async (code, answerHeaders, failure, seconds) => {
  [status, headers] = [code, answerHeaders as Record<string, string>];
  const error = asDeliveryError(await send({ type: 'slack-webhook', secret: url }).catch((caught: unknown) => caught));
  expect(error?.failure).toBe(failure);
  // The date was written when this file was read; a busy machine takes its time.
  expect(Math.abs((error?.retryAfterSeconds ?? 0) - (seconds ?? 0))).toBeLessThanOrEqual(10);
});

test.each([
  'http://hooks.example.com/x',
  'file:///etc/passwd',
  'https://user:pass@hooks.example.com/',
  'not an address',
])('a secret that is no address to post to is refused, and not quoted: %s', async (secret) => {
  const error = await send({ type: 'slack-webhook', secret: url }, {}, secret).catch((caught: unknown) => caught);
  expect(asDeliveryError(error)?.failure).toBe('refused');
  expect(String(error)).not.toContain(secret);
});

test('nobody there and nobody answering are told apart', async () => {
  const gone = createServer((request) => request.socket.destroy());
  gone.listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const target = `http://127.0.0.1:${(gone.address() as AddressInfo).port}/`;
  const dropped = asDeliveryError(
    await send({ type: 'slack-webhook', secret: url }, {}, target).catch((caught: unknown) => caught),
  );
  gone.close();
  await once(gone, 'close');
  const refused = asDeliveryError(
    await send({ type: 'slack-webhook', secret: url }, {}, target).catch((caught: unknown) => caught),
  );
  expect([dropped?.failure, refused?.failure]).toEqual(['unknown', 'unavailable']);
});

describe('through the queue', () => {
  let slack: SlackServer;
  const webhookQueue = (notifier?: object) => webhookQueueFor(slack, notifier);
  const botQueue = (notifier?: object) => botQueueFor(slack, notifier);

  beforeEach(async () => {
    slack = new SlackServer();
    await slack.start();
  });

  afterEach(() => slack.close());

  describe('secrets', () => {
    test('are fetched once, and again when Slack says that the token is revoked', async () => {
      const queue = botQueue({ digest: { threshold: 0 } });
      queue.put(...numbers(5).map((number) => distinct(number)));
      await queue.run(60);
      expect(queue.secretReads).toHaveLength(1);
      queue.secret = 'xoxb-second';
      slack.trouble = { validSecret: 'xoxb-second' };
      queue.put(distinct(9));
      await queue.run(60);
      expect([queue.secretReads.length, slack.messages.length]).toEqual([2, 6]);
    });

    test('and texts of events are in no log', async () => {
      const queue = webhookQueue();
      slack.trouble = { validSecret: 'nothing' };
      queue.put(findingEvent({ title: 'attacker-text' }), 'attacker-text');
      await queue.run(300);
      slack.trouble = { dropEvery: 1 };
      await queue.run(300);
      const log = JSON.stringify(queue.logged);
      expect(log).toContain('notifier.delivery.revoked');
      expect(log).toContain('notifier.delivery.unknown');
      expect(log).not.toMatch(/attacker-text|services\/T|127\.0\.0\.1/);
    });
  });

  describe('routes', () => {
    test('silenced alerts are recorded and not sent', async () => {
      const silence = { reason: 'penetration test', until: '2026-12-31' };
      const queue = webhookQueue({ routes: [{ when: { findingType: 'CryptoCurrency:*' }, silence }] });
      queue.put(findingEvent());
      await queue.run(60);
      expect([slack.messages.length, queue.messages.length]).toEqual([0, 0]);
      const key = findingRecordKey({
        accountId: '123456789012',
        region: 'eu-central-1',
        findingId: '16afba5c5c43e07c9e3e5e2e544e95df',
      });
      expect(await queue.table.get(key)).toMatchObject({ as: 'silenced' });
    });

    test('several destinations each get the alert once, even when one of them fails at first', async () => {
      const destinations = { second: { type: 'slack-bot', botToken: { parameter: '/second' }, channel: 'C0SECOND' } };
      const queue = botQueue({
        destinations,
        routes: [{ to: ['slack', 'nowhere'] }].slice(0, 0).concat([{ to: ['slack', 'second'] }]),
      });
      Object.assign(queue.context.settings.destinations.second ?? {}, { apiUrl: slack.apiUrl });
      slack.trouble = { limitEvery: 2 };
      queue.put(distinct(1));
      await queue.run(120);
      expect(slack.messages.map(({ channel }) => channel)).toEqual(['C0ALERTS', 'C0SECOND']);
    });

    test('a route may name another channel', async () => {
      const queue = botQueue({ routes: [{ when: { ou: 'Workloads' }, channel: 'C0PRODUCTION', mention: 'none' }] });
      queue.put(distinct(1));
      await queue.run(60);
      expect(slack.messages.map(({ channel, text }) => [channel, text.includes('<!')])).toEqual([
        ['C0PRODUCTION', false],
      ]);
    });
  });

  describe('the self-test', () => {
    test('asks every destination and sends nothing', async () => {
      const queue = botQueue();
      queue.put({ source: 'garrison.self-test', 'detail-type': 'Garrison Self-Test', detail: {} });
      await queue.run(60);
      expect([slack.messages.length, slack.calls]).toEqual([0, ['auth.test']]);
      expect(queue.metrics).toEqual([['Heartbeat', 1]]);
    });
  });
});
