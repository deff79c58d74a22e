import {
  type CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, PutBucketPolicyCommand, type S3Client } from '@aws-sdk/client-s3';

/** Makes a trail with a bucket of its own, and starts it. */
export async function newTrail(
  s3: S3Client,
  cloudtrail: CloudTrailClient,
  Name: string,
  { accountId, data }: { readonly accountId: string; readonly data?: string },
): Promise<string> {
  await s3.send(new CreateBucketCommand({ Bucket: Name }));
  const Principal = { Service: 'cloudtrail.amazonaws.com' };
  const Statement = [
    { Effect: 'Allow', Principal, Action: 's3:GetBucketAcl', Resource: `arn:aws:s3:::${Name}` },
    {
      Effect: 'Allow',
      Principal,
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${Name}/AWSLogs/${accountId}/*`,
      Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await s3.send(new PutBucketPolicyCommand({ Bucket: Name, Policy }));
  const { TrailARN = '' } = await cloudtrail.send(new CreateTrailCommand({ Name, S3BucketName: Name }));
  const Values = data === undefined ? [] : [`arn:aws:s3:::${data}/`];
  const DataResources = Values.length === 0 ? [] : [{ Type: 'AWS::S3::Object', Values }];
  const EventSelectors = [{ ReadWriteType: 'All' as const, IncludeManagementEvents: true, DataResources }];
  await cloudtrail.send(new PutEventSelectorsCommand({ TrailName: TrailARN, EventSelectors }));
  await cloudtrail.send(new StartLoggingCommand({ Name: TrailARN }));
  return TrailARN;
}
