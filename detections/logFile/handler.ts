import { randomUUID } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { watchers } from '../engine';
import { type DeliveredFile, type LogFilePorts, processLogFile } from './process';

/** The part of an S3 notification that is read. */
interface S3Notification {
  readonly Records?: readonly {
    readonly s3?: {
      readonly bucket?: { readonly name?: string };
      readonly object?: { readonly key?: string; readonly eTag?: string };
    };
  }[];
}

const leaseSeconds = 15 * 60;
const keptSeconds = 30 * 24 * 3600;
const batch = 10;

/**
 * Lambda function on the notifications of the bucket to which the trail writes. Environment: `ALERT_QUEUE_URL`,
 * `ALERT_TABLE` (partition key `id`, TTL `expiresAt`), `DETECTION_SETTINGS` (JSON, may be missing). Throws when a file
 * could not be processed: S3 announces it again.
 */
export async function handler(notification: S3Notification): Promise<void> {
  const all = watchers(JSON.parse(process.env.DETECTION_SETTINGS ?? '{}'));
  const ports = awsPorts(required('ALERT_QUEUE_URL'), required('ALERT_TABLE'));
  for (const file of filesIn(notification)) {
    await processLogFile(file, all, ports);
  }
}

/** The log files in a notification; digests and other objects are left out. */
export function filesIn({ Records = [] }: S3Notification): DeliveredFile[] {
  return Records.flatMap(({ s3 }) => {
    const key = decodeURIComponent((s3?.object?.key ?? '').replaceAll('+', ' '));
    const bucket = s3?.bucket?.name;
    const isLog = /\.json(\.gz)?$/.test(key) && !/CloudTrail-(Digest|Insight)/.test(key);
    return bucket && isLog ? [{ bucket, key, version: s3?.object?.eTag ?? '' }] : [];
  });
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

/** The unpacked bytes; an error of the source reaches whoever reads. */
function compose(stream: Readable, unpack: Gunzip): AsyncIterable<Buffer> {
  return pipeline(stream, unpack, () => {});
}

/** The ports on AWS's services. */
function awsPorts(queueUrl: string, table: string): LogFilePorts {
  const [s3, dynamodb, sqs] = [new S3Client({}), new DynamoDBClient({}), new SQSClient({})];
  const put = (id: string, done: boolean, lease: number, condition?: string) => {
    const now = Math.floor(Date.now() / 1000);
    return dynamodb.send(
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
  };
  return {
    async open({ bucket, key }) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const stream = Body as Readable;
      return key.endsWith('.gz') ? compose(stream, createGunzip()) : stream;
    },
    async claim(id) {
      try {
        await put(id, false, leaseSeconds, 'attribute_not_exists(id) OR (#done = :false AND leaseUntil < :now)');
        return 'yours';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return error.Item?.done?.BOOL === true ? 'done' : 'busy';
        }
        throw error;
      }
    },
    async finish(id) {
      await put(id, true, 0);
    },
    async release(id) {
      await put(id, false, -1);
    },
    async send(bodies) {
      for (let begin = 0; begin < bodies.length; begin += batch) {
        const entries = bodies.slice(begin, begin + batch).map((MessageBody) => ({ Id: randomUUID(), MessageBody }));
        const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
        if (Failed.length > 0) {
          throw new Error(`${Failed.length} alerts were not accepted by the queue: ${Failed[0]?.Message}`);
        }
      }
    },
  };
}
