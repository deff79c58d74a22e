import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createSandbox, type RunningSandbox } from '../../../sandbox';
import { zip } from '../zip';

let sandbox: RunningSandbox;
let lambda: LambdaClient;
let settings: { region: string; endpoint: string; credentials: RunningSandbox['management'] };
const account = '111111111111';
const Role = `arn:aws:iam::${account}:role/fn`;

const code = `
const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');
exports.handler = async (event, context) => {
  console.log('handling', event.what, context.awsRequestId.length);
  if (event.what === 'throw') throw new TypeError('no');
  if (event.what === 'slow') await new Promise((resolve) => setTimeout(resolve, 10_000));
  if (event.what === 'exit') process.exit(3);
  if (event.what === 'who') return (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;
  if (event.what === 'slack') return (await fetch('https://hooks.slack.com/services/T0A/B0A/x', { method: 'POST', body: '{}' })).text();
  if (event.Records) return { batchItemFailures: event.Records.filter((r) => r.body === 'bad').map((r) => ({ itemIdentifier: r.messageId })) };
  return { greeting: process.env.GREETING, name: context.functionName, version: context.functionVersion };
};`;

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: account, email: 'a@example.com' }] });
  settings = { region: 'us-east-1', endpoint: sandbox.endpoint, credentials: sandbox.management };
  lambda = new LambdaClient(settings);
  const iam = new IAMClient(settings);
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  await iam.send(new CreateRoleCommand({ RoleName: 'fn', AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const policy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['logs:*', 'sqs:*'], Resource: '*' }],
  };
  await iam.send(new PutRolePolicyCommand({ RoleName: 'fn', PolicyName: 'p', PolicyDocument: JSON.stringify(policy) }));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'fn',
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip({ 'index.js': code }) },
      Environment: { Variables: { GREETING: 'hello' } },
    }),
  );
});
afterAll(() => sandbox.close());

async function invoke(what: string, more: object = {}) {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: 'fn', Payload: Buffer.from(JSON.stringify({ what })), ...more }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  return { ...answer, value: text ? JSON.parse(text) : undefined };
}

test('a function runs with its environment, and as its execution role', async () => {
  expect((await invoke('greet')).value).toEqual({ greeting: 'hello', name: 'fn', version: '$LATEST' });
  expect((await invoke('who')).value).toBe(`arn:aws:sts::${account}:assumed-role/fn/fn`);
});

test('what a function sends to Slack reaches the local Slack', async () => {
  const Payload = JSON.stringify({ what: 'slack' });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'fn', Payload }));
  expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toBe('no_text');
});

test('the log holds the lines around each run and what the function wrote', async () => {
  const { LogResult = '' } = await invoke('log', { LogType: 'Tail' });
  const tail = Buffer.from(LogResult, 'base64').toString();
  expect(tail).toMatch(
    /^START RequestId: \S+ Version: \$LATEST\n\S+Z\t\S+\tINFO\thandling log 36\nEND RequestId: \S+\nREPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB/,
  );
  const logs = new CloudWatchLogsClient(settings);
  const found = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/fn', filterPattern: '"handling log"' }),
  );
  expect(found.events).toHaveLength(1);
});

test('errors, exits and timeouts are answered as Lambda answers them', async () => {
  const thrown = await invoke('throw');
  expect(thrown.FunctionError).toBe('Unhandled');
  expect(thrown.value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no' });
  expect((await invoke('exit')).value).toMatchObject({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringContaining('exit status 3'),
  });
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'fn', Timeout: 1 }));
  expect((await invoke('slow')).value.errorMessage).toMatch(/Task timed out after 1.00 seconds/);
  expect((await invoke('greet')).value.greeting).toBe('hello');
});

test('a mapping feeds a queue to the function and leaves what failed', async () => {
  const sqs = new SQSClient(settings);
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: 'q', Attributes: { VisibilityTimeout: '60' } }),
  );
  const EventSourceArn = `arn:aws:sqs:us-east-1:${account}:q`;
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'fn',
      EventSourceArn,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    }),
  );
  const Entries = ['good', 'bad', 'good'].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
  await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const left = async () => {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
  };
  for (let tries = 0; tries < 50 && (await left()) > 1; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await left()).toBe(1);
});

test('versions keep the code that they were made of, and aliases point at them', async () => {
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: 'fn' }));
  await lambda.send(new CreateAliasCommand({ FunctionName: 'fn', Name: 'live', FunctionVersion: Version }));
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
  const Body = zip({ 'index.mjs': 'export const handler = async () => "new";' });
  await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'new.zip', Body }));
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'fn', S3Bucket: 'code', S3Key: 'new.zip' }));
  expect((await invoke('greet')).value).toBe('new');
  expect((await invoke('greet', { Qualifier: 'live' })).value).toMatchObject({ greeting: 'hello', version: Version });
});

test('refusals have the names that clients know', async () => {
  await expect(invoke('x', { FunctionName: 'none' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: arn:aws:lambda:us-east-1:${account}:function:none`,
  });
  const create = {
    FunctionName: 'other',
    Runtime: 'nodejs22.x' as const,
    Handler: 'index.handler',
    Code: { ZipFile: zip({ 'index.js': '' }) },
  };
  await expect(lambda.send(new CreateFunctionCommand({ ...create, Role: `${Role}x` }))).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
  });
  await expect(
    lambda.send(new CreateFunctionCommand({ ...create, Role, Code: { ZipFile: Buffer.from('x') } })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await expect(lambda.send(new CreateFunctionCommand({ ...create, FunctionName: 'fn', Role }))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  const permission = {
    FunctionName: 'fn',
    StatementId: 's',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
  };
  await lambda.send(new AddPermissionCommand(permission));
  await expect(lambda.send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    name: 'ResourceConflictException',
  });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'fn', ReservedConcurrentExecutions: 0 }));
  const impatient = new LambdaClient({ ...settings, maxAttempts: 1 });
  await expect(impatient.send(new InvokeCommand({ FunctionName: 'fn' }))).rejects.toMatchObject({
    name: 'TooManyRequestsException',
  });
});

test('a function URL is open when its policy lets everybody in', async () => {
  const ZipFile = zip({
    'index.js':
      'exports.handler = async (event) => ({ statusCode: 201, headers: { "X-Way": event.rawPath }, body: event.requestContext.http.method + event.body });',
  });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'web',
      Role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile },
    }),
  );
  const { FunctionUrl = '' } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: 'web', AuthType: 'NONE' }),
  );
  const call = () => fetch(`${FunctionUrl}some/way`, { method: 'POST', body: '!' });
  expect((await call()).status).toBe(403);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'web',
      StatementId: 'all',
      Action: 'lambda:InvokeFunctionUrl',
      Principal: '*',
      FunctionUrlAuthType: 'NONE',
    }),
  );
  expect((await call()).status).toBe(403);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'web',
      StatementId: 'through-the-url',
      Action: 'lambda:InvokeFunction',
      Principal: '*',
      InvokedViaFunctionUrl: true,
    }),
  );
  const answer = await call();
  expect([answer.status, answer.headers.get('x-way'), await answer.text()]).toEqual([201, '/some/way', 'POST!']);
  const form = await fetch(FunctionUrl, { method: 'POST', body: new URLSearchParams({ a: '1' }) });
  expect(Buffer.from((await form.text()).slice('POST'.length), 'base64').toString()).toBe('a=1');
  expect((await fetch(FunctionUrl, { method: 'POST', body: 'x'.repeat(6_291_457) })).status).toBe(413);
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: 'web', ReservedConcurrentExecutions: 0 }));
  expect((await call()).status).toBe(429);
});
