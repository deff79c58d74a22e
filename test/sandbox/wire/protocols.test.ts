import { createSandbox, type RunningSandbox } from '../../../sandbox';

let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await createSandbox({ empty: true, anyKeyAccount: '000000000000' });
});
afterAll(() => sandbox.close());

function authorization(service: string, region = 'us-east-1'): string {
  return `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=x`;
}

async function query(service: string, form: Record<string, string>): Promise<{ status: number; text: string }> {
  const headers = { authorization: authorization(service), 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(sandbox.endpoint, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form).toString(),
  });
  return { status: response.status, text: await response.text() };
}

async function json(
  service: string,
  target: string,
  body: string,
): Promise<{ status: number; value: Record<string, unknown>; headers: Headers }> {
  const headers = {
    authorization: authorization(service),
    'x-amz-target': target,
    'content-type': 'application/x-amz-json-1.0',
  };
  const response = await fetch(sandbox.endpoint, { method: 'POST', headers, body });
  return {
    status: response.status,
    value: (await response.json()) as Record<string, unknown>,
    headers: response.headers,
  };
}

test('a service that speaks JSON today still answers the Query protocol', async () => {
  const made = await query('sqs', {
    Action: 'CreateQueue',
    QueueName: 'old',
    'Attribute.1.Name': 'VisibilityTimeout',
    'Attribute.1.Value': '11',
  });
  const url = /<QueueUrl>(.*)<\/QueueUrl>/.exec(made.text)?.[1] ?? '';
  expect(made.text).toContain(
    '<CreateQueueResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><CreateQueueResult>',
  );
  expect(made.text).toMatch(/<ResponseMetadata><RequestId>[\da-f-]{36}<\/RequestId><\/ResponseMetadata>/);
  const got = await query('sqs', {
    Action: 'GetQueueAttributes',
    QueueUrl: url,
    'AttributeName.1': 'VisibilityTimeout',
  });
  expect(got.text).toContain('<Attribute><Name>VisibilityTimeout</Name><Value>11</Value></Attribute>');
});

test('errors wear the shape of their protocol', async () => {
  const old = await query('sqs', { Action: 'GetQueueUrl', QueueName: 'none' });
  expect(old.text).toContain('<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
  const modern = await json('sqs', 'AmazonSQS.GetQueueUrl', '{"QueueName":"none"}');
  expect(modern.value.__type).toBe('com.amazonaws.sqs#QueueDoesNotExist');
  expect(modern.headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
  expect(modern.headers.get('content-type')).toBe('application/x-amz-json-1.0');
  const rest = await fetch(`${sandbox.endpoint}/detector/none`, {
    headers: { authorization: authorization('guardduty') },
  });
  expect([rest.status, rest.headers.get('x-amzn-errortype')]).toEqual([400, 'BadRequestException']);
  const xml = await fetch(`${sandbox.endpoint}/no-bucket?list-type=2`, {
    headers: { authorization: authorization('s3') },
  });
  expect([xml.status, await xml.text()]).toEqual([404, expect.stringContaining('<Error><Code>NoSuchBucket</Code>')]);
  const ec2 = await query('ec2', { Action: 'DescribeRegions', 'RegionName.1': 'mars' });
  expect(ec2.text).toContain('<Response><Errors><Error><Code>InvalidParameterValue</Code>');
});

test('what a service does not know, it says in its own way', async () => {
  expect((await query('sts', { Action: 'Nope' })).text).toContain(
    '<Code>InvalidAction</Code><Message>Could not find operation Nope for version 2011-06-15</Message>',
  );
  const unknown = await json('organizations', 'AWSOrganizationsV20161128.Nope', '{}');
  expect(unknown.value.__type).toBe('UnknownOperationException');
  const none = await json('braket', 'X.Y', '{}');
  expect([none.status, none.value.__type]).toEqual([501, 'NotImplemented']);
});

test.each([
  ['no JSON', '{', 'SerializationException'],
  ['another type', '{"QueueName":{}}', 'SerializationException'],
  ['a list', '[]', undefined],
])('a body that is %s is refused', async (_what, body, code) => {
  const answer = await json('sqs', 'AmazonSQS.CreateQueue', body);
  expect(answer.status).toBe(400);
  expect(answer.value.__type).toEqual(code ?? expect.any(String));
});

test('missing members are named as AWS names them', async () => {
  const answer = await query('sts', { Action: 'AssumeRole', RoleSessionName: 'x' });
  expect(answer.text).toContain(
    "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
  );
});

test('a request without a signature is nobody', async () => {
  const body = new URLSearchParams({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
  const response = await fetch(sandbox.endpoint, { method: 'POST', body });
  expect([response.status, await response.text()]).toEqual([
    403,
    expect.stringContaining('MissingAuthenticationToken'),
  ]);
});

test('any unknown key is an administrator, where the sandbox allows it', async () => {
  const response = await query('sts', { Action: 'GetCallerIdentity' });
  expect(response.text).toContain('<Arn>arn:aws:iam::000000000000:user/administrator</Arn>');
});

test('hostile input neither pollutes prototypes nor fails the server', async () => {
  const answer = await json(
    'sqs',
    'AmazonSQS.CreateQueue',
    '{"QueueName":"h","tags":{"__proto__":"x"},"__proto__":{"polluted":1}}',
  );
  expect(answer.status).toBeLessThan(500);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const entities = await fetch(`${sandbox.endpoint}/bucket?tagging`, {
    method: 'PUT',
    headers: { authorization: authorization('s3') },
    body: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
  });
  expect(entities.status).toBeGreaterThanOrEqual(400);
  expect(entities.status).toBeLessThan(500);
});

test('control endpoints tell what IAM decided, and have it overlook statements', async () => {
  const control = async (method: string, path: string, body?: unknown) => {
    const init = { method, body: body === undefined ? undefined : JSON.stringify(body) };
    const answer = await fetch(`${sandbox.endpoint}/_sandbox/${path}`, init);
    return { status: answer.status, body: await answer.json() };
  };
  const iam = (parameters: Record<string, string>) => query('iam', parameters);
  const allow = (Action: string, more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Sid: 'Reads', Effect: 'Allow', Action: [Action, 'sqs:GetQueueUrl'], ...more }],
  });
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }],
  });
  await iam({ Action: 'CreateRole', RoleName: 'Reader', AssumeRolePolicyDocument });
  const PolicyDocument = JSON.stringify(allow('sqs:ListQueues', { Resource: '*' }));
  await iam({ Action: 'PutRolePolicy', RoleName: 'Reader', PolicyName: 'Reads', PolicyDocument });
  const asReader = async () => {
    const { accounts } = sandbox.world;
    const [accountId = ''] = accounts.keys();
    const caller = sandbox.world.serviceCaller('ec2.amazonaws.com', { accountId, arn: 'arn' });
    const reader = await sandbox.world.assumeRole(`arn:aws:iam::${accountId}:role/Reader`, 'me', caller, 'us-east-1');
    return sandbox.world.call('sqs', 'ListQueues', {}, { caller: reader, region: 'us-east-1' });
  };
  await control('POST', 'decisions');
  await asReader();
  const told = (await control('GET', 'decisions')).body as Record<string, unknown>[];
  expect(told).toContainEqual(expect.objectContaining({ action: 'sqs:ListQueues', effect: 'Allowed' }));

  await control('POST', 'withheld', { role: 'Reader', sid: 'Reads', action: 'sqs:ListQueues' });
  await expect(asReader()).rejects.toThrow(/not authorized to perform: sqs:ListQueues/);
  await control('DELETE', 'withheld');
  await asReader();
  await control('POST', 'withheld', [{ role: 'Reader', sid: 'Reads', accounts: ['999999999999'] }]);
  await asReader();
  expect((await control('POST', 'withheld', { role: 'Reader' })).status).toBe(400);
  await control('DELETE', 'withheld');
  await control('DELETE', 'decisions');
  expect((await control('GET', 'decisions')).body).toEqual([]);
});

test('control endpoints count calls, take faults and reset, but not for web pages', async () => {
  const control = (method: string, path: string, body?: string, headers = {}) =>
    fetch(`${sandbox.endpoint}/_sandbox/${path}`, { method, body, headers });
  await query('sts', { Action: 'GetCallerIdentity' });
  const calls = (await (await control('GET', 'calls')).json()) as {
    service: string;
    operation: string;
    count: number;
  }[];
  expect(calls).toContainEqual(expect.objectContaining({ service: 'sts', operation: 'GetCallerIdentity' }));
  const fault = { service: 'sts', kind: 'error', code: 'ServiceUnavailable', status: 503, count: 1 };
  expect((await control('POST', 'faults', JSON.stringify(fault))).status).toBe(200);
  expect((await query('sts', { Action: 'GetCallerIdentity' })).status).toBe(503);
  expect((await query('sts', { Action: 'GetCallerIdentity' })).status).toBe(200);
  expect((await control('POST', 'faults', '{"service":"sts"}')).status).toBe(400);
  expect((await control('POST', 'reset', '', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await control('POST', 'reset')).status).toBe(200);
  expect((await query('sqs', { Action: 'GetQueueUrl', QueueName: 'old' })).status).toBe(400);
});
