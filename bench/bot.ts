// The Slack bot: size and load time of its bundle beside the whole of Bolt, and how long Slack waits for an answer.
// npx tsx bench/bot.ts
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { buildSync } from 'esbuild';
import type { BotSettings } from '../attestation/bot/settings';
import { zipFiles } from '../cloudformation/zip';
import { createSandbox } from '../sandbox';
import { signatureOf } from '../sandbox/slack/send';
import { bundleBot } from '../stacks/attestation/bot';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const root = join(__dirname, '..');
const rounds = 15;
const work = mkdtempSync(join(tmpdir(), 'garrison-bench-'));
symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'));

const parameter = (name: string) => ({ kind: 'parameter', name }) as const;
const settingsFor = (apiUrl: string): BotSettings => ({
  version: 1,
  homeRegion: 'us-east-1',
  slack: { botToken: parameter('/token'), signingSecret: parameter('/signing'), apiUrl },
  tableName: 'garrison-bot',
  alertTable: 'garrison-alerts',
  language: 'en',
  workQueueUrl: '',
  responsesQueueUrl: 'https://sqs.us-east-1.amazonaws.com/100000000002/garrison-responses',
});

function median(values: readonly number[], share = 0.5): number {
  const ordered = [...values].sort((one, other) => one - other);
  return ordered[Math.min(ordered.length - 1, Math.floor(share * ordered.length))] ?? Number.NaN;
}

/** The same handler with all that Bolt would load. */
function wholeBolt(): string {
  const outfile = join(work, 'bolt.js');
  buildSync({
    absWorkingDir: root,
    entryPoints: ['attestation/bot/handler.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@aws-sdk/*'],
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
  });
  return outfile;
}

/** Milliseconds until the module is there, in a process of its own. */
function loadTime(file: string): number {
  const script = `process.on('unhandledRejection',()=>{});const t=performance.now();require(${JSON.stringify(file)});process.stdout.write(String(performance.now()-t));process.exit()`;
  return Number(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout);
}

function bundles(): void {
  const folder = join(work, 'bot');
  mkdirSync(folder);
  for (const [name, content] of Object.entries(bundleBot(settingsFor('http://127.0.0.1:9/api')))) {
    writeFileSync(join(folder, name), content);
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const files = {
    'garrison-bot': join(folder, 'index.js'),
    'garrison-bot-worker': join(folder, 'worker.js'),
    'with all of Bolt': wholeBolt(),
  };
  for (const [name, file] of Object.entries(files)) {
    const times = Array.from({ length: rounds }, () => loadTime(file));
    const size = statSync(file).size;
    const packed = gzipSync(readFileSync(file)).length;
    say(`${name}: ${kB(size)} (${kB(packed)} compressed), loads in ${median(times).toFixed(0)} ms`);
  }
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
const say = (words: string) => process.stdout.write(`${words}\n`);

async function deploy(
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
): Promise<string> {
  const client = { region: 'us-east-1', endpoint, credentials };
  const ssm = new SSMClient(client);
  for (const [Name, Value] of [
    ['/signing', 'secret'],
    ['/token', 'xoxb-bench'],
  ]) {
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
  }
  const key = {
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  };
  await new DynamoDBClient(client).send(
    new CreateTableCommand({ TableName: 'garrison-bot', BillingMode: 'PAY_PER_REQUEST', ...key }),
  );
  const iam = new IAMClient(client);
  const document = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const trust = document({ Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'bot', AssumeRolePolicyDocument: trust }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'bot',
      PolicyName: 'bot',
      PolicyDocument: document({ Action: '*', Resource: '*' }),
    }),
  );
  const lambda = new LambdaClient(client);
  const FunctionName = 'garrison-bot';
  const files = Object.entries(bundleBot(settingsFor(`${endpoint}/_slack/api`)));
  const Code = { ZipFile: zipFiles(files.map(([name, content]) => [name, Buffer.from(content)] as const)) };
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: Role?.Arn,
      Timeout: 10,
      Code,
    }),
  );
  const everybody = { FunctionName, Principal: '*' };
  await lambda.send(
    new AddPermissionCommand({
      ...everybody,
      StatementId: 'url',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      ...everybody,
      StatementId: 'invoke',
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
    }),
  );
  const { FunctionUrl = '' } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }),
  );
  return FunctionUrl;
}

let challenges = 0;

/** Milliseconds for one signed request. */
async function ask(url: string, secret = 'secret'): Promise<number> {
  const time = Math.floor(Date.now() / 1_000);
  challenges += 1;
  const body = JSON.stringify({ type: 'url_verification', challenge: String(challenges) });
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(time),
    'x-slack-signature': signatureOf(secret, time, body),
  };
  const begun = performance.now();
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.text();
  if (response.status !== (secret === 'secret' ? 200 : 401)) {
    throw new Error(`HTTP ${response.status}`);
  }
  return performance.now() - begun;
}

async function answers(): Promise<void> {
  const sandbox = await createSandbox({ accounts: [{ id: '100000000002', email: 'aws@example.com' }] });
  try {
    const url = await deploy(sandbox.endpoint, sandbox.security);
    say(`first request, process and all: ${(await ask(url)).toFixed(0)} ms`);
    for (const [name, secret] of [
      ['signed', 'secret'],
      ['forged', 'guess'],
    ]) {
      const times: number[] = [];
      for (let request = 0; request < 200; request += 1) {
        times.push(await ask(url, secret));
      }
      say(
        `${name}, warm: median ${median(times).toFixed(1)} ms, 99 of 100 within ${median(times, 0.99).toFixed(1)} ms`,
      );
    }
  } finally {
    await sandbox.close();
  }
}

bundles();
answers()
  .catch((error: unknown) => {
    process.exitCode = 1;
    say(String(error));
  })
  .finally(() => rmSync(work, { recursive: true, force: true }));
