import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import { isStranger } from '../core/strangers';
import { trailError } from './errors';
import type { Trail, Trails } from './state';

function caller(trails: Trails, trail: Pick<Trail, 'arn' | 'accountId'>) {
  const { accountId, arn } = trail;
  return trails.world.serviceCaller('cloudtrail.amazonaws.com', { accountId, arn });
}

/** Folders that CloudTrail makes in the bucket: the write is the proof that the bucket's policy lets it in. */
function folders(trail: Trail, trails: Trails): string[] {
  const prefix = trail.prefix ? `${trail.prefix}/` : '';
  const organization = trail.organization ? `${trails.world.organization.current?.id}/` : '';
  const owners = trail.organization ? [`${organization}${trail.accountId}`, trail.accountId] : [trail.accountId];
  return owners.map((owner) => `${prefix}AWSLogs/${owner}/CloudTrail/`);
}

/** Whether a bucket without a policy is taken as it is: from strangers. */
async function isTaken(trails: Trails, trail: Trail, context: CallContext): Promise<boolean> {
  const { world } = trails;
  if (!isStranger(context)) {
    return false;
  }
  const { accountId } = trail;
  const arn = `arn:${world.partition}:iam::${accountId}:root`;
  const root = { kind: 'root' as const, accountId, arn, userId: accountId };
  try {
    await world.call('s3', 'GetBucketPolicy', { Bucket: trail.bucket }, { caller: root, region: trail.homeRegion });
    return false;
  } catch (error) {
    return error instanceof ServiceError && error.code === 'NoSuchBucketPolicy';
  }
}

/**
 * Tries the bucket as CloudTrail does: reads its access list, writes into it.
 *
 * @throws ServiceError `S3BucketDoesNotExistException`, `InsufficientS3BucketPolicyException`
 */
export async function checkBucket(trails: Trails, trail: Trail, context: CallContext): Promise<void> {
  const { world } = trails;
  if (await isTaken(trails, trail, context)) {
    return;
  }
  const Bucket = trail.bucket;
  const as = { caller: caller(trails, trail), region: trail.homeRegion, accountId: trail.accountId };
  try {
    await world.call('s3', 'GetBucketAcl', { Bucket }, as);
    for (const Key of folders(trail, trails)) {
      await world.call('s3', 'PutObject', { Bucket, Key, Body: '', ACL: 'bucket-owner-full-control' }, as);
    }
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'NoSuchBucket') {
      throw trailError('S3BucketDoesNotExistException', `S3 bucket ${Bucket} does not exist!`);
    }
    if (error instanceof ServiceError && error.code === 'AccessDenied') {
      const message = `Incorrect S3 bucket policy is detected for bucket: ${Bucket}`;
      throw trailError('InsufficientS3BucketPolicyException', message);
    }
    throw error;
  }
}

/** The ARN of the topic of a name. @throws ServiceError `InsufficientSnsTopicPolicyException` */
export async function findTopic(trails: Trails, name: string, context: CallContext): Promise<string> {
  const { accountId, region } = context;
  const TopicArn = name.startsWith('arn:') ? name : `arn:${trails.world.partition}:sns:${region}:${accountId}:${name}`;
  const root = { kind: 'root' as const, accountId, arn: `arn:${trails.world.partition}:iam::${accountId}:root` };
  try {
    const as = { caller: { ...root, userId: accountId }, region };
    await trails.world.call('sns', 'GetTopicAttributes', { TopicArn }, as);
    return TopicArn;
  } catch (error) {
    if (error instanceof ServiceError) {
      const message = 'SNS Topic does not exist or the topic policy is incorrect!';
      throw trailError('InsufficientSnsTopicPolicyException', message);
    }
    throw error;
  }
}
