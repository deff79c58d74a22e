import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as more from '../../notifier/more';
import type { DestinationSettings } from '../../notifier/settings';
import { asDeliveryError } from '../../notifier/transports/errors';
import { Secrets } from '../../notifier/transports/secrets';
import { alertOf, findingEvent } from './corpus';
import { contextOf } from './settings';

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
