import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { slackResponder } from '../../attestation/bot/respond';
import type { BotTools, Decision } from '../../attestation/bot/tools';
import type { Work } from '../../attestation/bot/work';
import { workOff } from '../../attestation/bot/working';
import type { AttestationTools } from '../../attestation/questions/tools';
import { record } from '../../attestation/record/record';
import type { AttestationSettings } from '../../attestation/settings';
import { slackCall } from '../../attestation/slack/client';
import { slackDirectory } from '../../attestation/slack/directory';
import type { FollowUpBody } from '../../notifier/followUp';
import { memoryTable } from '../../notifier/state/memoryTable';
import { TableUnavailable } from '../../notifier/state/table';
import { Secrets } from '../../notifier/transports/secrets';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import { memoryRecord } from './memoryTable';

export const question = 'attest-0123456789';
export const channel = 'C0ALERTS01';

const reference = (name: string) => ({ kind: 'parameter', name }) as const;

function settingsOf(apiUrl: string): AttestationSettings {
  return {
    version: 1,
    partition: 'aws',
    homeRegion: 'us-east-1',
    securityAccountId: '100000000002',
    accounts: [{ id: '100000000011', name: 'payments' }],
    recordTable: 'record',
    alertTable: 'alerts',
    alertQueueUrl: 'unused',
    slack: { botToken: reference('token'), signingSecret: reference('signing'), apiUrl, channel },
    windowSeconds: 3_600,
    reminders: [],
    people: [],
    managers: [],
    substitutes: { groups: ['S0SECURITY'], users: [] },
    ticket: { required: true, pattern: 'OPS-\\d+' },
    longestAnnouncementSeconds: 28_800,
  } as unknown as AttestationSettings;
}

/** The bot behind a request URL of a local Slack, with the core in memory; `later` holds what it left for later. */
export class BotScene {
  readonly table = memoryRecord();
  readonly alerts = memoryTable();
  readonly said: FollowUpBody[] = [];
  readonly later: Work[] = [];
  readonly decisions: Decision[] = [];
  readonly logged: string[] = [];
  /** Milliseconds that every look into the record takes. */
  slowRecord = 0;
  /** What the queue of decisions answers with. */
  refuseDecisions = false;
  /** The bot's own table does not answer. */
  tableDown = false;
  tools!: BotTools & { attestation: AttestationTools };
  url = '';
  private server?: Server;

  private constructor(readonly sandbox: RunningSandbox) {}

  static async start(): Promise<BotScene> {
    const scene = new BotScene(await createSandbox());
    await scene.makeTools();
    scene.server = createServer((request, response) => {
      void readEvent(request).then(async (event) => {
        const answer = await scene.respond(event);
        response.writeHead(answer.statusCode, answer.headers).end(answer.body);
      });
    });
    scene.server.listen(0, '127.0.0.1');
    await once(scene.server, 'listening');
    scene.url = `http://127.0.0.1:${(scene.server.address() as AddressInfo).port}/`;
    return scene;
  }

  private respond: ReturnType<typeof slackResponder> = async () => ({ statusCode: 500, body: '' });

  private async makeTools(): Promise<void> {
    const secrets = new Secrets(async (wanted) =>
      wanted.kind === 'parameter' && wanted.name === 'signing'
        ? (await this.people('app')).signingSecret
        : 'xoxb-garrison',
    );
    const settings = settingsOf(`${this.sandbox.endpoint}/_slack/api`);
    const { table } = this;
    const log = (_level: string, code: string) => void this.logged.push(code);
    const slowly = async <Result>(work: () => Promise<Result>) => {
      await new Promise((resolve) => setTimeout(resolve, this.slowRecord));
      return work();
    };
    const attestation: AttestationTools = {
      settings,
      table: { ...table, under: (key, limit) => slowly(() => table.under(key, limit)) },
      alerts: this.alerts,
      slack: slackDirectory(settings.slack, secrets),
      askTicket: async () => ({ kind: 'silent' }),
      say: async (body) => void this.said.push(body),
      now: () => new Date(),
      log,
    };
    const seen = memoryTable();
    this.tools = {
      settings: {
        version: 1,
        homeRegion: 'us-east-1',
        slack: settings.slack,
        tableName: '',
        alertTable: '',
        language: 'en',
        workQueueUrl: '',
      },
      secrets,
      slack: slackCall(settings.slack, secrets),
      table: {
        ...seen,
        create: async (item) => {
          if (this.tableDown) {
            throw new TableUnavailable('ProvisionedThroughputExceededException');
          }
          return seen.create(item);
        },
      },
      alerts: this.alerts,
      attestation,
      later: async (work) => void this.later.push(work),
      decide: async (decision) => {
        if (this.refuseDecisions) {
          throw new Error('no queue');
        }
        this.decisions.push(decision);
      },
      now: () => new Date(),
      log,
    };
    this.respond = slackResponder(this.tools, 1_000);
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of many endpoints, read by their tests.
  async people(what: string, body?: object): Promise<any> {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    return (await fetch(`${this.sandbox.endpoint}/_slack/${what}`, init)).json();
  }

  /** Makes Slack call the bot. */
  async connect(): Promise<void> {
    const botEvents = ['message.channels', 'message.im'];
    const answer = await this.people('app', { requestUrl: this.url, botEvents, commands: ['/privileged-use'] });
    expect(answer).toMatchObject({ eventsUrl: this.url });
  }

  /** Asks alice, in a thread under an alert; `ts` of the alert and of the question. */
  async ask(id = question): Promise<{ alert: string; asked: string }> {
    const person = { key: 'alice@example.com', name: 'alice@example.com', email: 'alice@example.com' };
    const at = new Date().toISOString();
    const event = JSON.stringify({ source: 'aws.signin', 'detail-type': 'x', account: '100000000011', detail: {} });
    const detection = { id: 'privileged-role-used', title: 'Privileged role used', severity: 'high' as const };
    const contents = [
      { kind: 'question' as const, at, question: id, person, until: at, detection, event },
      { kind: 'asked' as const, at, question: id, slackUser: 'U0ALICE001' },
    ];
    await record(this.tools.attestation, async () => ({ contents, result: undefined }));
    const alert = await this.post({ text: 'alert' });
    const asked = await this.post({ text: 'what for?', thread_ts: alert, blocks: [button('attest_answer', id)] });
    const expiresAt = Date.now();
    await this.alerts.put({ id: `answers:${channel}:${alert}`, expiresAt, followUp: id });
    await this.alerts.put({ id: `follow-up:${id}`, expiresAt, channel, ts: asked, thread: alert });
    return { alert, asked };
  }

  async post(message: object): Promise<string> {
    const { ts } = await this.tools.slack((client) => client.chat.postMessage({ channel, text: '', ...message }));
    return String(ts);
  }

  /** Answers in the record, oldest first. */
  async answers(id = question) {
    const entries = await this.table.under(`question:${id}`);
    return entries.flatMap(({ content }) => (content.kind === 'answer' ? [content] : [])).reverse();
  }

  /** Does what was left for later; again as often as it fails, as a queue would. */
  async workOff(): Promise<void> {
    for (const work of this.later.splice(0)) {
      await workOff(work, this.tools);
    }
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
    await this.sandbox.close();
  }
}

export function button(actionId: string, value: string) {
  const text = { type: 'plain_text' as const, text: actionId };
  return { type: 'actions' as const, elements: [{ type: 'button' as const, action_id: actionId, value, text }] };
}

/** A request as a function URL hands it over: forms as base64. */
async function readEvent(request: IncomingMessage): Promise<LambdaFunctionURLEvent> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const isBase64Encoded = String(request.headers['content-type']).includes('form');
  return {
    version: '2.0',
    headers: request.headers as Record<string, string>,
    queryStringParameters: Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams),
    body: Buffer.concat(chunks).toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
    requestContext: { http: { method: request.method } },
  } as LambdaFunctionURLEvent;
}

/** What is there once it is good, or after twenty seconds. */
export async function until<Value>(
  look: () => Promise<Value> | Value,
  good: (value: Value) => unknown,
): Promise<Value> {
  for (const end = Date.now() + 20_000; ; ) {
    const value = await look();
    if (good(value) || Date.now() > end) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
