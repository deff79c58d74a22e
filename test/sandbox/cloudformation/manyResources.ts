// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so do templates write variables.
import { accountId, queue } from './stackScene';

const statement = (more: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...more }] });
const get = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });
/** One resource of each of many kinds, and what they need of each other. */
export const manyResources = {
  Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, PendingWindowInDays: 7 } },
  Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/many', TargetKeyId: { Ref: 'Key' } } },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 3, Prefix: 'tmp/' }] },
      Tags: [{ Key: 'a', Value: 'b' }],
    },
  },
  BucketPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Bucket' },
      PolicyDocument: statement({
        Principal: { AWS: accountId },
        Action: 's3:GetObject',
        Resource: { 'Fn::Sub': '${Bucket.Arn}/*' },
      }),
    },
  },
  Queue: queue(),
  QueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Queue' }],
      PolicyDocument: statement({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: get('Queue'),
      }),
    },
  },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { Subscription: [{ Protocol: 'sqs', Endpoint: get('Queue') }] } },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'many' } },
  BusPolicy: {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      StatementId: 'all',
      Statement: { Effect: 'Allow', Principal: { AWS: accountId }, Action: 'events:PutEvents', Resource: get('Bus') },
    },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['x'] },
      Targets: [{ Id: 'q', Arn: get('Queue') }],
    },
  },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    },
  },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 20 } } },
  Group: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 7 } },
  Filter: {
    Type: 'AWS::Logs::MetricFilter',
    Properties: {
      LogGroupName: { Ref: 'Group' },
      FilterPattern: 'ERROR',
      MetricTransformations: [{ MetricName: 'm', MetricNamespace: 'n', MetricValue: '1' }],
    },
  },
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      MetricName: 'm',
      Namespace: 'n',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    },
  },
  Repository: { Type: 'AWS::ECR::Repository', Properties: { ImageScanningConfiguration: { ScanOnPush: true } } },
  Detector: { Type: 'AWS::GuardDuty::Detector', Properties: { Enable: true } },
  Findings: {
    Type: 'AWS::GuardDuty::Filter',
    Properties: {
      DetectorId: { Ref: 'Detector' },
      Name: 'low',
      Action: 'ARCHIVE',
      Rank: 1,
      FindingCriteria: { Criterion: { severity: { Lt: 4 } } },
    },
  },
};

/** A function that runs inline code, with its role: `Function` and `Role`. */
export function functionOf(ZipFile: string) {
  const statement = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [statement] };
  return {
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Runtime: 'nodejs20.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile },
      },
    },
  };
}
