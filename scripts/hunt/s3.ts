import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pMap from 'p-map';
import type { LogFile } from '../../detections/hunt/files';
import { GarrisonError } from '../../organization/errors';

const objectsAtOnce = 200;
const concurrency = 8;

/** Fetches the log files under `s3://bucket/prefix`, some at a time, and hands each batch over before the next. */
export async function fromS3(url: string, take: (files: readonly LogFile[]) => Promise<void>): Promise<void> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  if (!bucket) {
    throw new GarrisonError('option.s3', `${url} names no bucket`, 'Write s3://bucket/prefix.');
  }
  const { GetObjectCommand, S3Client, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined,
    followRegionRedirects: true,
  });
  const pages = paginateListObjectsV2({ client, pageSize: objectsAtOnce }, { Bucket: bucket, Prefix: prefix });
  for await (const page of pages) {
    const keys = (page.Contents ?? []).flatMap(({ Key }) =>
      Key && /\.(json|gz|jsonl|ndjson)$/.test(Key) && !Key.includes('CloudTrail-Digest') ? [Key] : [],
    );
    const folder = mkdtempSync(join(tmpdir(), 'garrison-hunt-'));
    try {
      const files = await pMap(
        keys,
        async (key, index) => {
          const path = join(folder, `${index}-${key.replace(/[^\w.-]/g, '_').slice(-150)}`);
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          await pipeline(Body as Readable, createWriteStream(path));
          return { path, bytes: statSync(path).size };
        },
        { concurrency },
      );
      await take(files);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
