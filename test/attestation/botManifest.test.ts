import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { WebClient } from '@slack/web-api';
import { parse } from 'yaml';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import { run } from '../../scripts/garrison';
import { temporaryFolder } from '../support/temporaryFolder';
import { configWith } from './model';

/** `garrison slack manifest` and the secrets of the app, as a person runs them. */
let sandbox: RunningSandbox;
const folder = temporaryFolder();
const security = '100000000002';
const before = { ...process.env };

beforeAll(async () => {
  sandbox = await createSandbox({
    accounts: ['100000000001', security].map((id) => ({ id, email: `aws+${id}@example.com` })),
    securityAccount: security,
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: sandbox.security.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.security.secretAccessKey,
  });
});
afterAll(() => {
  process.env = before;
  return sandbox.close();
});

function collector() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}

async function garrison(yaml: string, args: readonly string[], input = '') {
  const config = join(folder, 'garrison.yaml');
  writeFileSync(config, yaml);
  const [stdout, stderr] = [collector(), collector()];
  const io = { stdout: stdout.stream, stderr: stderr.stream, stdin: Readable.from([input]), env: process.env };
  const code = await run([...args, '--config', config], io);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

const url = 'https://abcdefghijklmnopqrstuvwxyz.lambda-url.us-east-1.on.aws/';

test('the manifest is one that Slack takes, as YAML and as JSON', async () => {
  const yaml = await garrison(configWith(), ['slack', 'manifest', '--url', url]);
  const json = await garrison(configWith(), ['slack', 'manifest', '--url', url, '--json']);
  expect([yaml.code, yaml.stderr, parse(yaml.stdout)]).toEqual([0, '', JSON.parse(json.stdout)]);
  const manifest = JSON.parse(json.stdout);
  expect(manifest.settings.event_subscriptions).toEqual({
    request_url: url,
    bot_events: ['message.channels', 'message.groups', 'message.im'],
  });
  const client = new WebClient('xoxe.xoxp-1', { slackApiUrl: `${sandbox.endpoint}/_slack/api/` });
  expect(await client.apps.manifest.validate({ manifest })).toMatchObject({ ok: true });
  await expect(
    client.apiCall('apps.manifest.validate', { manifest: { ...manifest, features: {}, colour: 'red' } }),
  ).rejects.toMatchObject({
    data: { error: 'invalid_manifest', errors: [{ message: 'unexpected property: colour' }] },
  });
});

test('what is off asks for nothing', async () => {
  const off = configWith().replace('enabled: true', 'enabled: false');
  const { stdout, stderr } = await garrison(off, ['slack', 'manifest', '--json']);
  const manifest = JSON.parse(stdout);
  expect([stderr, Object.keys(manifest.settings)]).toEqual([
    '',
    ['org_deploy_enabled', 'socket_mode_enabled', 'token_rotation_enabled'],
  ]);
  expect(manifest.oauth_config.scopes.bot).toEqual(['chat:write', 'channels:history', 'groups:history', 'files:write']);
});

test('before anything is deployed, a hint says what to do', async () => {
  const { code, stdout, stderr } = await garrison(configWith(), ['slack', 'manifest']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('https://example.com/')]);
  expect(stderr).toContain('garrison secret set signing-secret');
});

test('an address that Slack would not take is refused, as are two forms at once', async () => {
  const http = await garrison(configWith(), ['slack', 'manifest', '--url', 'http://example.com/', '--json']);
  expect([http.code, http.stderr + http.stdout]).toEqual([1, expect.stringContaining('slack.manifest.url')]);
  const both = await garrison(configWith(), ['slack', 'manifest', '--yaml', '--json']);
  expect([both.code, both.stderr + both.stdout]).toEqual([1, expect.stringContaining('slack.manifest.form')]);
});

test('the signing secret is stored where the configuration says', async () => {
  const secret = '0123456789abcdef0123456789abcdef';
  const { code, stdout } = await garrison(configWith(), ['secret', 'set', 'signing-secret'], `${secret}\n`);
  expect([code, stdout]).toEqual([0, expect.stringContaining('/garrison/slack/signing-secret')]);
  const ssm = new SSMClient({ region: 'us-east-1' });
  const Name = '/garrison/slack/signing-secret';
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  expect([Parameter?.Value, Parameter?.Type]).toEqual([secret, 'SecureString']);
});
