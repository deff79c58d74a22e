import fc from 'fast-check';
import { parse } from 'yaml';
import { alertRecordKey, jsonView, readAlertRecord, silenceAnswer, silenceView } from '../../notifier/interaction';
import { packed, shownDetail } from '../../notifier/interaction/alertRecord';
import { silenceYaml } from '../../notifier/interaction/silenceView';
import { notifierSchema } from '../../organization/config/notifier';
import { viewProblem } from '../../sandbox/slack/viewRules';
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

const now = new Date('2026-11-20T12:00:00Z');
const english = { language: 'en', configurationUrl: 'https://git.example.com/garrison.yaml' } as const;

interface SentButton {
  readonly action_id: string;
  readonly value?: string;
  readonly url?: string;
}

async function sent(app: boolean, event: unknown = findingEvent()) {
  const config = { botToken: { parameter: '/slack/token' }, channel: 'C0ALERTS', apiUrl: slack.apiUrl };
  const context = contextOf({ slack: config, minimumSeverity: 1 });
  Object.assign(context.settings.destinations.slack ?? {}, { app });
  const queue = new AlertQueue(context);
  queue.secret = 'xoxb-token';
  queue.put(event);
  await queue.run(60);
  const blocks = slack.messages[0]?.attachments?.[0]?.blocks as { type: string; elements: SentButton[] }[];
  const buttons = blocks.find(({ type }) => type === 'actions')?.elements ?? [];
  return { queue, buttons: new Map(buttons.map((button) => [button.action_id, button])) };
}

const cloudTrail = {
  detection: { id: 'iam-user-changed', title: 'IAM user changed', severity: 'medium' },
  event: {
    source: 'aws.iam',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: 'iam.amazonaws.com',
      eventName: 'UpdateLoginProfile',
      eventID: 'e-1',
      recipientAccountId: '123456789012',
      awsRegion: 'us-east-1',
      userIdentity: { type: 'IAMUser', userName: 'alice', sessionContext: { sessionIssuer: { userName: 'x' } } },
      requestParameters: { userName: 'bob', password: 'hunter2', deep: [{ secretKey: 'hunter3' }] },
      responseElements: { credentials: { sessionToken: 'hunter4' } },
    },
  },
};

describe('the buttons', () => {
  test('are links where no app listens, and nothing is kept', async () => {
    const { queue, buttons } = await sent(false);
    expect([...buttons.keys()]).toEqual(['garrison.console', 'garrison.json', 'garrison.silence']);
    expect(await queue.table.get(alertRecordKey(''))).toBeUndefined();
  });

  test('carry what the app needs, where it listens', async () => {
    const { buttons } = await sent(true);
    expect([...buttons.keys()]).toEqual(['garrison.console', 'alert_json', 'alert_silence']);
    expect(JSON.parse(buttons.get('alert_silence')?.value ?? '')).toEqual({
      findingType: 'CryptoCurrency:EC2/BitcoinTool.B!DNS',
      account: '123456789012',
      accountName: 'shop-production',
    });
  });
});

describe('the JSON behind a button', () => {
  test('is that of the finding, from the alert table', async () => {
    const { queue, buttons } = await sent(true);
    const item = await queue.table.get(alertRecordKey(buttons.get('alert_json')?.value ?? ''));
    const record = readAlertRecord(item);
    expect(JSON.parse(record?.json ?? '')).toEqual(findingEvent().detail);
    const view = jsonView(record, english);
    expect(viewProblem(view)).toBeUndefined();
    expect(JSON.stringify(view)).toContain('BitcoinTool.B!DNS');
    expect(item?.expiresAt).toBe(now.getTime() / 1_000 + 90 * 86_400);
  });

  test('holds no secrets of a CloudTrail record', async () => {
    const { queue, buttons } = await sent(true, cloudTrail);
    const record = readAlertRecord(await queue.table.get(alertRecordKey(buttons.get('alert_json')?.value ?? '')));
    expect(record?.type).toBe('iam-user-changed');
    expect(record?.json).toContain('"userName": "alice"');
    expect(record?.json).toContain('(left out: may be a secret)');
    expect(record?.json).not.toMatch(/hunter|responseElements/);
  });

  test('says so when it is not kept any more, or was too long, in both languages', () => {
    for (const language of ['en', 'ja'] as const) {
      for (const record of [undefined, { type: 'x', accountId: '' }]) {
        expect(viewProblem(jsonView(record, { language }))).toBeUndefined();
      }
    }
    expect(readAlertRecord(undefined)).toBeUndefined();
    expect(readAlertRecord({ type: 'x', detail: 'not gzip' })?.json).toBeUndefined();
    const noise = Array.from({ length: 60_000 }, (_, index) => (index * 2_654_435_761) % 4_294_967_296);
    expect(packed(noise)).toBeUndefined();
  });

  test('shows any event within the limits of Slack', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.integer({ min: 1, max: 600 }), (value, times) => {
        const detail = { value, long: '<!here> ` '.repeat(times), many: Array(times).fill(value) };
        const stored = packed(shownDetail({ detail }));
        const view = jsonView(readAlertRecord({ type: 'x', detail: stored }), english);
        expect(viewProblem(view)).toBeUndefined();
        expect(JSON.stringify(view)).not.toContain('<!here>');
      }),
      { numRuns: 20 },
    );
  });
});

describe('silence like this', () => {
  const value = JSON.stringify({ findingType: 'Recon:EC2/Portscan', account: '012345678901', accountName: 'shop' });
  const submitted = (scope: string, reason: string, until: string) => ({
    private_metadata: value,
    state: {
      values: {
        scope: { scope: { selected_option: { value: scope } } },
        reason: { reason: { value: reason } },
        until: { until: { selected_date: until } },
      },
    },
  });

  test('asks where, why and how long, in both languages', () => {
    for (const language of ['en', 'ja'] as const) {
      const view = silenceView(value, { language }, now);
      expect(viewProblem(view)).toBeUndefined();
      expect(JSON.stringify(view)).toContain('2026-12-20');
    }
    expect(silenceView('not ours', english, now)).toBeUndefined();
  });

  test('answers with lines that garrison.yaml takes', () => {
    const answer = silenceAnswer(submitted('one', 'Yearly test: "red" team', '2026-12-01'), english, now);
    const view = answer?.kind === 'view' ? answer.view : undefined;
    expect(viewProblem(view)).toBeUndefined();
    const code = /```([\s\S]*)```/.exec(JSON.parse(JSON.stringify(view)).blocks[1].text.text)?.[1] ?? '';
    const routes = notifierSchema.parse({ routes: parse(code) }).routes;
    expect(routes).toEqual([
      {
        name: 'silence Recon:EC2/Portscan in shop',
        when: { findingType: ['Recon:EC2/Portscan'], account: ['012345678901'] },
        silence: { reason: 'Yearly test: "red" team', until: '2026-12-01' },
      },
    ]);
    expect(JSON.stringify(view)).toContain('https://git.example.com/garrison.yaml');
    const all = silenceAnswer(submitted('all', 'Noise', '2026-12-01'), english, now);
    expect(JSON.stringify(all)).not.toContain('account:');
  });

  test('refuses a day that has passed and a reason that says nothing', () => {
    expect(silenceAnswer(submitted('one', 'Noise', '2026-11-19'), english, now)).toMatchObject({
      kind: 'errors',
      errors: { until: expect.any(String) },
    });
    expect(silenceAnswer(submitted('one', ' ', '2026-11-20'), english, now)).toMatchObject({
      kind: 'errors',
      errors: { reason: expect.any(String) },
    });
  });

  test('makes no YAML but what it means, whatever the names are', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary', minLength: 3 }),
        (name, reason) => {
          const lines = silenceYaml({ detection: name, account: '000000000001' }, reason, '2026-12-01');
          expect(lines.split('\n')).toHaveLength(7);
          expect(parse(lines)).toHaveLength(1);
          expect(parse(lines)[0].when.account).toBe('000000000001');
        },
      ),
    );
  });
});
