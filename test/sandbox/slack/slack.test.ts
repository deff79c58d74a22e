import { createSandbox, type RunningSandbox } from '../../../sandbox';

let sandbox: RunningSandbox;
beforeAll(async () => {
  sandbox = await createSandbox();
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const address = (path: string) => `${sandbox.endpoint}/_slack/${path}`;
const set = (settings: object) => fetch(address('settings'), { method: 'POST', body: JSON.stringify(settings) });

async function hook(body: unknown, path = 'services/T0GARRISON/B0GARRISON/local'): Promise<[number, string]> {
  const response = await fetch(address(path), {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return [response.status, await response.text()];
}

// biome-ignore lint/suspicious/noExplicitAny: answers of many methods, read by their tests.
async function call(method: string, body: object, token = 'xoxb-1'): Promise<any> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (await fetch(address(`api/${method}`), { method: 'POST', headers, body: JSON.stringify(body) })).json();
}

/** Methods that read take forms only. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
async function ask(method: string, body: Record<string, string>): Promise<any> {
  const form = new URLSearchParams({ token: 'xoxb-1', ...body });
  return (await fetch(address(`api/${method}`), { method: 'POST', body: form })).json();
}

const messages = async () => (await (await fetch(address('messages'))).json()) as { payload: { text: string } }[];

test('a webhook answers as Slack does', async () => {
  expect(await hook({ text: 'hi' })).toEqual([200, 'ok']);
  expect(await hook('{')).toEqual([400, 'invalid_payload']);
  expect(await hook({})).toEqual([400, 'no_text']);
  expect(await hook({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3001) } }] })).toEqual([
    400,
    'invalid_blocks',
  ]);
  expect(await hook({ text: 'x' }, 'services/T1/B1')).toEqual([404, 'no_service']);
  expect((await messages()).map(({ payload }) => payload.text)).toEqual(['hi']);
});

test('it throttles, drops after accepting, and goes down on demand', async () => {
  await set({ throttleEvery: 2, retryAfter: 7 });
  await hook({ text: '1' });
  const throttled = await fetch(address('services/T0GARRISON/B0GARRISON/local'), {
    method: 'POST',
    body: '{"text":"2"}',
  });
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '7']);
  await set({ throttleEvery: 0, dropEvery: 2 });
  await expect(hook({ text: '3' })).rejects.toThrow();
  expect(await messages()).toHaveLength(2);
  await set({ dropEvery: 0, down: true });
  expect((await hook({ text: '4' }))[0]).toBe(503);
});

test('the Web API keeps threads and metadata, and refuses in Slack’s words', async () => {
  const metadata = { event_type: 'alert', event_payload: { id: 'a1' } };
  const first = await call('chat.postMessage', { channel: '#security-alerts', text: 'alert', metadata });
  expect(first).toMatchObject({ ok: true, channel: 'C0ALERTS01', message: { text: 'alert' } });
  await call('chat.postMessage', { channel: first.channel, text: 'reply', thread_ts: first.ts });
  await call('chat.update', { channel: first.channel, ts: first.ts, text: 'alert (2)' });
  const history = await ask('conversations.history', { channel: first.channel, include_all_metadata: 'true' });
  expect(history.messages).toMatchObject([{ text: 'alert (2)', reply_count: 1, metadata }]);
  const replies = await ask('conversations.replies', { channel: first.channel, ts: first.ts });
  expect(replies.messages.map(({ text }: { text: string }) => text)).toEqual(['alert (2)', 'reply']);
  expect(await call('chat.postMessage', { channel: 'C0NONE', text: 'x' })).toEqual({
    ok: false,
    error: 'channel_not_found',
  });
  expect(await call('chat.postMessage', { channel: 'C0ALERTS01', text: 'x' }, 'wrong')).toEqual({
    ok: false,
    error: 'invalid_auth',
  });
  expect(await ask('users.lookupByEmail', { email: 'nobody@example.com' })).toEqual({
    ok: false,
    error: 'users_not_found',
  });
  expect((await ask('users.lookupByEmail', { email: 'alice@example.com' })).user.id).toBe('U0ALICE001');
  expect(await call('users.lookupByEmail', { email: 'alice@example.com' })).toEqual({
    ok: false,
    error: 'invalid_arguments',
    response_metadata: { messages: ['[ERROR] missing required field: email'] },
  });
  const long = Array.from({ length: 5 }, () => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(2900) } }));
  expect(await call('chat.postMessage', { channel: 'C0ALERTS01', blocks: long })).toMatchObject({
    error: 'msg_blocks_too_long',
  });
});

test('files go up in three steps', async () => {
  const { upload_url, file_id } = await ask('files.getUploadURLExternal', { filename: 'a.txt', length: '5' });
  await fetch(upload_url, { method: 'POST', body: 'hello' });
  const done = await call('files.completeUploadExternal', { files: [{ id: file_id }], channel_id: 'C0ALERTS01' });
  expect(done.files).toMatchObject([{ id: file_id, name: 'a.txt', size: 5 }]);
});
