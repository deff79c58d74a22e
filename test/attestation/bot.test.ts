import { createHmac } from 'node:crypto';
import { alertRecordKey, packed } from '../../notifier/interaction/alertRecord';
import { BotScene, button, channel, question, until } from './botScene';

/** The bot behind its request URL: a local Slack with people on one side, the record in memory on the other. */
let scene: BotScene;
beforeEach(async () => {
  scene = await BotScene.start();
  await scene.connect();
});
afterEach(() => scene.close());

const purpose = { purpose: 'restoring the backup', ticket: 'OPS-12' };

async function openForm(user = 'alice'): Promise<void> {
  expect(await scene.people('click', { user, action_id: 'attest_answer' })).toMatchObject({ status: 200 });
}

test('a click, a form, an answer in the record; sent twice it counts once', async () => {
  const { alert } = await scene.ask();
  await openForm();
  const [modal] = await scene.people('modals');
  expect(JSON.stringify(modal.blocks)).toContain(
    'What did *alice@example.com* use a privilege in *payments (100000000011)*',
  );
  expect(await scene.people('submit', { user: 'alice', values: purpose })).toMatchObject({ open: false });
  scene.later.push(...scene.later);
  await scene.workOff();
  expect(await scene.answers()).toMatchObject([
    { version: 1, ...purpose, as: 'person', by: { slackUser: 'U0ALICE001' } },
  ]);
  expect(scene.said[0]).toMatchObject({ followUp: { id: `${question}:answer-1`, replaces: question } });
  const words = (await scene.people('messages')).filter(({ ephemeralTo }: { ephemeralTo?: string }) => ephemeralTo);
  expect(words).toMatchObject([{ thread_ts: alert, payload: { text: 'Thank you. Your answer is recorded.' } }]);
  await openForm();
  const [again] = await scene.people('modals');
  expect(again.state.values.purpose.purpose.value).toBe('restoring the backup');
  await scene.people('submit', { user: 'alice', values: { purpose: 'restoring two backups' } });
  await scene.workOff();
  expect(await scene.answers()).toMatchObject([
    { version: 1 },
    { version: 2, purpose: 'restoring two backups', ticket: 'OPS-12' },
  ]);
});

test('windows are Japanese where the alerts are', async () => {
  Object.assign(scene.tools.settings, { language: 'ja' });
  Object.assign(scene.tools.attestation.settings, { language: 'ja' });
  await scene.ask();
  await openForm();
  const [modal] = await scene.people('modals');
  expect(modal).toMatchObject({
    title: { text: '使用の目的' },
    submit: { text: '送信' },
    close: { text: 'キャンセル' },
  });
  const refused = await scene.people('submit', { user: 'alice', values: { ...purpose, ticket: 'none' } });
  expect(JSON.stringify(refused)).toContain('チケットの形式: ');
  await scene.people('submit', { user: 'alice', values: purpose });
  await scene.workOff();
  const words = (await scene.people('messages')).filter(({ ephemeralTo }: { ephemeralTo?: string }) => ephemeralTo);
  expect(words).toMatchObject([{ payload: { text: 'ありがとうございます。回答を記録しました。' } }]);
});

test('a form says what is wrong with a ticket, and that it is not theirs to answer', async () => {
  await scene.ask();
  await openForm();
  const malformed = await scene.people('submit', { user: 'alice', values: { ...purpose, ticket: 'twelve' } });
  expect(malformed).toMatchObject({ open: true, errors: { ticket: expect.stringContaining('OPS-') } });
  expect(await scene.people('submit', { user: 'alice', values: purpose })).toMatchObject({ open: false });
  await scene.workOff();
  await openForm('bob');
  const notTheirs = await scene.people('submit', { user: 'bob', values: purpose });
  expect(notTheirs).toMatchObject({ open: true, errors: { purpose: expect.stringContaining('somebody else') } });
  expect(await scene.answers()).toHaveLength(1);
});

test('while the record is slow, Slack is answered in time and the form tells how it ended', async () => {
  await scene.ask();
  scene.slowRecord = 2_500;
  await openForm();
  const sent = await scene.people('submit', { user: 'alice', values: purpose });
  expect(sent).toMatchObject({ status: 200, open: true, view: { title: { text: 'Purpose of use' } } });
  expect(sent.milliseconds).toBeLessThan(1_500);
  expect(JSON.stringify(sent.view.blocks)).toContain('being recorded');
  scene.slowRecord = 0;
  await scene.workOff();
  const [modal] = await scene.people('modals');
  expect(JSON.stringify(modal.blocks)).toContain('Your answer is recorded');
  expect(await scene.answers()).toHaveLength(1);
}, 15_000);

test('what was left for later and is refused comes back as a form with what was typed', async () => {
  await scene.ask();
  scene.slowRecord = 2_500;
  await openForm();
  await scene.people('submit', { user: 'alice', values: { ...purpose, ticket: 'twelve' } });
  scene.slowRecord = 0;
  await scene.workOff();
  const [modal] = await scene.people('modals');
  expect(JSON.stringify(modal.blocks)).toContain('A ticket here looks like this');
  expect(modal.state.values.purpose.purpose.value).toBe('restoring the backup');
  await scene.people('submit', { user: 'alice', values: { ticket: 'OPS-12' } });
  await scene.workOff();
  expect(await scene.answers()).toMatchObject([purpose]);
}, 15_000);

test('an answer in the thread, its correction by an edit, and talk of others that is none', async () => {
  const { alert } = await scene.ask();
  const said = (user: string, text: string) => scene.people('say', { user, channel, text, thread_ts: alert });
  await said('bob', 'what is going on here?');
  await said('alice', 'no ticket yet');
  const { ts } = await said('alice', 'restoring <the> backup & all, OPS-12');
  await until(
    () => scene.later.length,
    (count) => count > 2,
  );
  await scene.workOff();
  expect(await scene.answers()).toMatchObject([{ purpose: 'restoring <the> backup & all, OPS-12', ticket: 'OPS-12' }]);
  await scene.people('edit', { user: 'alice', ts, text: 'restoring two backups, OPS-13' });
  await said('alice', 'thanks');
  await until(
    () => scene.later.length,
    (count) => count > 1,
  );
  await scene.workOff();
  expect(await scene.answers()).toMatchObject([{ ticket: 'OPS-12' }, { version: 2, ticket: 'OPS-13' }]);
  const words = (await scene.people('messages')).filter(({ ephemeralTo }: { ephemeralTo?: string }) => ephemeralTo);
  expect(
    words.map(({ ephemeralTo, thread_ts: thread, payload }: never) => [
      ephemeralTo,
      thread,
      (payload as { text: string }).text,
    ]),
  ).toEqual([
    ['U0ALICE001', alert, 'A ticket belongs to it.'],
    ['U0ALICE001', alert, 'Thank you. Your answer is recorded.'],
    ['U0ALICE001', alert, 'Thank you. Your answer is recorded.'],
  ]);
});

test('words that are quicker than the notifier’s notes wait for them', async () => {
  const { alert } = await scene.ask();
  const notes = await scene.alerts.get(`answers:${channel}:${alert}`);
  await scene.alerts.put({ id: `answers:${channel}:${alert}`, expiresAt: 0, followUp: 'other' });
  await scene.people('say', { user: 'alice', channel, text: 'OPS-12 patching', thread_ts: alert });
  await until(() => scene.later.length, Boolean);
  const work = [...scene.later];
  await expect(scene.workOff()).rejects.toMatchObject({ name: 'QuestionNotYetThere' });
  await scene.alerts.put({ expiresAt: 0, ...notes, id: `answers:${channel}:${alert}` });
  scene.later.push(...work);
  await scene.workOff();
  expect(await scene.answers()).toHaveLength(1);
});

test('an event that Slack sends again is counted once, and said once', async () => {
  const { alert } = await scene.ask();
  const {
    event_ids: [id],
  } = await scene.people('say', { user: 'alice', channel, text: 'OPS-12 patching', thread_ts: alert });
  await until(() => scene.later.length, Boolean);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await scene.people('redeliver', { event_id: id, retry: 1 })).toMatchObject({ status: 200, retry: 1 });
  expect(scene.later).toHaveLength(2);
  await scene.workOff();
  expect(await scene.answers()).toHaveLength(1);
  expect(scene.said.length).toBeGreaterThan(0);
  const words = (await scene.people('messages')).filter(({ ephemeralTo }: { ephemeralTo?: string }) => ephemeralTo);
  expect(words).toHaveLength(1);
});

test('a direct message answers the one open question', async () => {
  await scene.people('say', { user: 'alice', text: 'hello' });
  await until(() => scene.later.length, Boolean);
  await scene.workOff();
  await scene.ask();
  await scene.people('say', { user: 'alice', text: 'patching, OPS-12' });
  await until(() => scene.later.length, Boolean);
  await scene.workOff();
  expect(await scene.answers()).toMatchObject([{ ticket: 'OPS-12' }]);
  const direct = (await scene.people('messages')).filter(
    (one: { channel: string; via: string }) => one.channel.startsWith('D') && one.via !== 'person',
  );
  expect(direct.map(({ payload }: { payload: { text: string } }) => payload.text)).toEqual([
    'There is no question to you that is open.',
    'Thank you. Your answer is recorded.',
  ]);
});

test('/privileged-use announces by its words or by a form', async () => {
  const command = (text: string) =>
    scene.people('command', { user: 'alice', channel: 'general', command: '/privileged-use', text });
  expect(await command('2h OPS-12 restoring')).toMatchObject({ answer: expect.stringContaining('being recorded') });
  expect(await command('2d OPS-12 restoring')).toMatchObject({ answer: expect.stringContaining('too long') });
  expect(await command('restoring')).toMatchObject({ answer: 'A ticket belongs to it.' });
  expect(await command('help')).toMatchObject({ answer: expect.stringContaining('/privileged-use 2h') });
  await scene.workOff();
  const told = (await scene.people('messages')).at(-1);
  expect(told).toMatchObject({ ephemeralTo: 'U0ALICE001', payload: { text: expect.stringContaining('for 2 hours') } });
  expect(await command('')).toMatchObject({ status: 200, answer: '' });
  const wrong = await scene.people('submit', { user: 'alice', values: { ...purpose, ticket: 'x' } });
  expect(wrong).toMatchObject({ open: true, errors: { ticket: expect.anything() } });
  await scene.people('submit', { user: 'alice', values: { ...purpose, window: '14400' } });
  await scene.workOff();
  expect(JSON.stringify(await scene.people('modals'))).toContain('Announced, for 4 hours');
  const announced = (await scene.table.under('announced:alice@example.com')).map(({ content }) => content);
  expect(announced).toMatchObject([
    { kind: 'announcement', ...purpose, by: { slackUser: 'U0ALICE001' } },
    { ticket: 'OPS-12' },
  ]);
});

test('a decision is passed on once, and the message says whose it was', async () => {
  const ts = await scene.post({ text: 'close it?', blocks: [button('respond_approve', 'response-1')] });
  const click = () => scene.people('click', { user: 'bob', action_id: 'respond_approve', ts });
  scene.refuseDecisions = true;
  const untold = await click();
  expect(untold).toMatchObject({ status: 200 });
  scene.refuseDecisions = false;
  await scene.tools.slack((client) =>
    client.chat.update({ channel, ts, text: 'close it?', blocks: [button('respond_approve', 'response-1')] }),
  );
  await Promise.all([click(), click()]);
  expect(scene.decisions).toMatchObject([
    { decision: { response: 'response-1', action: 'approve', person: { id: 'U0BOB00001', name: 'bob' } } },
  ]);
  const [message, word] = await scene.people('messages');
  expect(JSON.stringify(message.payload.blocks)).toMatch(/Approved by <@U0BOB00001>/);
  expect(word).toMatchObject({ ephemeralTo: 'U0BOB00001', payload: { text: expect.stringContaining('click again') } });
});

test('an alert shows its JSON, and the lines that would silence its like', async () => {
  const detail = { title: 'Root signed in', userIdentity: { type: 'Root' } };
  const item = { type: 'root-sign-in', accountId: '100000000011', detail: packed(detail) };
  await scene.alerts.put({ id: alertRecordKey('alert-1'), expiresAt: Date.now(), ...item });
  const value = JSON.stringify({ detection: 'root-sign-in', account: '100000000011' });
  await scene.post({ text: 'alert', blocks: [button('alert_json', 'alert-1'), button('alert_silence', value)] });
  await scene.people('click', { user: 'bob', action_id: 'alert_json' });
  expect(JSON.stringify(await scene.people('modals'))).toContain('Root signed in');
  await scene.people('close', { user: 'bob' });
  await scene.people('click', { user: 'bob', action_id: 'alert_silence' });
  const refused = await scene.people('submit', { user: 'bob', values: { reason: 'a test', until: '2020-01-01' } });
  expect(refused).toMatchObject({ open: true, errors: { until: expect.anything() } });
  const shown = await scene.people('submit', { user: 'bob', values: { until: '2099-01-01' } });
  expect(JSON.stringify(shown.view.blocks)).toContain('silence:\\n    reason: \\"a test\\"\\n    until: ');
});

test('whoever clicks is told when Slack refuses the form', async () => {
  await scene.ask();
  await scene.people('settings', { triggerLife: -1 });
  await openForm();
  const messages = await scene.people('messages');
  expect(messages.at(-1)).toMatchObject({
    ephemeralTo: 'U0ALICE001',
    payload: { text: expect.stringContaining('could not be opened') },
  });
  expect(scene.logged).toContain('bot.click.failed');
});

test('a pause that Slack asks for is kept: the work comes again', async () => {
  const { alert } = await scene.ask();
  await scene.people('say', { user: 'alice', channel, text: 'OPS-12 patching', thread_ts: alert });
  await until(() => scene.later.length, Boolean);
  await scene.people('settings', { throttleEvery: 1, retryAfter: 7 });
  const work = [...scene.later];
  await expect(scene.workOff()).rejects.toMatchObject({ failure: 'rateLimited', retryAfterSeconds: 7 });
  await scene.people('settings', { throttleEvery: 0 });
  scene.later.push(...work);
  await scene.workOff();
  expect(await scene.answers()).toHaveLength(1);
  const words = (await scene.people('messages')).filter(({ ephemeralTo }: { ephemeralTo?: string }) => ephemeralTo);
  expect(words).toHaveLength(1);
});

describe('requests that Slack did not send are refused, all alike', () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'c' });
  const now = () => Math.floor(Date.now() / 1_000);

  async function send(
    change: { time?: number; secret?: string; body?: string; headers?: Record<string, string>; method?: string } = {},
  ) {
    const { signingSecret } = await scene.people('app');
    const { time = now(), secret = signingSecret, body: sent = body, method = 'POST' } = change;
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${time}:${sent}`).digest('hex')}`;
    const headers = {
      'content-type': 'application/json',
      'x-slack-signature': signature,
      'x-slack-request-timestamp': String(time),
      ...change.headers,
    };
    const response = await fetch(scene.url, { method, headers, ...(method === 'GET' ? {} : { body: sent }) });
    return [response.status, await response.text()];
  }

  test('while Slack’s own are answered', async () => {
    expect(await send()).toEqual([200, '{"challenge":"c"}']);
  });

  test.each([
    ['six minutes old', { time: now() - 360 }],
    ['ahead of the clock', { time: now() + 360 }],
    ['signed by somebody else', { secret: 'guess' }],
    ['without a signature', { headers: { 'x-slack-signature': '' } }],
    ['signed in another version', { headers: { 'x-slack-signature': `v1=${'0'.repeat(64)}` } }],
    ['without a time', { headers: { 'x-slack-request-timestamp': '' } }],
    ['with a time that is none', { headers: { 'x-slack-request-timestamp': '1e10' } }],
    ['larger than Slack’s', { body: JSON.stringify({ type: 'url_verification', challenge: 'x'.repeat(900_000) }) }],
    ['with GET', { method: 'GET' }],
  ])('%s', async (_, change) => {
    expect(await send(change)).toEqual([401, '']);
  });

  test('sent a second time', async () => {
    const time = now();
    expect(await send({ time })).toEqual([200, '{"challenge":"c"}']);
    expect(await send({ time })).toEqual([401, '']);
  });

  test('while nothing can be remembered: then Slack tries again', async () => {
    scene.tableDown = true;
    expect(await send()).toEqual([500, '']);
    scene.tableDown = false;
    expect(await send()).toEqual([200, '{"challenge":"c"}']);
  });

  test('but a new signing secret is read anew, once in a minute', async () => {
    expect(await send()).toEqual([200, '{"challenge":"c"}']);
    await scene.people('app', { signingSecret: 'rotated' });
    expect(await send()).toEqual([200, '{"challenge":"c"}']);
    await scene.people('app', { signingSecret: 'rotated again' });
    expect(await send()).toEqual([401, '']);
  });

  test('but a look at the certificate is welcome', async () => {
    expect((await fetch(`${scene.url}?ssl_check=1`)).status).toBe(200);
  });

  test('a body that is no JSON, though signed', async () => {
    expect(await send({ body: '{' })).toEqual([400, '']);
  });
});
