import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { readAssembly } from '../../cloudformation';
import { parseAccounts } from '../../organization/accountsFile';
import { parseConfig } from '../../organization/config';
import { signatureOf } from '../../sandbox/slack/send';
import { manifestFor } from '../../scripts/slack/manifest';
import { requestUrlOutput } from '../../stacks/model';
import { modelOf } from '../../stacks/readModel';
import { management, security, TestOrganization } from '../cloudformation/organization';
import { asAdministrator, type ClientConfiguration } from '../roles/plant';
import { appOf } from '../stacks/templates';
import { until } from './botScene';
import { configWith } from './model';

/** The stacks as they are deployed, by the operator: functions with their real bundles and no more than their roles. */
let organization: TestOrganization;
let administrator: ClientConfiguration;
let url: string;

const member = '100000000003';
const accounts = parseAccounts(
  `accountId,email,name\n${[management, security, member].map((id) => `${id},aws+${id}@example.com,account-${id.slice(-1)}`).join('\n')}\n`,
);

function modelAt(apiUrl: string) {
  const yaml = configWith('  substitutes: { groups: [S0SECURITY] }\n  ticket: { pattern: "OPS-[0-9]+" }');
  return modelOf(parseConfig(yaml.replace('slack: {', `slack: { apiUrl: "${apiUrl}",`)), accounts);
}

beforeAll(async () => {
  organization = await TestOrganization.start({ model: modelAt('http://127.0.0.1:1/api') });
  const { endpoint } = organization.sandbox;
  organization.assembly = readAssembly(appOf(modelAt(`${endpoint}/_slack/api`)).outdir);
  administrator = await asAdministrator(organization.sandbox, security);
  await organization.deploy('garrison-administration-management', management);
  await organization.deploy('garrison-administration-security', security);
  const { signingSecret } = await people('app');
  const ssm = new SSMClient(administrator);
  for (const [Name, Value] of [
    ['/garrison/slack/token', 'xoxb-garrison'],
    ['/garrison/slack/signing-secret', signingSecret],
  ]) {
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
  }
  await organization.deploy('garrison-record', security);
  await organization.securityStack();
  const { Stacks } = await new CloudFormationClient(administrator).send(
    new DescribeStacksCommand({ StackName: 'garrison-security' }),
  );
  url = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === requestUrlOutput)?.OutputValue ?? '';
}, 60_000);
afterAll(() => organization.close());

// biome-ignore lint/suspicious/noExplicitAny: answers of many endpoints, read by their tests.
async function people(what: string, body?: object): Promise<any> {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  return (await fetch(`${organization.sandbox.endpoint}/_slack/${what}`, init)).json();
}

interface Received {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly ephemeralTo?: string;
  readonly payload: { readonly text: string };
}

const messages = (): Promise<Received[]> => people('messages');
const message = async (words: string) =>
  (await until(messages, (all) => all.some(({ payload }) => payload.text.includes(words)))).find(({ payload }) =>
    payload.text.includes(words),
  );

test('Slack takes the manifest: every method that is called has its scope, the URL answers the challenge', async () => {
  const manifest = manifestFor({ attestation: true, approvals: true }, url);
  const answer = await people('app', { manifest });
  expect(answer).toMatchObject({ eventsUrl: url, interactivityUrl: url, commands: { '/privileged-use': url } });
  expect((await people('settings')).scopes).toEqual(manifest.oauth_config.scopes.bot);
});

test('a use is asked about in the thread of its alert, answered in the form and recorded', async () => {
  await uses('alice@example.com');
  const question = await message('<@U0ALICE001>');
  const [alert] = await messages();
  expect(question?.thread_ts).toBe(alert?.ts);
  expect(await people('click', { user: 'alice', action_id: 'attest_answer' })).toMatchObject({ status: 200 });
  const wrong = await people('submit', { user: 'alice', values: { purpose: 'patching', ticket: '12' } });
  expect(wrong).toMatchObject({ open: true, errors: { ticket: expect.stringContaining('OPS-') } });
  const sent = await people('submit', { user: 'alice', values: { ticket: 'OPS-12' } });
  expect(sent).toMatchObject({ open: false });
  expect(sent.milliseconds).toBeLessThan(3_000);
  const answered = await message('answered by <@U0ALICE001>');
  expect([answered?.ts, answered?.payload.text]).toEqual([question?.ts, expect.stringContaining('OPS-12')]);
  expect(await message('Thank you')).toMatchObject({ ephemeralTo: 'U0ALICE001', thread_ts: alert?.ts });
  expect(await recorded('answer')).toHaveLength(1);
}, 30_000);

test('words in the thread are a second version once the first is edited; a command announces', async () => {
  await uses('bob@example.com');
  const question = await message('<@U0BOB00001>');
  const place = { user: 'bob', channel: 'C0ALERTS01', thread_ts: question?.thread_ts };
  const { ts } = await people('say', { ...place, text: 'patching OPS-13' });
  await until(
    () => recorded('answer'),
    (all) => all.length > 1,
  );
  await people('edit', { user: 'bob', ts, text: 'patching OPS-14' });
  await until(
    () => recorded('answer'),
    (all) => all.length > 2,
  );
  expect(JSON.stringify(await recorded('answer'))).toMatch(/OPS-12.*OPS-13.*OPS-14/);
  const command = { user: 'bob', channel: 'general', command: '/privileged-use', text: '1h OPS-15 more patching' };
  expect(await people('command', command)).toMatchObject({ status: 200 });
  expect(await message('Announced, for 1 hour')).toMatchObject({ ephemeralTo: 'U0BOB00001' });
  expect(await recorded('announcement')).toHaveLength(1);
}, 30_000);

test('while the record hangs, Slack is answered within three seconds, and the answer is recorded after it', async () => {
  const before = (await recorded('answer')).length;
  organization.sandbox.faults.add({ service: 'dynamodb', operation: 'Query', kind: 'hang', count: 2 });
  expect(await people('click', { user: 'bob', action_id: 'attest_answer' })).toMatchObject({ status: 200 });
  const sent = await people('submit', { user: 'bob', values: { purpose: 'still patching', ticket: 'OPS-16' } });
  expect(sent).toMatchObject({ status: 200, open: true });
  expect(JSON.stringify(sent.view.blocks)).toContain('being recorded');
  expect(sent.milliseconds).toBeLessThan(3_000);
  await until(
    () => people('modals'),
    (all) => JSON.stringify(all).includes('is recorded'),
  );
  organization.sandbox.faults.clear();
  expect(await recorded('answer')).toHaveLength(before + 1);
  await people('close', { user: 'bob' });
}, 30_000);

test('an event that could not be queued is tried again by Slack, and recorded once', async () => {
  const before = (await recorded('answer')).length;
  await people('people', { users: [{ id: 'U0CAROL001', name: 'carol', email: 'carol@example.com' }] });
  await uses('carol@example.com');
  const question = await message('<@U0CAROL001>');
  await organization.sandbox.world.idle();
  organization.sandbox.faults.add({
    service: 'sqs',
    operation: 'SendMessage',
    kind: 'error',
    code: 'AccessDenied',
    count: 1,
  });
  const { event_ids: ids } = await people('say', {
    user: 'carol',
    channel: 'C0ALERTS01',
    thread_ts: question?.thread_ts,
    text: 'patching OPS-17',
  });
  await until(
    () => recorded('answer'),
    (all) => all.length > before,
  );
  const tries = (await people('deliveries')).filter(({ id }: { id?: string }) => ids.includes(id));
  expect(tries.map(({ status, retry }: { status: number; retry?: number }) => [status, retry])).toEqual([
    [500, undefined],
    [200, 1],
  ]);
  expect(await recorded('answer')).toHaveLength(before + 1);
}, 30_000);

test('the URL refuses what Slack did not sign, did not sign now, or has sent before', async () => {
  const { signingSecret } = await people('app');
  const now = Math.floor(Date.now() / 1_000);
  const body = new URLSearchParams({ ssl_check: '1' }).toString();
  const send = async (time: number, secret: string, sent = body) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(time),
      'x-slack-signature': signatureOf(secret, time, sent),
    };
    const response = await fetch(url, { method: 'POST', headers, body: sent });
    return [response.status, await response.text()];
  };
  expect(await send(now, signingSecret)).toEqual([200, '']);
  expect(await send(now, signingSecret)).toEqual([401, '']);
  expect(await send(now - 301, signingSecret)).toEqual([401, '']);
  expect(await send(now, 'forged')).toEqual([401, '']);
  expect(await send(now, signingSecret, `a=${'x'.repeat(900_000)}`)).toEqual([401, '']);
  expect((await fetch(url)).status).toBe(401);
});

/** What the rules of the bus put on both queues when somebody becomes administrator. */
async function uses(session: string): Promise<void> {
  const rule = organization.model.detections.alerts.find(({ name }) =>
    name.startsWith('garrison-privileged-role-used'),
  );
  const body = JSON.stringify({
    detection: { id: 'privileged-role-used', title: 'Privileged role used', severity: 'high' },
    event: event(session),
  });
  expect(rule).toBeDefined();
  const sqs = new SQSClient({ ...administrator, useQueueUrlAsEndpoint: false });
  for (const queue of ['garrison-alerts', 'garrison-questions']) {
    const QueueUrl = `https://sqs.us-east-1.amazonaws.com/${security}/${queue}`;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  }
}

function event(session: string) {
  const time = new Date().toISOString();
  const arn = `arn:aws:sts::${member}:assumed-role/AdministratorAccess/${session}`;
  return {
    id: crypto.randomUUID(),
    source: 'aws.sts',
    'detail-type': 'AWS API Call via CloudTrail',
    account: member,
    region: 'us-east-1',
    time,
    detail: {
      eventVersion: '1.08',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      eventID: crypto.randomUUID(),
      eventTime: time,
      awsRegion: 'us-east-1',
      recipientAccountId: member,
      userIdentity: {
        type: 'IAMUser',
        accountId: member,
        userName: session,
        arn: `arn:aws:iam::${member}:user/${session}`,
      },
      requestParameters: { roleArn: `arn:aws:iam::${member}:role/AdministratorAccess`, roleSessionName: session },
      responseElements: { assumedRoleUser: { arn, assumedRoleId: `AROAEXAMPLE:${session}` } },
    },
  };
}

/** Contents of the record of a kind, oldest first. */
async function recorded(kind: string): Promise<{ kind: string }[]> {
  const { Items = [] } = await new DynamoDBClient(administrator).send(
    new ScanCommand({ TableName: 'garrison-attestation' }),
  );
  return Items.filter(({ id }) => id?.S === 'chain')
    .sort((one, other) => Number(one.number?.N) - Number(other.number?.N))
    .map(({ content }) => JSON.parse(content?.S ?? '{}') as { kind: string })
    .filter((content) => content.kind === kind);
}
