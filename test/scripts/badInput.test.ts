import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import { run } from '../../scripts/garrison';
import { temporaryFolder } from '../support/temporaryFolder';

const management = '100000000001';
const security = '100000000002';
const webhook = 'https://hooks.slack.com/services/T0/B0/secret';
let sandbox: RunningSandbox;
let folder: string;
let files: string[];

beforeAll(async () => {
  folder = temporaryFolder();
  const accounts = join(folder, 'accounts.csv');
  const config = join(folder, 'garrison.yaml');
  writeFileSync(accounts, `${management},m@example.com\n${security},s@example.com\n`);
  writeFileSync(
    config,
    `managementAccount: "${management}"\nsecurityAccount: "${security}"\nhomeRegion: us-east-1\nregions: all\n`,
  );
  files = ['--accounts', accounts, '--config', config];
  sandbox = await createSandbox({
    accounts: [
      { id: management, email: 'm@example.com' },
      { id: security, email: 's@example.com' },
    ],
    managementAccount: management,
    securityAccount: security,
  });
});

afterAll(() => sandbox.close());

async function garrison(
  args: readonly string[],
  environment: Record<string, string> = {},
  input = '',
  common: readonly string[] = files,
) {
  const written = { stdout: '', stderr: '' };
  const into = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  // The SDK's standard chain reads the process's environment.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ACCESS_KEY_ID: sandbox.management.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.management.secretAccessKey,
    ...environment,
  });
  const code = await run([...args, ...common], {
    stdout: into('stdout'),
    stderr: into('stderr'),
    stdin: Readable.from([input]),
    env: process.env,
  });
  return { code, ...written };
}

test('a port that is in use is named, with what to do', async () => {
  const { code, stdout } = await garrison(['sandbox', '--json', '--port', new URL(sandbox.endpoint).port]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout).errors).toEqual([
    { code: 'option.port', message: expect.stringMatching(/port \d+ is in use already/), remedy: expect.any(String) },
  ]);
});

test("Slack's webhook is stored in the security account only", async () => {
  const { code, stderr } = await garrison(['secret', 'set'], {}, webhook);
  expect(code).toBe(1);
  expect(stderr).toContain(`this command runs as the security account, ${security}`);
  const ssm = new SSMClient({
    region: 'us-east-1',
    endpoint: sandbox.endpoint,
    credentials: sandbox.management,
  });
  await expect(ssm.send(new GetParameterCommand({ Name: '/garrison/slack/webhook' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
});

test('the dead-letter queue is looked for in the security account only', async () => {
  const { stdout } = await garrison(['alerts', 'redrive', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, errors: [{ code: 'credentials.account' }] });
});

test('a hunt through nothing is no all-clear', async () => {
  const { code, stdout, stderr } = await garrison(['hunt', temporaryFolder(), '--json'], {}, '', []);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, errors: [{ code: 'hunt.empty' }] });
  expect(stderr).toContain('no log files were found');
});

test('the version is that of the package', async () => {
  expect(await garrison(['--version'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test('an endpoint that is no URL is called one', async () => {
  const { code, stderr } = await garrison(['plan'], { AWS_ENDPOINT_URL: 'garbage' });
  expect(code).toBe(1);
  expect(stderr).toContain('Correct AWS_ENDPOINT_URL');
});

test('whoever has no credentials is told where they come from', async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...rest } = process.env;
  const { code, stderr } = await garrison(['plan'], { AWS_ACCESS_KEY_ID: '', AWS_EC2_METADATA_DISABLED: 'true' });
  Object.assign(process.env, rest, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
  expect(code).toBe(1);
  expect(stderr).toContain('Give credentials: AWS_PROFILE');
});

test('a misspelt region is named with its line before anything is planned', async () => {
  expect((await garrison(['bootstrap'])).code).toBe(0);
  const config = join(folder, 'regions.yaml');
  writeFileSync(
    config,
    `managementAccount: "${management}"\nsecurityAccount: "${security}"\nhomeRegion: us-east-1\nregions:\n  - us-east-1\n  - eu-wst-1\n`,
  );
  const keys = {
    AWS_ACCESS_KEY_ID: sandbox.security.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.security.secretAccessKey,
  };
  const { code, stderr } = await garrison(['plan'], keys, '', [...files, '--config', config]);
  expect(code).toBe(1);
  expect(stderr).toContain('regions.yaml:6:5: regions.1 "eu-wst-1" is no region. Did you mean eu-west-1?');
});
