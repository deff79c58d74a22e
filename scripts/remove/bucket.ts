import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { explain } from '../../organization/failures';
import type { Session } from '../../organization/sessions';

/** Whether the bucket stands and is ours to look at. */
export async function bucketExists(bucket: string, session: Session): Promise<boolean> {
  try {
    await session.client(S3Client, session.homeRegion).send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404) {
      return false;
    }
    throw explain(error, { accountId: session.accountId, operation: 's3:HeadBucket' });
  }
}

/** Deletes the assets bucket with every version of what it holds: a later bootstrap needs its name. */
export async function deleteBucket(bucket: string, session: Session): Promise<void> {
  await emptyBucket(bucket, session);
  try {
    await session.client(S3Client, session.homeRegion).send(new DeleteBucketCommand({ Bucket: bucket }));
  } catch (error) {
    throw explain(error, { accountId: session.accountId, operation: 's3:DeleteBucket' });
  }
}

/** Deletes every version of what a bucket holds. */
export async function emptyBucket(bucket: string, session: Session): Promise<void> {
  const client = session.client(S3Client, session.homeRegion);
  try {
    // What was deleted is no longer listed: the first page is the next one.
    for (let page = await versions(bucket, client); page.length > 0; page = await versions(bucket, client)) {
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: page, Quiet: true } }),
      );
      if (Errors[0]) {
        throw new Error(`${Errors[0].Key}: ${Errors[0].Code}`);
      }
    }
  } catch (error) {
    throw explain(error, { accountId: session.accountId, operation: 's3:DeleteObjects' });
  }
}

async function versions(bucket: string, client: S3Client): Promise<{ Key: string; VersionId?: string }[]> {
  const page: ListObjectVersionsCommandOutput = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  return [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = '', VersionId }) => ({
    Key,
    VersionId,
  }));
}
