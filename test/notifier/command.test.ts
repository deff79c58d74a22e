import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { run } from '../../scripts/garrison';
import { temporaryFolder } from '../support/temporaryFolder';
import { slackMessageSchema } from './blockKit';
import { corpus, findingEvent } from './corpus';

const fixtures = join(__dirname, '../fixtures/notifier');
let folder: string;

beforeAll(() => {
  folder = temporaryFolder();
  writeFileSync(
    join(folder, 'accounts.csv'),
    'accountId,email,name,ou\n123456789012,a@example.com,shop,Workloads\n100000000001,m@example.com,management,\n100000000002,s@example.com,security,\n',
  );
  writeFileSync(
    join(folder, 'garrison.yaml'),
    `managementAccount: "100000000001"
securityAccount: "100000000002"
homeRegion: us-east-1
notifier:
  slack: { webhookParameter: /x, mention: S0SECURITY }
  destinations:
    pager: { type: pagerduty, routingKey: { parameter: /p } }
    chat: { type: teams, webhook: { parameter: /t } }
    mail: { type: sns, topicArn: "arn:aws:sns:us-east-1:100000000002:mail" }
    siem: { type: signed-webhook, url: { parameter: /u }, signingKey: { parameter: /k } }
  routes:
    - { name: everybody, when: { severity: Critical }, to: [slack, pager, chat, mail, siem] }
    - { name: quiet, when: { findingType: "PenTest:*" }, silence: { reason: yearly test, until: 2099-12-31 } }
`,
  );
});

async function garrison(args: readonly string[], input = '') {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const into = (chunks: string[]) =>
    new Writable({
      write: (chunk, _, done) => {
        chunks.push(String(chunk));
        done();
      },
    });
  const files = ['--config', join(folder, 'garrison.yaml'), '--accounts', join(folder, 'accounts.csv')];
  const code = await run([...args, ...files], {
    stdout: into(stdout),
    stderr: into(stderr),
    stdin: Readable.from([input]),
    env: {},
  });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** camelCase as `GetFindings` writes it. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(pascal);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name.charAt(0).toUpperCase() + name.slice(1), pascal(member)]),
      )
    : value;
}

describe('garrison notify preview', () => {
  test('--json prints the payload of every event of the corpus, one on each line', async () => {
    const files = ['aws-samples-ec2', 'oluolus-jsonl-0', 'panther-critical-0'].map((name) =>
      join(fixtures, 'guardduty', `${name}.json`),
    );
    const { code, stdout } = await garrison([
      'notify',
      'preview',
      '--json',
      ...files.slice(0, 2),
      join(fixtures, '../cloudtrail/events.ndjson'),
    ]);
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(2 + corpus.filter(({ name }) => name.startsWith('cloudtrail')).length);
    for (const payload of lines(stdout)) {
      expect(() => slackMessageSchema.parse(payload)).not.toThrow();
    }
  });

  const detail = findingEvent().detail;
  test.each([
    ['a list', JSON.stringify([findingEvent(), detail])],
    ['JSON lines', `${JSON.stringify(findingEvent())}\n\n${JSON.stringify(detail)}\n`],
    ['the output of GetFindings', JSON.stringify({ Findings: [pascal(detail), pascal(detail)] }, null, 2)],
    [
      'messages of SQS',
      JSON.stringify({ Records: [{ body: JSON.stringify(findingEvent()) }, { body: JSON.stringify(findingEvent()) }] }),
    ],
    [
      'the output of LookupEvents',
      JSON.stringify({
        Events: [1, 2].map((n) => ({
          CloudTrailEvent: JSON.stringify({
            eventName: 'CreateUser',
            eventSource: 'iam.amazonaws.com',
            eventID: String(n),
          }),
        })),
      }),
    ],
  ])('reads %s from standard input', async (_, input) => {
    const { code, stdout } = await garrison(['notify', 'preview', '--json'], input);
    expect([code, lines(stdout).length]).toEqual([0, 2]);
  });

  test('shows a message in the terminal with the account by name', async () => {
    const { stdout } = await garrison(['notify', 'preview'], JSON.stringify(findingEvent()));
    for (const part of [
      '[High] shop (123456789012)',
      'Cryptocurrency: Bitcoin tool',
      '[ Open in console ] https://eu-central-1.console',
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test('--html writes a page in which an event can start no script', async () => {
    const page = join(folder, 'page.html');
    const hostile = findingEvent({ title: '<script>alert(1)</script>" onload="x', accountId: "'><img src=x>" });
    await garrison(['notify', 'preview', '--html', page], JSON.stringify([findingEvent(), hostile]));
    const html = readFileSync(page, 'utf8');
    expect(html.match(/<article>/g)).toHaveLength(2);
    expect(html).not.toMatch(/<script|<img|" onload=/);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain("default-src 'none'");
  });

  test('renders every destination of a route', async () => {
    const { stdout } = await garrison(['notify', 'preview', '--json'], JSON.stringify(findingEvent({ severity: 9.5 })));
    const [slack, pager, chat, mail, siem] = lines(stdout);
    expect(slackMessageSchema.parse(slack).attachments).toHaveLength(1);
    expect(pager).toMatchObject({
      event_action: 'trigger',
      payload: { severity: 'critical', source: '123456789012', class: 'CryptoCurrency:EC2/BitcoinTool.B!DNS' },
    });
    expect(JSON.stringify(pager)).not.toContain('routing_key');
    expect(chat).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }],
    });
    expect(mail).toMatchObject({
      topicArn: 'arn:aws:sns:us-east-1:100000000002:mail',
      attributes: { severity: 'Critical' },
    });
    expect(String(mail?.subject).length).toBeLessThan(100);
    expect(siem).toMatchObject({ version: 1, kind: 'alert', alert: { band: 'Critical', account: { name: 'shop' } } });
  });

  test('--routed leaves out what the routes would not send, and says why', async () => {
    const events = JSON.stringify([
      findingEvent({ severity: 2 }),
      findingEvent({ type: 'PenTest:S3/KaliLinux' }),
      findingEvent(),
    ]);
    const { stdout, stderr } = await garrison(['notify', 'preview', '--json', '--routed'], events);
    expect(lines(stdout)).toHaveLength(1);
    expect(stderr).toContain('below the minimum severity 4');
    expect(stderr).toContain('silenced by "quiet" until 2099-12-31: yearly test');
  });

  test.each([[''], ['[]'], ['{"Findings":[]}']])('says so when there is no event: %j', async (input) => {
    for (const command of [
      ['notify', 'preview'],
      ['notify', 'preview', '--json'],
      ['routes', 'explain'],
    ]) {
      const { code, stderr } = await garrison(command, input);
      expect([code, stderr]).toEqual([1, expect.stringContaining('There is no event in standard input')]);
    }
  });

  test('fails when nothing of what it is given is an event', async () => {
    const { code, stderr } = await garrison(['notify', 'preview'], '{"a":1}');
    expect([code, stderr]).toEqual([1, expect.stringContaining('Nothing of what was given is an event')]);
  });

  test('names the file and line that is not JSON', async () => {
    const { code, stderr } = await garrison(['notify', 'preview'], `${JSON.stringify(findingEvent())}\nnot JSON\n`);
    expect([code, stderr.includes('standard input:2: is not JSON')]).toEqual([1, true]);
  });
});

test('garrison routes explain says which route takes an event and why', async () => {
  const text = await garrison(['routes', 'explain'], JSON.stringify(findingEvent({ type: 'PenTest:S3/KaliLinux' })));
  expect(text.stdout).toContain('everybody  severity is High, wanted Critical');
  expect(text.stdout).toContain('would be silenced by "quiet"');
  const json = await garrison(['routes', 'explain', '--json'], JSON.stringify(findingEvent()));
  expect(lines(json.stdout)[0]).toMatchObject({
    decision: { kind: 'send', destinations: ['slack'], mention: 'S0SECURITY' },
  });
});

describe('garrison secret', () => {
  test('takes no secret as an argument, and asks for one', async () => {
    const { code, stderr } = await garrison(['secret', 'set', 'slack', 'hunter2'], '');
    expect([code, stderr.includes('too many arguments')]).toEqual([1, true]);
    expect((await garrison(['secret', 'set'], '')).stderr).toContain('No secret was given');
  });

  test('names the destinations that there are', async () => {
    const { code, stderr } = await garrison(['secret', 'set', 'nowhere'], 'x');
    expect([code, stderr.includes('slack, pager, chat, mail, siem')]).toEqual([1, true]);
  });
});

test.each([
  [['notify', 'preview', '--nope'], 'Run `garrison notify preview --help` for its arguments and options.'],
  [['plan', 'extra'], 'Run `garrison plan --help` for its arguments and options.'],
  [['routes', 'explian'], 'Run `garrison routes --help` for the subcommands and their options.'],
  [['nosuch'], 'Run `garrison --help` for the subcommands and their options.'],
])('garrison %j points to the help that helps', async (args, sentence) => {
  const { code, stderr } = await garrison(args);
  expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)]);
});
