import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Content } from '../../attestation/record/content';
import { dynamodbRecord } from '../../attestation/record/dynamodbTable';
import { record } from '../../attestation/record/record';
import { RecordUnavailable, type StoredItem } from '../../attestation/record/table';
import { verify } from '../../attestation/record/verify';
import { ticketWebhook } from '../../attestation/slack/ticketWebhook';
import { Secrets } from '../../notifier/transports/secrets';
import { signatureOf } from '../../notifier/transports/signedWebhook';
import { createSandbox, type RunningSandbox } from '../../sandbox';

/** What stands outside: DynamoDB of the local organization, and a ticket service on loopback. */
describe('the record in DynamoDB', () => {
  let sandbox: RunningSandbox;
  let client: DynamoDBClient;
  const log = () => undefined;
  const note = (index: number): Content => ({
    kind: 'asked',
    at: '2026-11-21T10:00:00.000Z',
    question: `q${index % 3}`,
  });

  beforeAll(async () => {
    sandbox = await createSandbox();
    const { endpoint, security: credentials } = sandbox;
    client = new DynamoDBClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 2 });
    await client.send(
      new CreateTableCommand({
        TableName: 'record',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'number', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'number', KeyType: 'RANGE' },
        ],
      }),
    );
  });
  afterAll(() => sandbox.close());

  test('many writers at once make one chain without a gap; answers that are lost are made up for', async () => {
    const table = dynamodbRecord('record', { client });
    sandbox.faults.add({ service: 'dynamodb', operation: 'TransactWriteItems', kind: 'drop', after: true, count: 3 });
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; turn < 5; turn += 1) {
        await record({ table, log }, async () => ({
          contents: [note(writer), note(writer + 1), note(writer + 2)],
          result: undefined,
        }));
      }
    });
    await Promise.all(writers);
    const items: StoredItem[] = [];
    for await (const item of table.items()) {
      items.push(item);
    }
    expect(verify(items, [await table.tail()])).toMatchObject({ entries: 120, anchors: 1, findings: [] });
    const numbers: number[] = [];
    for await (const { number } of table.from(100)) {
      numbers.push(number);
    }
    expect(numbers).toEqual(Array.from({ length: 21 }, (_, index) => 100 + index));
    const under = await table.under('question:q1');
    expect(under).toHaveLength(40);
    expect((await table.under('question:q1', 3)).map(({ number }) => number)).toEqual(
      under.slice(0, 3).map(({ number }) => number),
    );
    expect(under.map(({ number }) => number)).toEqual(
      [...under.map(({ number }) => number)].sort((one, other) => other - one),
    );
  });

  test('a table that is not there, or does not answer, is a failure that says why', async () => {
    const missing = dynamodbRecord('nowhere', { client });
    await expect(missing.tail()).rejects.toEqual(new RecordUnavailable('ResourceNotFoundException'));
    await expect(missing.under('x')).rejects.toMatchObject({ code: 'attestation.record.unavailable' });
  });
});

describe('a ticket service', () => {
  let server: Server;
  let answer: { status: number; body: string; delay?: number };
  const received: { body: string; signature: string }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const signature = String(request.headers['x-garrison-signature']);
        received.push({ body: Buffer.concat(chunks).toString(), signature });
        setTimeout(() => response.writeHead(answer.status).end(answer.body), answer.delay ?? 0);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tickets`) => {
    const secrets = new Secrets(async (wanted) =>
      wanted.kind === 'parameter' && wanted.name === 'url' ? address : 'signing-key',
    );
    const reference = (name: string) => ({ kind: 'parameter', name }) as const;
    const webhook = { url: reference('url'), signingKey: reference('key'), timeoutMilliseconds: 200 };
    return ticketWebhook(webhook, { fetch, secrets })('OPS-7', 'U0ALICE001');
  };

  test('is asked with a signature that it can check', async () => {
    answer = { status: 200, body: '{"known":true}' };
    expect(await ask()).toEqual({ kind: 'known' });
    const { body, signature } = received.at(-1) as (typeof received)[number];
    expect(JSON.parse(body)).toEqual({ version: 1, kind: 'ticket', ticket: 'OPS-7', slackUser: 'U0ALICE001' });
    const [, timestamp] = /^t=(\d+),/.exec(signature) ?? [];
    expect(signature).toBe(signatureOf(body, 'signing-key', Number(timestamp)));
  });

  test.each([
    ['does not know it', { status: 200, body: '{"known":false,"text":"closed"}' }, { kind: 'unknown', text: 'closed' }],
    ['has no such page', { status: 404, body: '' }, { kind: 'unknown' }],
    ['answers nonsense', { status: 200, body: 'yes' }, { kind: 'silent' }],
    ['fails', { status: 500, body: '' }, { kind: 'silent' }],
    ['redirects', { status: 302, body: '' }, { kind: 'silent' }],
    ['is too slow', { status: 200, body: '{"known":true}', delay: 600 }, { kind: 'silent' }],
  ])('%s', async (_, given, expected) => {
    answer = given;
    expect(await ask()).toEqual(expected);
  });

  test('is only asked over https', async () => {
    expect(await ask('http://tickets.example.com/')).toEqual({ kind: 'silent' });
  });
});
