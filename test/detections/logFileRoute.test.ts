import { appendFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
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

test('a delivered file is looked through once, however often it is announced', async () => {
  const s3 = await bucketOwner();
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const part = JSON.parse((await organization.garrison('security', 'detections', 'log-files', '--json')).stdout);
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [part.bucketPolicyStatement] });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const NotificationConfiguration = { QueueConfigurations: [part.queueConfiguration] };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: bucket, NotificationConfiguration }));

  const Key = `AWSLogs/${owner}/CloudTrail/${region}/2026/11/20/${owner}_CloudTrail_${region}_x.json.gz`;
  const record = JSON.parse(JSON.stringify(trailStopped.firing[0]?.record).replaceAll('111122223333', owner));
  const Body = gzipSync(JSON.stringify({ Records: [apiCall('ec2.amazonaws.com', 'DescribeInstances'), record] }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  expect(await told()).toHaveLength(1);

  const sqs = new SQSClient(as(organization.sandbox.security));
  const MessageBody = JSON.stringify({ s3Bucket: bucket, s3ObjectKey: [Key] });
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl('garrison-log-files'), MessageBody }));
  await setTimeout(2_000);
  expect(await told()).toHaveLength(1);
  expect((await told())[0]).toContain(owner);
});

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

async function bucketOwner(): Promise<S3Client> {
  const sts = new STSClient(as(organization.sandbox.management));
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${owner}:role/OrganizationAccountAccessRole`,
      RoleSessionName: 'owner',
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  return new S3Client(as({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }));
}

/** What Slack received about the trail, a moment after the first such message. */
async function told(): Promise<string[]> {
  const about = async () => {
    const answer = await fetch(`${organization.sandbox.slack.endpoint}/messages`);
    const messages = ((await answer.json()) as unknown[]).map((message) => JSON.stringify(message));
    return messages.filter((message) => message.includes(trailStopped.title));
  };
  for (const end = Date.now() + 15_000; Date.now() < end && (await about()).length === 0; ) {
    await setTimeout(50);
  }
  return about();
}
