import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { RoleContext } from '../../roles';

// Source: GuardDuty user guide, "Exporting generated GuardDuty findings to Amazon S3 buckets", which asks for these
// statements, and for a service principal of its own for each Region that accounts opt in to.

/** What GuardDuty may do with the key: encrypt what it writes. */
export function keyStatement(context: RoleContext): PolicyStatement {
  return new PolicyStatement({
    sid: 'AllowGuardDutyKey',
    principals: guardDuty(context),
    actions: ['kms:GenerateDataKey'],
    resources: ['*'],
    conditions: forOurDetectors(context),
  });
}

/** What GuardDuty may do with the bucket: find it and write there, encrypted with our key alone. */
export function bucketStatements(context: RoleContext, bucket: IBucket, key: IKey): PolicyStatement[] {
  const principals = guardDuty(context);
  const conditions = forOurDetectors(context);
  const objects = [bucket.arnForObjects('*')];
  const deny = (sid: string, condition: Record<string, string>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals,
      actions: ['s3:PutObject'],
      resources: objects,
      conditions: { StringNotEquals: condition },
    });
  return [
    new PolicyStatement({
      sid: 'AllowGetBucketLocation',
      principals,
      actions: ['s3:GetBucketLocation'],
      resources: [bucket.bucketArn],
      conditions,
    }),
    new PolicyStatement({
      sid: 'AllowPutObject',
      principals,
      actions: ['s3:PutObject'],
      resources: objects,
      conditions,
    }),
    deny('DenyUnencryptedUploads', { 's3:x-amz-server-side-encryption': 'aws:kms' }),
    deny('DenyOtherKeys', { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.keyArn }),
  ];
}

function guardDuty({ optInRegions }: RoleContext): ServicePrincipal[] {
  const regional = optInRegions.map((region) => `guardduty.${region}.amazonaws.com`);
  return ['guardduty.amazonaws.com', ...regional].map((name) =>
    ServicePrincipal.fromStaticServicePrincipleName(name),
  ) as ServicePrincipal[];
}

/** The administrator's detectors of all regions export there, and nobody else's. */
function forOurDetectors({ partition, securityAccountId }: RoleContext) {
  return {
    StringEquals: { 'aws:SourceAccount': securityAccountId },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:guardduty:*:${securityAccountId}:detector/*` },
  };
}
