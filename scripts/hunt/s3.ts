import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import pMap from 'p-map';
import { isLogBefore, type LogFile } from '../../detections/hunt/files';
import { GarrisonError } from '../../organization/errors';

const objectsAtOnce = 200;
const concurrency = 8;

/** Some of the log files under a prefix, and why others could not be fetched. */
export interface FetchedFiles {
  readonly files: readonly LogFile[];
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Fetches the log files under `s3://bucket/prefix`, some at a time, and hands each batch over before the next. Objects
 * that a date in their key puts before `since` (ISO 8601) are left out.
 *
 * @throws GarrisonError when the bucket cannot be listed
 */
export async function fromS3(
  url: string,
  since: string | undefined,
  take: (fetched: FetchedFiles) => Promise<void>,
): Promise<void> {
  const place = placeOf(url);
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    // The bucket may lie in any region.
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    followRegionRedirects: true,
    forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined || process.env.AWS_ENDPOINT_URL_S3 !== undefined,
  });
  for await (const keys of listed(client, url, place)) {
    const wanted = keys.filter((key) => !isLogBefore(`/${key}`, since));
    const folder = mkdtempSync(join(tmpdir(), 'garrison-hunt-'));
    try {
      await take(await fetched(client, place, wanted, folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function placeOf(url: string): Place {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  if (!bucket) {
    throw new GarrisonError('option.s3', `${url} names no bucket`, 'Write s3://bucket/prefix.');
  }
  return { bucket, prefix };
}

async function* listed(client: S3Client, url: string, { bucket, prefix }: Place): AsyncGenerator<string[]> {
  const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  try {
    for await (const page of paginateListObjectsV2(
      { client, pageSize: objectsAtOnce },
      { Bucket: bucket, Prefix: prefix },
    )) {
      yield (page.Contents ?? []).flatMap(({ Key }) =>
        Key && /\.(json|gz|jsonl|ndjson)$/.test(Key) && !/CloudTrail-(Digest|Insight)/.test(Key) ? [Key] : [],
      );
    }
  } catch (error) {
    throw new GarrisonError(
      's3.unreadable',
      `${url} cannot be listed: ${wordsOf(error)}`,
      'Needs s3:ListBucket on the bucket and s3:GetObject on its objects, with credentials from the environment.',
      { operation: 's3:ListBucket' },
      { cause: error },
    );
  }
}

async function fetched(
  client: S3Client,
  { bucket }: Place,
  keys: readonly string[],
  folder: string,
): Promise<FetchedFiles> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const failed: { file: string; reason: string }[] = [];
  const files = await pMap(
    keys,
    async (key, index): Promise<LogFile[]> => {
      const name = `s3://${bucket}/${key}`;
      const path = join(folder, String(index));
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        await pipeline(Body as Readable, createWriteStream(path));
        return [{ path, name, bytes: statSync(path).size }];
      } catch (error) {
        failed.push({ file: name, reason: `cannot be fetched: ${wordsOf(error)}` });
        return [];
      }
    },
    { concurrency },
  );
  return { files: files.flat(), failed };
}

/** AWS's own words; some refusals of S3 have none but their name. */
function wordsOf(error: unknown): string {
  const { name, message } = error as Error;
  return message && message !== 'UnknownError' && message !== name ? message : name;
}
