import { randomUUID } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ChangeMessageVisibilityCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { LogFilePorts } from './process';
import type { LogFileSettings } from './settings';

/** Longer than the function may run. */
const leaseSeconds = 6 * 60;
const keptSeconds = 30 * 24 * 3600;
/** SQS takes ten messages at once, of 1 MiB together; a record of CloudTrail has 256 KB at most. */
const messagesAtOnce = 10;
const bytesAtOnce = 900_000;

/** Files, claims and alerts on AWS's services. */
export function awsPorts({ alertQueueUrl, table }: Pick<LogFileSettings, 'alertQueueUrl' | 'table'>): LogFilePorts {
  const s3 = new S3Client({
    followRegionRedirects: true,
    forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined,
  });
  const [dynamodb, sqs] = [new DynamoDBClient({}), queueClient()];
  return {
    async open({ bucket, key }) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const stream = Body as Readable;
      return key.endsWith('.gz') ? unpacked(stream, createGunzip()) : stream;
    },
    async version({ bucket, key }) {
      const { ETag = '' } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return ETag.replaceAll('"', '');
    },
    claim: (id) => claim(dynamodb, table, id),
    finish: (id) => put(dynamodb, table, { id, done: true, lease: 0 }),
    release: (id) => put(dynamodb, table, { id, done: false, lease: -1 }),
    async send(bodies) {
      for (const batch of batches(bodies)) {
        await send(sqs, alertQueueUrl, batch);
      }
    },
  };
}

/** The queues stand in the function's own region: their URLs need not say which endpoint. */
function queueClient(): SQSClient {
  return new SQSClient({ useQueueUrlAsEndpoint: false });
}

/** Has a message come again after a pause: by itself it would only when the function's longest run were over. */
export async function hideFor(QueueUrl: string, { receiptHandle }: SQSRecord, seconds: number): Promise<void> {
  await queueClient().send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }),
  );
}

/** The unpacked bytes; an error of the source reaches whoever reads. */
function unpacked(stream: Readable, unpack: Gunzip): AsyncIterable<Buffer> {
  return pipeline(stream, unpack, () => {});
}

interface Entry {
  readonly id: string;
  readonly done: boolean;
  /** Seconds from now for which nobody else takes it. */
  readonly lease: number;
}

async function put(
  dynamodb: DynamoDBClient,
  table: string,
  { id, done, lease }: Entry,
  condition?: string,
): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  await dynamodb.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        id: { S: id },
        done: { BOOL: done },
        leaseUntil: { N: String(now + lease) },
        expiresAt: { N: String(now + keptSeconds) },
      },
      ...(condition && {
        ConditionExpression: condition,
        ExpressionAttributeValues: { ':false': { BOOL: false }, ':now': { N: String(now) } },
        ExpressionAttributeNames: { '#done': 'done' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      }),
    }),
  );
}

async function claim(dynamodb: DynamoDBClient, table: string, id: string): Promise<'yours' | 'busy' | 'done'> {
  try {
    const free = 'attribute_not_exists(id) OR (#done = :false AND leaseUntil < :now)';
    await put(dynamodb, table, { id, done: false, lease: leaseSeconds }, free);
    return 'yours';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) {
      return error.Item?.done?.BOOL === true ? 'done' : 'busy';
    }
    throw error;
  }
}

function* batches(bodies: readonly string[]): Generator<readonly string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const body of bodies) {
    const length = Buffer.byteLength(body);
    if (batch.length === messagesAtOnce || (batch.length > 0 && bytes + length > bytesAtOnce)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(body);
    bytes += length;
  }
  if (batch.length > 0) {
    yield batch;
  }
}

async function send(sqs: SQSClient, QueueUrl: string, bodies: readonly string[]): Promise<void> {
  const Entries = bodies.map((MessageBody) => ({ Id: randomUUID(), MessageBody }));
  const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  if (Failed.length > 0) {
    throw new Error(`${Failed.length} alerts were not accepted by the queue: ${Failed[0]?.Message}`);
  }
}
