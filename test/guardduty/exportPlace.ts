import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '../../organization/sessions';

const condition = (accountId: string) => ({
  StringEquals: { 'aws:SourceAccount': accountId },
  ArnLike: { 'aws:SourceArn': `arn:aws:guardduty:*:${accountId}:detector/*` },
});

const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const guardDuty = { Service: ['guardduty.amazonaws.com', 'guardduty.me-south-1.amazonaws.com'] };

/** A bucket and a key of somebody's own that GuardDuty may export to; resolves with the key's ARN. */
export async function makeExportPlace(owner: Session, Bucket: string): Promise<string> {
  const { accountId } = owner;
  const kms = owner.client(KMSClient, 'us-east-1');
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const root = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const use = { Effect: 'Allow', Principal: guardDuty, Action: 'kms:GenerateDataKey', Resource: '*' };
  const Policy = document(root, { ...use, Condition: condition(accountId) });
  await kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, Policy }));
  await owner.client(S3Client, 'us-east-1').send(new CreateBucketCommand({ Bucket }));
  await admitGuardDuty(owner, Bucket, true);
  return KeyMetadata?.Arn as string;
}

/** Gives the bucket the policy that GuardDuty needs, or one that keeps it from writing. */
export async function admitGuardDuty(owner: Session, Bucket: string, mayWrite: boolean): Promise<void> {
  const Policy = document({
    Effect: 'Allow',
    Principal: guardDuty,
    Action: mayWrite ? ['s3:PutObject', 's3:GetBucketLocation'] : ['s3:GetBucketLocation'],
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    Condition: condition(owner.accountId),
  });
  await owner.client(S3Client, 'us-east-1').send(new PutBucketPolicyCommand({ Bucket, Policy }));
}
