import { readFileSync } from 'node:fs';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GarrisonError, type Place } from '../organization/errors';
import type { Host } from '../organization/messages';
import type { FileAsset } from './assembly';
import { zipFolder } from './zip';

/** What became of one asset. */
export interface PublishedAsset {
  readonly key: string;
  readonly outcome: 'uploaded' | 'already there';
}

/**
 * Puts assets into their bucket, those that are not there yet: keys are made from content.
 *
 * @throws GarrisonError `assets.bucket` when the bucket does not exist, `assets.denied`, `assets.failed`
 */
export async function publishAssets(
  assets: readonly FileAsset[],
  { s3, host, place }: { s3: S3Client; host: Host; place: Place },
): Promise<PublishedAsset[]> {
  return Promise.all(
    assets.map(async (asset) => {
      try {
        return await publish(asset, s3, host);
      } catch (cause) {
        throw failure(asset, place, cause);
      }
    }),
  );
}

async function publish(asset: FileAsset, s3: S3Client, host: Host): Promise<PublishedAsset> {
  if (await isThere(asset, s3)) {
    return { key: asset.key, outcome: 'already there' };
  }
  const body = asset.packaging === 'zip' ? zipFolder(asset.path) : readFileSync(asset.path);
  await s3.send(
    new PutObjectCommand({
      Bucket: asset.bucket,
      Key: asset.key,
      Body: body,
      ContentType: asset.packaging === 'zip' ? 'application/zip' : 'application/json',
    }),
  );
  host.emit({
    code: 'assets.uploaded',
    level: 'info',
    text: `Uploaded ${asset.key} to ${asset.bucket}`,
    data: { bucket: asset.bucket, key: asset.key, bytes: body.length },
  });
  return { key: asset.key, outcome: 'uploaded' };
}

async function isThere(asset: FileAsset, s3: S3Client): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: asset.bucket, Key: asset.key }));
    return true;
  } catch (error) {
    // Without s3:ListBucket a missing object looks like a forbidden one; the upload will tell.
    if (statusOf(error) === 404 || statusOf(error) === 403) {
      return false;
    }
    throw error;
  }
}

function failure(asset: FileAsset, place: Place, cause: unknown): GarrisonError {
  const error = cause as Error;
  const at = { ...place, operation: 's3:PutObject' };
  if (error.name === 'NoSuchBucket' || (error.name === 'NotFound' && statusOf(error) === 404)) {
    return new GarrisonError(
      'assets.bucket',
      `The assets bucket ${asset.bucket} does not exist`,
      'Run `garrison bootstrap` with credentials of the management account: the bucket is part of it.',
      at,
      { cause },
    );
  }
  if (statusOf(error) === 403) {
    return new GarrisonError(
      'assets.denied',
      `Upload of ${asset.key} to ${asset.bucket} was refused: ${error.message}`,
      'Run as the operator role of the security account.',
      at,
      { cause },
    );
  }
  return new GarrisonError(
    'assets.failed',
    `Upload of ${asset.key} to ${asset.bucket} failed: ${error.message}`,
    'Run the command again.',
    at,
    { cause },
  );
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
