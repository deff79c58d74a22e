import { createHash } from 'node:crypto';
import { CfnOutput, Duration, type Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  type AccountKind,
  AdministrationRole,
  ExecutionRole,
  OperatorRole,
  pairsAdministeredIn,
  pairsExecutedIn,
} from '../roles';
import { acknowledge } from './acknowledge';
import { InlineSynthesizer } from './inlineSynthesizer';
import { assetsBucketName, type OrganizationModel } from './model';

/**
 * Administration roles, alone: IAM refuses execution roles that trust a role which does not exist yet. In the
 * security account also the operator role and the bucket from which later stacks are deployed.
 */
export class AdministrationStack extends Stack {
  constructor(scope: Construct, model: OrganizationModel, account: 'management' | 'security') {
    super(scope, `garrison-administration-${account}`, {
      ...plain('garrison-administration', environment(model, account)),
      description: `Garrison: roles that run stack sets from the ${account} account`,
    });
    for (const pair of pairsAdministeredIn[account]) {
      new AdministrationRole(this, 'AdministrationRole', model, pair);
    }
    if (account === 'security') {
      new OperatorRole(this, 'OperatorRole', model);
      addAssetsBucket(this, model);
    }
  }
}

/**
 * Execution roles of one kind of account. The member variant names no account of its own, so one template serves
 * every account, however many there are.
 */
export class ExecutionStack extends Stack {
  constructor(scope: Construct, model: OrganizationModel, account: AccountKind) {
    super(scope, `garrison-execution-${account}`, {
      ...plain('garrison-execution', account === 'member' ? undefined : environment(model, account)),
      description: 'Garrison: roles through which stack sets work in this account',
    });
    for (const pair of pairsExecutedIn[account]) {
      new ExecutionRole(this, `${pair === 'management' ? 'Management' : 'Security'}Pair`, model, pair, account);
    }
    const features = featuresEverywhere(model);
    if (account === 'security' && features.length > 0) {
      new CfnOutput(this, 'Features', {
        value: features.join(' '),
        description: 'What the roles of every account allow besides',
      });
    }
  }
}

/**
 * What `bootstrap` was last told that the roles everywhere have to allow. It stands in the security account, where
 * `plan` can read it: it sees no member's roles.
 */
function featuresEverywhere({ rulesEverywhere, responders, ownPermissions = [] }: OrganizationModel): string[] {
  const own = JSON.stringify(ownPermissions.map((permission) => ({ ...permission, kinds: [...permission.kinds] })));
  return [
    ...(rulesEverywhere ? ['detections'] : []),
    ...(responders ? ['responders'] : []),
    ...(ownPermissions.length > 0 ? [`own-${createHash('sha256').update(own).digest('hex').slice(0, 12)}`] : []),
  ];
}

/** Nothing to bootstrap: the template goes inline and the caller's own credentials deploy it. */
function plain(stackName: string, env: Environment | undefined) {
  return { stackName, env, synthesizer: new InlineSynthesizer() };
}

function environment(model: OrganizationModel, account: 'management' | 'security'): Environment {
  const id = account === 'management' ? model.managementAccountId : model.securityAccountId;
  return { account: id, region: model.homeRegion };
}

function addAssetsBucket(stack: Stack, model: OrganizationModel): void {
  const bucket = new Bucket(stack, 'Assets', {
    bucketName: assetsBucketName(model.securityAccountId, model.homeRegion),
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      {
        id: 'old-versions',
        noncurrentVersionExpiration: Duration.days(90),
        abortIncompleteMultipartUploadAfter: Duration.days(7),
      },
    ],
  });
  acknowledge(bucket, 'It holds what `cdk synth` wrote and no data; CloudTrail records who put it there.', [
    'AwsSolutions-S1',
  ]);
  (bucket.node.defaultChild as CfnBucket).overrideLogicalId('AssetsBucket');
  letAccountsRead(bucket, model);
}

/** CloudFormation reads the template of a quick-create link as the person who opens it. */
function letAccountsRead(bucket: Bucket, { linkAccountIds = [] }: OrganizationModel): void {
  if (linkAccountIds.length > 0) {
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TemplatesOfLinks',
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('links/*')],
        principals: linkAccountIds.map((accountId) => new AccountPrincipal(accountId)),
      }),
    );
  }
}
