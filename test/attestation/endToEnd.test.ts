import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteResourcePolicyCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { BusEvent } from '../../sandbox/core/world';
import { startOrganization, type TestOrganization } from '../support/localOrganization';
import { temporaryFolder } from '../support/temporaryFolder';
import { portal, saml } from './events';
import { configWith } from './model';

/** Everything as it is deployed, IAM enforced: rules, queue, function with its real bundle, record, notifier, Slack. */
let organization: TestOrganization;
const member = '100000000011';
const table = 'garrison-attestation';

beforeAll(async () => {
  organization = await startOrganization(1, ['us-east-1']);
  const { sandbox, files } = organization;
  const apiUrl = `channel: C0ALERTS01, apiUrl: "${sandbox.endpoint}/_slack/api"`;
  writeFileSync(files[1] as string, configWith().replace('channel: C0ALERTS01', apiUrl));
  const ssm = new SSMClient(client());
  for (const name of ['token', 'signing-secret']) {
    const Value = name === 'token' ? 'xoxb-garrison' : 'signing';
    await ssm.send(new PutParameterCommand({ Name: `/garrison/slack/${name}`, Type: 'SecureString', Value }));
  }
  expect((await organization.garrison('management', 'bootstrap')).code).toBe(0);
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
});

afterAll(() => organization.sandbox.close());

function client() {
  const { endpoint, security } = organization.sandbox;
  return { region: 'us-east-1', endpoint, credentials: security };
}

interface Message {
  readonly thread_ts?: string;
  readonly payload: { readonly text: string; readonly blocks?: unknown };
}

async function until<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
  const end = Date.now() + 50_000;
  for (let found = await find(); ; found = await find()) {
    if (found !== undefined || Date.now() > end) {
      return found as Value;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const messages = async (): Promise<Message[]> =>
  (await fetch(`${organization.sandbox.endpoint}/_slack/messages`)).json() as Promise<Message[]>;

const questions = async () => {
  return (await messages()).filter(({ payload }) => JSON.stringify(payload.blocks ?? '').includes('attest_answer'));
};

const given = (id: string) => ({ id: `event-${id}`, time: new Date().toISOString() });

function happens({ event }: ReturnType<typeof saml>, source: string, accountId: string): void {
  const detail = JSON.parse(JSON.stringify(event.detail).replaceAll('100000000003', member));
  const emitted: BusEvent = { source, 'detail-type': event['detail-type'], detail, time: new Date() };
  organization.sandbox.world.emit(emitted, { accountId, region: 'us-east-1' });
}

const use = (who: string) => happens(saml(who, given(who)), 'aws.sts', member);

test('a use becomes a question in the alert’s thread, an announced one does not, and the record verifies', async () => {
  use('alice@example.com');
  const [asked] = await until(async () => ((await questions()).length > 0 ? questions() : undefined));
  expect(asked?.payload.text).toMatch(/^<@U0ALICE001> used `AdministratorAccess` in account-11 /);
  expect(asked?.thread_ts).toBeDefined();

  const pending = await organization.garrison('security', 'attest', 'pending', '--json');
  expect(pending.code).toBe(2);
  expect(JSON.parse(pending.stdout).pending).toMatchObject([{ person: 'alice@example.com', uses: 1 }]);

  const announcement = ['--person', 'bob@example.com', '--purpose', 'Release', '--ticket', 'OPS-7', '--for', '2h'];
  const announced = await organization.garrison('security', 'attest', 'announce', ...announcement, '--json');
  expect(JSON.parse(announced.stdout)).toMatchObject({ ok: true, person: { key: 'bob@example.com' } });
  use('bob@example.com');
  happens(portal({ userName: 'bob@example.com' }, given('portal')), 'aws.sso', '100000000001');
  const file = join(temporaryFolder(), 'report.json');
  const report = await until(async () => {
    await organization.garrison('security', 'attest', 'export', '--format', 'json', '--output', file);
    const found = JSON.parse(readFileSync(file, 'utf8'));
    return found.uses.length === 3 ? found : undefined;
  });
  expect(report).toMatchObject({
    verified: true,
    uses: [{ status: 'open' }, { status: 'announced' }, { status: 'announced' }],
  });
  expect(report.uses.find(({ event }: { event: string }) => event === 'event-portal')).toMatchObject({
    account: member,
    role: 'AdministratorAccess',
  });
  expect(await organization.garrison('security', 'attest', 'verify')).toMatchObject({ code: 0 });

  const sqs = new SQSClient(client());
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'garrison-questions' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"source":"garrison.attest-timer"}' }));
  const summary = await until(async () => (await messages()).find(({ payload }) => payload.text.includes('*Use of')));
  const [head = ''] = /\d+:[0-9a-f]{64}/.exec(summary.payload.text) ?? [];
  expect(await organization.garrison('security', 'attest', 'verify', '--head', head)).toMatchObject({ code: 0 });
  expect((await organization.garrison('security', 'plan', '--summary')).code).toBe(0);
});

test('nobody changes an entry, an administrator neither; who takes the policy away is found out', async () => {
  const dynamodb = new DynamoDBClient(client());
  const change = new UpdateItemCommand({
    TableName: table,
    Key: { id: { S: 'chain' }, number: { N: '2' } },
    UpdateExpression: 'SET content = :text',
    ExpressionAttributeValues: { ':text': { S: '{"kind":"use","person":{"key":"mallory"}}' } },
  });
  await expect(dynamodb.send(change)).rejects.toThrow(/explicit deny in a resource-based policy/);
  await dynamodb.send(
    new DeleteResourcePolicyCommand({ ResourceArn: `arn:aws:dynamodb:us-east-1:100000000002:table/${table}` }),
  );
  await dynamodb.send(change);
  const verified = await organization.garrison('security', 'attest', 'verify');
  expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining('entry 2 was altered') });
});

test('removal leaves the record where it is, unless told otherwise', async () => {
  const kept = await organization.garrison('security', 'remove', '--yes');
  expect(kept).toMatchObject({ code: 0, stderr: expect.stringContaining('stays    stack garrison-record') });
  expect(
    JSON.parse((await organization.garrison('security', 'attest', 'verify', '--json')).stdout).entries,
  ).toBeGreaterThan(3);
  const gone = await organization.garrison('security', 'remove', '--yes', '--delete-record');
  expect(gone).toMatchObject({ code: 0, stderr: expect.stringContaining('destroy  stack garrison-record') });
  expect(await organization.garrison('security', 'attest', 'verify')).toMatchObject({ code: 1 });
});
