import type { ValueMap } from '../template/model';
import type { ResourceContext } from './provider';

/** A resource that a handler works on. */
export interface Handled {
  readonly physicalId: string;
  readonly properties: ValueMap;
}

/** What the handlers of a type call beside what makes, changes and removes the resource. */
export interface Handlers {
  readonly service: string;
  /** How requests name the resource: every member that one of the operations knows it by. */
  readonly names: (resource: Handled, context: ResourceContext) => ValueMap;
  /** Operations with which a resource is read: once it is made or changed, and to find drift. */
  readonly read: readonly string[];
  /** What a change of these properties calls besides. */
  readonly changes?: Readonly<Record<string, string>>;
  /** What creation alone calls besides. */
  readonly create?: readonly string[];
  /** Puts CloudFormation's own tags (`aws:cloudformation:…`) on what is made. */
  readonly tag?: string;
  readonly delete: readonly string[];
  /** What is asked of other services when one is made. */
  readonly elsewhere?: readonly { readonly service: string; readonly operation: string; readonly input: ValueMap }[];
}

const linkedRole = (service: string, RoleName: string) =>
  [
    { service: 'iam', operation: 'CreateServiceLinkedRole', input: { AWSServiceName: service } },
    { service: 'iam', operation: 'GetRole', input: { RoleName, Path: `/aws-service-role/${service}/` } },
  ] as const;

/**
 * The handlers of resource types, as far as their calls depend on no property. Source: `handlers` and `tagging` in AWS's
 * schemas of resource types.
 */
export const handlers: Readonly<Record<string, Handlers>> = {
  'AWS::CloudFormation::StackSet': {
    service: 'cloudformation',
    names: ({ physicalId }) => ({ StackSetName: physicalId }),
    read: ['DescribeStackSet', 'ListStackInstances'],
    delete: ['DescribeStackSet'],
    elsewhere: [{ service: 'cloudformation', operation: 'GetTemplateSummary', input: {} }],
  },
  'AWS::CloudWatch::Alarm': {
    service: 'monitoring',
    names: ({ physicalId }, { arn }) => ({
      AlarmNames: [physicalId],
      ResourceARN: arn('cloudwatch', `alarm:${physicalId}`),
    }),
    read: ['DescribeAlarms', 'ListTagsForResource'],
    tag: 'TagResource',
    delete: ['DescribeAlarms'],
  },
  'AWS::DynamoDB::Table': {
    service: 'dynamodb',
    names: ({ physicalId }) => ({ TableName: physicalId }),
    read: [
      'DescribeTable',
      'DescribeTimeToLive',
      'DescribeContinuousBackups',
      'DescribeContributorInsights',
      'DescribeKinesisStreamingDestination',
      'GetResourcePolicy',
      'ListTagsOfResource',
    ],
    delete: ['DescribeTable'],
  },
  'AWS::Events::EventBus': {
    service: 'events',
    names: ({ physicalId }, { arn }) => ({ Name: physicalId, ResourceARN: arn('events', `event-bus/${physicalId}`) }),
    read: ['DescribeEventBus', 'ListTagsForResource'],
    tag: 'TagResource',
    delete: ['DescribeEventBus', 'ListTagsForResource', 'UntagResource'],
  },
  'AWS::Events::EventBusPolicy': {
    service: 'events',
    names: ({ properties }) => ({ Name: properties.EventBusName ?? null }),
    read: ['DescribeEventBus'],
    delete: ['DescribeEventBus'],
  },
  'AWS::Events::Rule': {
    service: 'events',
    names: ({ physicalId, properties }, { arn }) => {
      const Name = physicalId.slice(physicalId.lastIndexOf('|') + 1);
      const ResourceARN = arn('events', `rule/${physicalId.replace('|', '/')}`);
      return { Name, Rule: Name, EventBusName: properties.EventBusName ?? null, ResourceARN };
    },
    read: ['DescribeRule', 'ListTagsForResource', 'ListTargetsByRule'],
    tag: 'TagResource',
    delete: ['DescribeRule', 'ListTargetsByRule'],
  },
  'AWS::GuardDuty::Detector': {
    service: 'guardduty',
    names: ({ physicalId }, { arn }) => ({
      DetectorId: physicalId,
      ResourceArn: arn('guardduty', `detector/${physicalId}`),
    }),
    read: ['GetDetector', 'ListTagsForResource'],
    tag: 'TagResource',
    delete: ['GetDetector', 'ListDetectors'],
    elsewhere: [
      ...linkedRole('guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDuty'),
      ...linkedRole('malware-protection.guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDutyMalwareProtection'),
    ],
  },
  'AWS::IAM::Role': {
    service: 'iam',
    names: ({ physicalId }) => ({ RoleName: physicalId }),
    changes: { Description: 'UpdateRoleDescription' },
    read: ['GetRole', 'GetRolePolicy', 'ListAttachedRolePolicies', 'ListRolePolicies'],
    delete: ['GetRole', 'ListAttachedRolePolicies', 'ListRolePolicies'],
  },
  'AWS::KMS::Alias': {
    service: 'kms',
    names: () => ({}),
    read: ['ListAliases'],
    delete: [],
  },
  'AWS::KMS::Key': {
    service: 'kms',
    names: ({ physicalId }) => ({ KeyId: physicalId }),
    read: ['DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags'],
    delete: ['DescribeKey'],
  },
  'AWS::Lambda::EventSourceMapping': {
    service: 'lambda',
    names: ({ physicalId }, { arn }) => ({
      UUID: physicalId,
      Resource: arn('lambda', `event-source-mapping:${physicalId}`),
    }),
    read: ['GetEventSourceMapping', 'ListTags'],
    tag: 'TagResource',
    delete: ['GetEventSourceMapping'],
  },
  'AWS::Lambda::Function': {
    service: 'lambda',
    names: ({ physicalId }) => ({ FunctionName: physicalId }),
    read: [
      'GetFunction',
      'GetFunctionCodeSigningConfig',
      'GetFunctionRecursionConfig',
      'GetFunctionScalingConfig',
      'GetRuntimeManagementConfig',
    ],
    tag: 'TagResource',
    delete: ['GetFunction'],
  },
  'AWS::Lambda::Permission': {
    service: 'lambda',
    names: ({ properties }) => ({ FunctionName: properties.FunctionName ?? null }),
    read: ['GetPolicy'],
    delete: [],
  },
  'AWS::Lambda::Url': {
    service: 'lambda',
    names: ({ properties }) => ({ FunctionName: properties.TargetFunctionArn ?? null }),
    read: ['GetFunctionUrlConfig'],
    delete: [],
  },
  'AWS::Logs::LogGroup': {
    service: 'logs',
    names: ({ physicalId }, { arn }) => ({
      logGroupName: physicalId,
      resourceArn: arn('logs', `log-group:${physicalId}`),
    }),
    read: [
      'DescribeIndexPolicies',
      'DescribeLogGroups',
      'DescribeResourcePolicies',
      'GetDataProtectionPolicy',
      'ListTagsForResource',
    ],
    tag: 'TagResource',
    delete: ['DescribeLogGroups'],
  },
  'AWS::S3::Bucket': {
    service: 's3',
    names: ({ physicalId }) => ({ Bucket: physicalId }),
    // By their actions, as they are all asked for, whatever the bucket has.
    read: [
      ...['Accelerate', 'Analytics', 'Encryption', 'IntelligentTiering', 'Inventory', 'Lifecycle', 'Metrics'].map(
        (part) => `Get${part}Configuration`,
      ),
      'GetReplicationConfiguration',
      ...['Abac', 'CORS', 'Logging', 'MetadataTableConfiguration', 'Notification', 'ObjectLockConfiguration'].map(
        (part) => `GetBucket${part}`,
      ),
      ...['OwnershipControls', 'PublicAccessBlock', 'Tagging', 'Versioning', 'Website'].map(
        (part) => `GetBucket${part}`,
      ),
      'ListBucket',
      'ListTagsForResource',
    ],
    tag: 'PutBucketTagging',
    delete: ['ListBucket'],
  },
  'AWS::S3::BucketPolicy': {
    service: 's3',
    names: ({ properties }) => ({ Bucket: properties.Bucket ?? null }),
    read: ['GetBucketPolicy'],
    delete: ['GetBucketPolicy'],
  },
  'AWS::SNS::Subscription': {
    service: 'sns',
    names: ({ physicalId }) => ({ SubscriptionArn: physicalId }),
    read: ['GetSubscriptionAttributes'],
    delete: ['GetSubscriptionAttributes'],
  },
  'AWS::SNS::Topic': {
    service: 'sns',
    names: ({ physicalId }) => ({ TopicArn: physicalId }),
    read: ['GetDataProtectionPolicy', 'GetTopicAttributes', 'ListSubscriptionsByTopic', 'ListTagsForResource'],
    tag: 'TagResource',
    delete: ['GetTopicAttributes'],
  },
  'AWS::SQS::Queue': {
    service: 'sqs',
    names: ({ physicalId }) => ({ QueueUrl: physicalId }),
    read: ['GetQueueAttributes', 'ListQueueTags'],
    create: ['GetQueueUrl'],
    delete: ['GetQueueAttributes'],
  },
};
