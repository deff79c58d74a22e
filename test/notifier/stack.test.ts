import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readAssembly } from '../../cloudformation';
import { signatureOf } from '../../notifier/transports/signedWebhook';
import { parseAccounts } from '../../organization/accountsFile';
import { parseConfig } from '../../organization/config';
import { encryptSecret } from '../../scripts/notifier/storeSecret';
import { modelOf } from '../../stacks/readModel';
import { management, security, TestOrganization } from '../cloudformation/organization';
import { asAdministrator, type ClientConfiguration } from '../roles/plant';
import { appOf } from '../stacks/templates';
import { findingEvent } from './corpus';

/** The stack itself, deployed by the operator: the function has its role's permissions and no others. */
let organization: TestOrganization;
let administrator: ClientConfiguration;
let receiver: Server;
let ahead = 0;
const received: { body: string; signature: string }[] = [];
const topicArn = `arn:aws:sns:us-east-1:${security}:security`;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        body: Buffer.concat(chunks).toString('utf8'),
        signature: String(request.headers['x-garrison-signature']),
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  organization = await TestOrganization.start({
    model: modelWith('{}'),
    clock: () => new Date(Date.now() + ahead),
  });
  administrator = await asAdministrator(organization.sandbox, security);
  await organization.deploy('garrison-administration-management', management);
  await organization.deploy('garrison-administration-security', security);
  await organization.securityStack();
});
afterAll(async () => {
  receiver.close();
  await organization.close();
});

function modelWith(destinations: string) {
  const config = parseConfig(`
managementAccount: "${management}"
securityAccount: "${security}"
homeRegion: us-east-1
regions: [us-east-1]
notifier:
  slack: { webhook: { secret: garrison/slack, key: webhook } }
  alarmEmails: [night@example.com]
  destinations: ${destinations}
  routes: [{ to: [slack, ${Object.keys(JSON.parse(destinations)).join(', ')}] }]
`);
  const rows = [management, security, '100000000003'].map((id) => `${id},aws+${id}@example.com`);
  return modelOf(config, parseAccounts(`accountId,email\n${rows.join('\n')}\n`));
}

async function deploySecrets(): Promise<void> {
  const { endpoint } = organization.sandbox;
  const store = new SecretsManagerClient(administrator);
  const webhook = `${endpoint}/_slack/services/T0SECURE/B0ALERTS/hook`;
  await store.send(new CreateSecretCommand({ Name: 'garrison/slack', SecretString: JSON.stringify({ webhook }) }));
  const { port } = receiver.address() as AddressInfo;
  const SecretString = `http://127.0.0.1:${port}/`;
  const { KeyMetadata } = await new KMSClient(administrator).send(new CreateKeyCommand({}));
  const KmsKeyId = KeyMetadata?.KeyId;
  await store.send(new CreateSecretCommand({ Name: 'garrison/siem', SecretString, KmsKeyId }));
  await new SNSClient(administrator).send(
    new CreateTopicCommand({ Name: 'security', Attributes: { KmsMasterKeyId: KmsKeyId ?? '' } }),
  );
  const ciphertext = await encrypted('a signing key');
  const destinations = {
    mail: { type: 'sns', topicArn },
    siem: { type: 'signed-webhook', url: { secret: 'garrison/siem' }, signingKey: { ciphertext } },
  };
  organization.assembly = readAssembly(appOf(modelWith(JSON.stringify(destinations))).outdir);
  expect(await organization.securityStack()).toMatchObject({ outcome: 'updated' });
}

/** As `garrison secret encrypt` does it, under the stack's own key. */
async function encrypted(secret: string): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = administrator.credentials;
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: administrator.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
  try {
    return await encryptSecret(secret, 'alias/garrison', 'us-east-1');
  } finally {
    process.env = before;
  }
}

async function put(event: unknown): Promise<void> {
  const QueueUrl = `https://sqs.us-east-1.amazonaws.com/${security}/garrison-alerts`;
  const sqs = new SQSClient({ ...administrator, useQueueUrlAsEndpoint: false });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
}

async function until<Value>(look: () => Promise<Value>, good: (value: Value) => boolean): Promise<Value> {
  for (let tries = 0; ; tries += 1) {
    const value = await look();
    if (good(value) || tries > 80) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const get = async (path: string) => (await fetch(`${organization.sandbox.endpoint}/${path}`)).json();

interface Email {
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly confirmationUrl?: string;
}

const emails = async (to: string) => ((await get('_sns/emails')) as Email[]).filter((email) => email.to === to);

async function heartbeat(): Promise<string | undefined> {
  const answer = await new CloudWatchClient(administrator).send(
    new DescribeAlarmsCommand({ AlarmNames: ['garrison-heartbeat'] }),
  );
  return answer.MetricAlarms?.[0]?.StateValue;
}

async function confirm(to: string): Promise<void> {
  const [asked] = await until(
    () => emails(to),
    (all) => all.length > 0,
  );
  await fetch(asked?.confirmationUrl ?? '');
}

test('secrets in Secrets Manager and as a KMS ciphertext, a topic and a signed webhook, with the role as deployed', async () => {
  await deploySecrets();
  await new SNSClient(administrator).send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'team@example.com' }),
  );
  await confirm('team@example.com');
  await put(findingEvent({ id: 'finding-1', title: 'A finding for three.' }));
  const mails = await until(
    () => emails('team@example.com'),
    (all) => all.length > 1,
  );
  expect(mails[1]?.body).toContain('A finding for three.');
  await until(async () => received.length, Boolean);
  const [{ body, signature } = { body: '', signature: '' }] = received;
  const seconds = Number(/^t=(\d+)/.exec(signature)?.[1]);
  expect([JSON.parse(body).kind, signature]).toEqual(['alert', signatureOf(body, 'a signing key', seconds)]);
  const messages = (await get('_slack/messages')) as { payload: { text: string } }[];
  expect(messages.map(({ payload }) => payload.text)).toEqual([expect.stringContaining('A finding for three.')]);
});

test('a heartbeat that stops raises the alarm, which reaches a person by e-mail', async () => {
  await confirm('night@example.com');
  const events = new EventBridgeClient(administrator);
  expect(await events.send(new DescribeRuleCommand({ Name: 'garrison-self-test' }))).toMatchObject({
    ScheduleExpression: 'rate(5 minutes)',
    State: 'ENABLED',
  });
  const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'garrison-self-test' }));
  await put(JSON.parse(Targets?.[0]?.Input ?? '{}'));
  expect(await until(heartbeat, (state) => state === 'OK')).toBe('OK');
  const before = (await emails('night@example.com')).length;
  ahead = 21 * 60_000;
  expect(await until(heartbeat, (state) => state === 'ALARM')).toBe('ALARM');
  const mails = await until(
    () => emails('night@example.com'),
    (all) => all.length > before,
  );
  expect(mails.at(-1)?.subject).toBe('ALARM: "garrison-heartbeat" in us-east-1');
  expect(mails.at(-1)?.body).toContain('Alerts may reach no one');
});
