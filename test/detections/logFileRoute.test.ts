import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { trailStopped } from '../../detections/catalog/trail-stopped';
import { apiCall } from '../../detections/examples';
import { bundleLogFiles } from '../../stacks/logFile/logFiles';
import { securityId, startOrganization, type TestOrganization } from '../support/localOrganization';

const owner = '100000000011';
const bucket = 'acme-trail-logs';
const region = 'us-east-1';
const queueUrl = (name: string) => `${organization.sandbox.endpoint}/${securityId}/${name}`;

let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(1, [region]);
  appendFileSync(
    organization.files[1] as string,
    `detections:\n  enabled: [trail-stopped, failed-sign-ins]\n  logFiles: {bucket: ${bucket}, bucketAccount: "${owner}", prefix: AWSLogs/, only: true}\n`,
  );
  await organization.garrison('management', 'bootstrap');
  const ssm = new SSMClient(as(organization.sandbox.security));
  const Value = `${organization.sandbox.endpoint}/_slack/services/T0SECURE/B0ALERTS/hook`;
  await ssm.send(new PutParameterCommand({ Name: '/garrison/slack/webhook', Type: 'SecureString', Value }));
});
afterAll(() => organization.sandbox.close());

function as({ accessKeyId, secretAccessKey, sessionToken }: Credentials) {
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return { region, endpoint: organization.sandbox.endpoint, credentials, forcePathStyle: true };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

test('plan tells that the owner of the bucket has a part; apply makes the route and no rules', async () => {
  const planned = await organization.garrison('security', 'plan', '--summary');
  expect(planned.stdout).toContain(`the owner of the bucket ${bucket} adds`);
  const applied = await organization.garrison('security', 'apply', '--json');
  expect({ code: applied.code, ...(applied.code && { stderr: applied.stderr }) }).toEqual({ code: 0 });
  expect(JSON.parse(applied.stdout).stackSets.map(({ stackSet }: { stackSet: string }) => stackSet)).not.toContain(
    'garrison-detection-rules',
  );
  const again = await organization.garrison('security', 'apply', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, changed: false });
});

test('a delivered file is looked through', async () => {
  const s3 = new S3Client(await asOwner());
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const part = JSON.parse((await organization.garrison('security', 'detections', 'log-files', '--json')).stdout);
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policyOf(part.bucketPolicyStatement) }));
  const NotificationConfiguration = { QueueConfigurations: [part.queueConfiguration] };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: fileNamed('x'), Body: fileWith('one') }));
  expect(await told(1)).toHaveLength(1);
});

test('one under a key, announced by a topic, is looked through once, however often it is announced', async () => {
  const settings = await asOwner();
  const [s3, kms, sns] = [new S3Client(settings), new KMSClient(settings), new SNSClient(settings)];
  const { KeyMetadata: { Arn: keyArn = '' } = {} } = await kms.send(new CreateKeyCommand({}));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'trail' }));
  const file = organization.files[1] as string;
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace('only: true', `only: true, keyArn: "${keyArn}", topicArn: "${TopicArn}"`));
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
  const part = JSON.parse((await organization.garrison('security', 'detections', 'log-files', '--json')).stdout);
  expect(part).toMatchObject({ subscription: { TopicArn } });

  const ownersOwn = { Effect: 'Allow', Principal: { AWS: owner }, Action: 'kms:*', Resource: '*' };
  await kms.send(new PutKeyPolicyCommand({ KeyId: keyArn, Policy: policyOf(ownersOwn, part.keyPolicyStatement) }));
  const s3Publishes = { Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sns:Publish' };
  const AttributeValue = policyOf({ ...s3Publishes, Resource: TopicArn });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  await sns.send(new SubscribeCommand(part.subscription));
  const NotificationConfiguration = { TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*' as const] }] };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));
  const byDefault = { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: keyArn };
  const ServerSideEncryptionConfiguration = { Rules: [{ ApplyServerSideEncryptionByDefault: byDefault }] };
  await s3.send(new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration }));
  const isPending = async () => {
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    return Subscriptions[0]?.SubscriptionArn === 'PendingConfirmation';
  };
  // The function agrees to the subscription.
  for (const end = Date.now() + 15_000; Date.now() < end && (await isPending()); ) {
    await setTimeout(50);
  }

  const Key = fileNamed('y');
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: fileWith('another') }));
  expect(await told(2)).toHaveLength(2);
  const sqs = new SQSClient(as(organization.sandbox.security));
  const MessageBody = JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [Key] });
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('garrison-log-files'), MessageBody }));
  await setTimeout(2_000);
  const all = await told(2);
  expect(all).toHaveLength(2);
  expect(all[1]).toContain(owner);
});

function policyOf(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

function fileNamed(name: string): string {
  return `AWSLogs/${owner}/CloudTrail/${region}/2026/11/20/${owner}_CloudTrail_${region}_${name}.json.gz`;
}

/** A trail was stopped, among harmless things. */
function fileWith(name: string): Buffer {
  const stopped = { ...trailStopped.firing[0]?.record, requestParameters: { name }, eventID: crypto.randomUUID() };
  const record = JSON.parse(JSON.stringify(stopped).replaceAll('111122223333', owner));
  return gzipSync(JSON.stringify({ Records: [apiCall('ec2.amazonaws.com', 'DescribeInstances'), record] }));
}

test('the function’s code is small and holds no settings', () => {
  const files = bundleLogFiles({
    version: 1,
    queueUrl: 'https://files',
    alertQueueUrl: 'https://alerts',
    table: 'files',
    detections: [],
  });
  expect(Object.keys(files).sort()).toEqual(['index.js', 'settings.json']);
  expect(files['index.js']?.length).toBeLessThan(100_000);
});

async function asOwner() {
  const sts = new STSClient(as(organization.sandbox.management));
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${owner}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'owner',
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  return as({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
}

/** What Slack received about the trail, once there are so many messages. */
async function told(count: number): Promise<string[]> {
  const about = async () => {
    const answer = await fetch(`${organization.sandbox.slack.endpoint}/messages`);
    const messages = ((await answer.json()) as unknown[]).map((message) => JSON.stringify(message));
    return messages.filter((message) => message.includes(trailStopped.title));
  };
  for (const end = Date.now() + 15_000; Date.now() < end && (await about()).length < count; ) {
    await setTimeout(50);
  }
  return about();
}
