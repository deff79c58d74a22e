import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

let sandbox: RunningSandbox;
let s3: S3Client;
const Bucket = 'bucket-a';

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: '111111111111', email: 'a@example.com' }] });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  await sandbox.reset();
  s3 = new S3Client({
    region: 'eu-west-1',
    endpoint: sandbox.endpoint,
    credentials: sandbox.management,
    forcePathStyle: true,
  });
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
});

const put = (Key: string, Body: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Key: string, more: object = {}) => {
  const answer = await s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  return { ...answer, text: await answer.Body?.transformToString() };
};

test('an object comes back with what was put beside it', async () => {
  await put('folder/a b+c.txt', 'hello', {
    ContentType: 'text/plain',
    Metadata: { owner: 'me' },
    CacheControl: 'no-cache',
  });
  const found = await get('folder/a b+c.txt');
  expect(found).toMatchObject({
    text: 'hello',
    ContentType: 'text/plain',
    Metadata: { owner: 'me' },
    CacheControl: 'no-cache',
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
    ServerSideEncryption: 'AES256',
  });
  const part = await get('folder/a b+c.txt', { Range: 'bytes=1-3' });
  expect([part.text, part.ContentRange, part.$metadata.httpStatusCode]).toEqual(['ell', 'bytes 1-3/5', 206]);
});

test('conditions hold on reading and writing', async () => {
  const { ETag } = await put('a', '1');
  await expect(get('a', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await expect(get('a', { IfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(put('a', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await put('a', '3', { IfMatch: ETag });
  expect((await get('a')).text).toBe('3');
});

test('listings page, group by delimiter and tell keys in byte order', async () => {
  for (const key of ['b/1', 'a', 'b/2', 'c', 'B', 'é']) {
    await put(key, key);
  }
  const all: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 2, ContinuationToken }));
    all.push(
      ...(page.Contents ?? []).map(({ Key }) => Key),
      ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    );
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(all).toEqual(['B', 'a', 'c', 'b/', 'é']);
});

test('versions and delete markers', async () => {
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const first = await put('a', '1');
  await put('a', '2');
  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect(marker.DeleteMarker).toBe(true);
  await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect((await get('a', { VersionId: first.VersionId })).text).toBe('1');
  const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect([listed.Versions?.length, listed.DeleteMarkers?.[0]?.IsLatest]).toEqual([2, true]);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: marker.VersionId }));
  expect((await get('a')).text).toBe('2');
});

test('uploads in parts and copies', async () => {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
  const bodies = ['x'.repeat(5 * 1024 * 1024), 'end'];
  const Parts = [];
  for (const [index, Body] of bodies.entries()) {
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber: index + 1, Body }),
    );
    Parts.push({ PartNumber: index + 1, ETag });
  }
  const done = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId, MultipartUpload: { Parts } }),
  );
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/big` }));
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
  expect(head.ContentLength).toBe(5 * 1024 * 1024 + 3);
});

test('buckets answer for themselves as S3 does', async () => {
  await put('a', '1');
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a' }] } }));
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-west-1');
  const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(
    encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
  ).toBe('AES256');
  await expect(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
    name: 'NoSuchLifecycleConfiguration',
  });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
  await expect(s3.send(new GetObjectCommand({ Bucket: 'none-such', Key: 'a' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }],
  });
  await expect(s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))).rejects.toMatchObject({ name: 'AccessDenied' });
  await s3.send(new DeleteBucketCommand({ Bucket }));
});

test('a bucket is reached through its own region', async () => {
  const elsewhere = new S3Client({
    region: 'us-east-1',
    endpoint: sandbox.endpoint,
    credentials: sandbox.management,
    forcePathStyle: true,
  });
  await expect(elsewhere.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
    name: 'PermanentRedirect',
    $response: { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
  });
});
