import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { apiCall, root, signIn } from '../../detections/examples';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import { run } from '../../scripts/garrison';

const bucket = 'acme-trail-logs';
const accounts = ['100000000001', '100000000002'].map((id) => ({
  id,
  email: `${id}@example.com`,
  name: id,
  ouPath: '',
}));
const keyOf = (number: number, day = '2026/11/20') =>
  `AWSLogs/111122223333/CloudTrail/eu-west-1/${day}/111122223333_CloudTrail_eu-west-1_${number}.json.gz`;

let sandbox: RunningSandbox;
const before = { ...process.env };

beforeAll(async () => {
  sandbox = await createSandbox({
    accounts,
    managementAccount: accounts[0]?.id as string,
    securityAccount: accounts[1]?.id as string,
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_ACCESS_KEY_ID: sandbox.security.accessKeyId,
    AWS_SECRET_ACCESS_KEY: sandbox.security.secretAccessKey,
    AWS_REGION: 'us-east-1',
  });
  const { accessKeyId, secretAccessKey } = sandbox.security;
  const s3 = new S3Client({
    region: 'eu-west-1',
    endpoint: sandbox.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  await s3.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  const put = (Key: string, Body: string | Buffer) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  const quiet = gzipSync(JSON.stringify({ Records: [apiCall('ec2.amazonaws.com', 'DescribeInstances')] }));
  // More than a page of 200.
  for (let number = 0; number < 230; number += 1) {
    await put(keyOf(number), quiet);
  }
  await put(keyOf(900), gzipSync(JSON.stringify({ Records: [signIn({ userIdentity: root })] })));
  const old = apiCall('cloudtrail.amazonaws.com', 'StopLogging', { eventTime: '2025-01-01T00:00:00Z' });
  await put(keyOf(901, '2025/01/01'), gzipSync(JSON.stringify({ Records: [old] })));
  await put(keyOf(902), Buffer.from([0x1f, 0x8b, 0, 0]));
  await put(keyOf(903), quiet);
  await put('AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/11/20/x.json.gz', 'digest');
  const Statement = [
    { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/${keyOf(903)}` },
  ];
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
});

afterAll(async () => {
  process.env = before;
  await sandbox.close();
});

async function hunt(...argv: string[]) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => new PassThrough().on('data', (piece) => (texts[name] += piece));
  const [stdout, stderr] = [stream('stdout'), stream('stderr')];
  const exitCode = await run(['hunt', ...argv], { stdout, stderr, stdin: Readable.from(['']), env: {} });
  return { exitCode, ...texts };
}

test('a prefix is listed to its end, in the bucket’s region; what cannot be read is told and passed over', async () => {
  const { stdout, stderr, exitCode } = await hunt(`s3://${bucket}/AWSLogs/`, '--json');
  const report = JSON.parse(stdout);
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ files: 234, records: 232 });
  expect(report.detections.map(({ detection }: { detection: string }) => detection)).toEqual([
    'root-sign-in',
    'trail-stopped',
    'root-activity',
    'trail-changed',
    'console-sign-in',
  ]);
  expect(report.broken.map(({ file }: { file: string }) => file).sort()).toEqual(
    [keyOf(902), keyOf(903)].map((key) => `s3://${bucket}/${key}`),
  );
  expect(stderr).toMatch(/903\.json\.gz: passed over: cannot be fetched: .*not authorized to perform: s3:GetObject/);
});

test('--since leaves older days where they are', async () => {
  const report = JSON.parse((await hunt(`s3://${bucket}/AWSLogs/`, '--json', '--since', '2026-01-01')).stdout);
  expect(report.files).toBe(233);
});

test('a bucket that cannot be listed is refused in words', async () => {
  const { exitCode, stderr } = await hunt('s3://no-such-bucket-of-ours/x', '--json');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/s3:\/\/no-such-bucket-of-ours\/x cannot be listed: The specified bucket does not exist/);
  expect((await hunt('s3://', '--json')).stderr).toContain('names no bucket');
});
