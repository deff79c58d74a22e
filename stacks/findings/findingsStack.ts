import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { findingsBucketName } from '../../roles';
import { acknowledge } from '../acknowledge';
import { InlineSynthesizer } from '../inlineSynthesizer';
import { findingsKeyOutput, findingsStackName, type OrganizationModel, resourceNames } from '../model';
import { bucketStatements, keyStatement } from './statements';

/**
 * What GuardDuty exports findings to, from every region: a bucket and the key that its objects are encrypted with, both
 * in the home region. A stack of its own, so that findings stay when all else is taken out.
 */
export class FindingsStack extends Stack {
  constructor(scope: Construct, model: OrganizationModel) {
    super(scope, findingsStackName, {
      stackName: findingsStackName,
      description: 'Garrison: findings that GuardDuty exports',
      env: { account: model.securityAccountId, region: model.homeRegion },
      synthesizer: new InlineSynthesizer(),
    });
    const key = new Key(this, 'Key', {
      alias: resourceNames.findingsKeyAlias,
      description: 'Garrison: findings that GuardDuty exports',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(30),
    });
    Tags.of(key).add('garrison', 'key');
    key.addToResourcePolicy(keyStatement(model));
    const { findingsExpireAfterDays: days } = model;
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: findingsBucketName(model),
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      // Whoever wants it gone empties it first: `garrison remove --delete-findings`.
      removalPolicy: RemovalPolicy.DESTROY,
      lifecycleRules: [
        {
          id: 'findings',
          ...(days === undefined ? {} : { expiration: Duration.days(days) }),
          noncurrentVersionExpiration: Duration.days(90),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    for (const statement of bucketStatements(model, bucket, key)) {
      bucket.addToResourcePolicy(statement);
    }
    acknowledge(bucket, 'Only GuardDuty writes there; CloudTrail records who else reads or changes it.', [
      'AwsSolutions-S1',
    ]);
    new CfnOutput(this, findingsKeyOutput, { value: key.keyArn });
  }
}
