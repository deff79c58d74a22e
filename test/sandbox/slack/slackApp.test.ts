import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, type Logger, LogLevel } from '@slack/bolt';
import { ErrorCode, WebClient } from '@slack/web-api';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

/** The local Slack as the official clients see it: a Bolt app on one side, people at the control endpoints on the other. */
let sandbox: RunningSandbox;
const quiet: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};
let app: App;
let client: WebClient;
let server: Server;
const seen: Record<string, unknown>[] = [];
const modal = {
  type: 'modal' as const,
  callback_id: 'purpose',
  title: { type: 'plain_text' as const, text: 'Purpose' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'ticket',
      label: { type: 'plain_text' as const, text: 'Ticket' },
      element: { type: 'plain_text_input' as const, action_id: 'ticket' },
    },
  ],
};
const button = {
  type: 'actions' as const,
  elements: [
    { type: 'button' as const, action_id: 'ask', text: { type: 'plain_text' as const, text: 'Answer' }, value: 'q1' },
  ],
};

// biome-ignore lint/suspicious/noExplicitAny: answers of many endpoints, read by their tests.
async function people(what: string, body?: object): Promise<any> {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  return (await fetch(`${sandbox.endpoint}/_slack/${what}`, init)).json();
}

async function until<Value>(look: () => Promise<Value> | Value, good: (value: Value) => unknown): Promise<Value> {
  for (let tries = 0; ; tries += 1) {
    const value = await look();
    if (good(value) || tries > 100) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const deliveries = (kind: string) =>
  people('deliveries').then((all: { kind: string; failure?: string; retry?: number; milliseconds?: number }[]) =>
    all.filter((one) => one.kind === kind),
  );

let requestUrl: string;
let slow = 0;

function listen(bolt: App): void {
  bolt.action('ask', async ({ ack, body, client: web, respond }) => {
    await ack();
    const trigger = (body as unknown as { trigger_id: string }).trigger_id;
    seen.push({ opened: (await web.views.open({ trigger_id: trigger, view: modal })).view?.id });
    await respond({ text: 'a modal is open', replace_original: false });
  });
  bolt.view('purpose', async ({ ack, view }) => {
    const ticket = view.state.values.ticket?.ticket?.value ?? '';
    if (ticket.startsWith('OPS-')) {
      await ack();
      seen.push({ ticket });
    } else {
      await ack({ response_action: 'errors', errors: { ticket: 'not a ticket' } });
    }
  });
  bolt.command('/privileged-use', async ({ ack, command }) => {
    await new Promise((resolve) => setTimeout(resolve, slow));
    await ack(`for ${command.text}`);
  });
  bolt.message(async ({ message, say }) => {
    const { text, thread_ts: thread } = message as { text?: string; thread_ts?: string };
    seen.push({ text });
    await say({ text: `heard ${text}`, thread_ts: thread });
  });
  bolt.event('app_mention', async ({ event }) => {
    seen.push({ mention: event.text });
  });
}

beforeAll(async () => {
  sandbox = await createSandbox();
  const { signingSecret } = await people('app');
  const slackApiUrl = `${sandbox.endpoint}/_slack/api/`;
  const receiver = new HTTPReceiver({ signingSecret, endpoints: '/slack', logLevel: LogLevel.ERROR });
  app = new App({ token: 'xoxb-1', receiver, clientOptions: { slackApiUrl }, logLevel: LogLevel.ERROR });
  listen(app);
  server = (await app.start(0)) as Server;
  requestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack`;
  client = new WebClient('xoxb-1', { slackApiUrl, retryConfig: { retries: 0 }, logger: quiet });
  const botEvents = ['message.channels', 'app_mention'];
  const configured = await people('app', { requestUrl, botEvents, commands: ['/privileged-use'] });
  expect(configured).toMatchObject({ eventsUrl: requestUrl });
});
afterAll(async () => {
  await app.stop();
  await sandbox.close();
});
beforeEach(async () => {
  seen.length = 0;
  slow = 0;
  await fetch(`${sandbox.endpoint}/_slack/messages`, { method: 'DELETE' });
  await people('settings', { rateLimits: false, scopes: null, answerWithin: 3000, eventRetryDelays: [0, 60, 300] });
});

test('a click opens a modal, which refuses and then takes an answer', async () => {
  const { ts } = await client.chat.postMessage({ channel: '#security-alerts', text: 'who?', blocks: [button] });
  expect(await people('click', { user: 'alice', action_id: 'ask', ts })).toMatchObject({ status: 200 });
  await until(
    () => people('modals'),
    (all) => all.length,
  );
  const refused = await people('submit', { user: 'alice', values: { ticket: 'none' } });
  expect(refused).toMatchObject({ open: true, errors: { ticket: 'not a ticket' } });
  expect(await people('submit', { user: 'alice', values: { ticket: '' } })).toMatchObject({
    sent: false,
    errors: { ticket: 'Please complete this required field.' },
  });
  expect(await people('submit', { user: 'alice', values: { ticket: 'OPS-1' } })).toMatchObject({ open: false });
  expect(seen).toMatchObject([{ opened: expect.stringMatching(/^V/) }, { ticket: 'OPS-1' }]);
  const told = await until(
    () => people('messages'),
    (all) => all.length > 1,
  );
  expect(told[1]).toMatchObject({
    via: 'response_url',
    ephemeralTo: 'U0ALICE001',
    payload: { text: 'a modal is open' },
  });
});

test('buttons in attachments can be clicked, and those that are not there cannot', async () => {
  await client.chat.postMessage({
    channel: 'C0ALERTS01',
    text: 'x',
    attachments: [{ color: '#f00', blocks: [button] }],
  });
  expect(await people('click', { user: 'bob', action_id: 'ask' })).toMatchObject({ status: 200 });
  expect((await people('click', { user: 'bob', action_id: 'other' })).error).toContain('sees no message');
  expect((await people('click', { user: 'carol', action_id: 'ask' })).error).toContain('no user');
});

test('a trigger is good once and for three seconds', async () => {
  await client.chat.postMessage({ channel: 'C0ALERTS01', text: 'x', blocks: [button] });
  const { trigger_id: trigger } = await people('click', { user: 'bob', action_id: 'ask' });
  const error = (promise: Promise<unknown>) => promise.then(String, (caught) => caught.data);
  expect(await error(client.views.open({ trigger_id: trigger, view: modal }))).toMatchObject({
    error: 'exchanged_trigger_id',
  });
  expect(await error(client.views.open({ trigger_id: '1.2.3', view: modal }))).toMatchObject({
    error: 'invalid_trigger_id',
  });
  const { submit: _submit, ...without } = modal;
  expect(
    await error(
      client.views.open({
        trigger_id: '1.2.3',
        view: { ...without, title: { type: 'plain_text', text: 'x'.repeat(25) } },
      }),
    ),
  ).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: {
      messages: [
        '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
        '[ERROR] missing required field: submit [json-pointer:/view]',
      ],
    },
  });
});

test('what people write reaches the app as events, its own messages too', async () => {
  const { ts } = await client.chat.postMessage({ channel: 'C0ALERTS01', text: 'alert' });
  const said = await people('say', { user: 'alice', channel: 'security-alerts', text: 'it was me <&>', thread_ts: ts });
  expect(said.event_ids).toHaveLength(1);
  const replies = await until(
    () => client.conversations.replies({ channel: 'C0ALERTS01', ts: String(ts), limit: 2 }),
    ({ messages }) => messages && messages.length > 1,
  );
  expect(replies.messages?.[1]).toMatchObject({ user: 'U0ALICE001', text: 'it was me &lt;&amp;&gt;', thread_ts: ts });
  await until(
    () => seen.length,
    (count) => count > 0,
  );
  await people('say', { user: 'bob', channel: 'general', text: '<@U0SANDBOX1> hello' });
  await until(() => seen.find(({ mention }) => mention), Boolean);
  expect(seen).toContainEqual({ text: 'it was me &lt;&amp;&gt;' });
  expect(seen).toContainEqual({ mention: '<@U0SANDBOX1> hello' });
});

test('an event that is not answered in time comes again, and says so', async () => {
  const deaf = { requestUrl, eventsUrl: 'http://127.0.0.1:9/', verify: false };
  await people('settings', { answerWithin: 50, eventRetryDelays: [0, 0, 0] });
  await people('app', deaf);
  await people('say', { user: 'alice', channel: 'general', text: 'anybody?' });
  // What the app was told before may still be on its way.
  const failed = (all: Awaited<ReturnType<typeof deliveries>>) => all.filter(({ failure }) => failure !== undefined);
  const tries = await until(
    () => deliveries('event'),
    (all) => failed(all).length > 3,
  );
  expect(failed(tries).map(({ retry, failure }) => [retry, failure])).toEqual([
    [undefined, 'connection_failed'],
    [1, 'connection_failed'],
    [2, 'connection_failed'],
    [3, 'connection_failed'],
  ]);
  await people('app', { eventsUrl: requestUrl });
});

test('a command is answered within three seconds, or the person is told', async () => {
  expect(
    await people('command', { user: 'alice', channel: 'general', command: '/privileged-use', text: 'patching' }),
  ).toMatchObject({
    status: 200,
  });
  const [message] = await people('messages');
  expect(message).toMatchObject({ ephemeralTo: 'U0ALICE001', payload: { text: 'for patching' } });
  await people('settings', { answerWithin: 30 });
  slow = 80;
  expect(await people('command', { user: 'alice', channel: 'general', command: '/privileged-use' })).toMatchObject({
    warning: '/privileged-use failed with the error "operation_timeout"',
  });
});

test('tiers, scopes and bad tokens are refused in Slack’s words', async () => {
  await people('settings', { rateLimits: true });
  const limited = new WebClient('xoxb-1', {
    slackApiUrl: `${sandbox.endpoint}/_slack/api/`,
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
  const outcomes: string[] = [];
  for (let call = 0; call < 22; call += 1) {
    outcomes.push(
      await limited.usergroups.users.list({ usergroup: 'S0SECURITY' }).then(
        () => 'ok',
        (error) => error.code,
      ),
    );
  }
  expect(outcomes.filter((one) => one === 'ok')).toHaveLength(20);
  expect(outcomes.at(-1)).toBe(ErrorCode.RateLimitedError);
  await people('settings', { rateLimits: false, scopes: ['chat:write'] });
  await expect(client.users.lookupByEmail({ email: 'alice@example.com' })).rejects.toMatchObject({
    data: { error: 'missing_scope', needed: 'users:read.email', provided: 'chat:write' },
  });
  await expect(
    new WebClient('nonsense', { slackApiUrl: `${sandbox.endpoint}/_slack/api/` }).auth.test(),
  ).rejects.toMatchObject({
    data: { error: 'invalid_auth' },
  });
});

test('lists come in pages', async () => {
  const users = Array.from({ length: 5 }, (_, index) => ({
    id: `U0P${index}`,
    name: `p${index}`,
    email: `p${index}@x.example`,
  }));
  await people('people', { users });
  const names: (string | undefined)[] = [];
  for await (const page of client.paginate('users.list', { limit: 3 })) {
    names.push(...((page as { members?: { name?: string }[] }).members ?? []).map(({ name }) => name));
  }
  expect(names).toEqual(['alice', 'bob', 'p0', 'p1', 'p2', 'p3', 'p4']);
});

test('files go up as the official client sends them', async () => {
  const { ts } = await client.chat.postMessage({ channel: 'C0ALERTS01', text: 'alert' });
  await client.filesUploadV2({ channel_id: 'C0ALERTS01', thread_ts: String(ts), filename: 'a.csv', content: 'ä,b\n' });
  const [, message] = await people('messages');
  const [{ url_private: url }] = message.payload.files;
  expect([message.thread_ts, await (await fetch(url)).text()]).toEqual([ts, 'ä,b\n']);
});
