import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { arnOfRole, attestationRoleNames } from '../../roles';
import { InlineSynthesizer } from '../inlineSynthesizer';
import { type OrganizationModel, recordStackName, resourceNames } from '../model';

/**
 * The evidence: who used a privilege, and what for. A stack of its own, so that it stays when all else is taken out,
 * and stands there when all else comes back.
 */
export class RecordStack extends Stack {
  constructor(scope: Construct, model: OrganizationModel) {
    super(scope, recordStackName, {
      stackName: recordStackName,
      description: 'Garrison: record of the use of privileges',
      env: { account: model.securityAccountId, region: model.homeRegion },
      synthesizer: new InlineSynthesizer(),
    });
    const key = new Key(this, 'Key', {
      alias: resourceNames.recordKeyAlias,
      description: 'Garrison: record of the use of privileges',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(30),
    });
    Tags.of(key).add('garrison', 'key');
    new Table(this, 'Record', {
      tableName: resourceNames.recordTable,
      partitionKey: { name: 'id', type: AttributeType.STRING },
      sortKey: { name: 'number', type: AttributeType.NUMBER },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      resourcePolicy: appendOnly(model),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Each end of the chain is said here, where nothing can be changed: what `garrison attest verify` compares with.
    new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${resourceNames.attestation}`,
      retention: RetentionDays.TEN_YEARS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

/**
 * Nobody changes an item or takes one away, whatever IAM allows them; only the attestation's functions add some, and
 * only in transactions. IAM knows no condition on `attribute_not_exists`: that nothing is written over, the functions
 * see to, and the chain of hashes proves.
 */
function appendOnly(model: OrganizationModel): PolicyDocument {
  const { partition, homeRegion, securityAccountId } = model;
  const table = `arn:${partition}:dynamodb:${homeRegion}:${securityAccountId}:table/${resourceNames.recordTable}`;
  const roles = attestationRoleNames.map((name) => arnOfRole(model, securityAccountId, name));
  const deny = (sid: string, actions: readonly string[], conditions?: Record<string, Record<string, unknown>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: [...actions],
      resources: [table],
      conditions,
    });
  return new PolicyDocument({
    statements: [
      deny('NothingIsChanged', [
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:PartiQLInsert',
        'dynamodb:PartiQLUpdate',
        'dynamodb:PartiQLDelete',
      ]),
      deny('OnlyFunctionsAdd', ['dynamodb:PutItem'], { ArnNotEquals: { 'aws:PrincipalArn': roles } }),
      deny('OnlyInTransactions', ['dynamodb:PutItem'], {
        'ForAllValues:StringNotEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
      }),
    ],
  });
}
