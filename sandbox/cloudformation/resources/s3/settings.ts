import type { Value, ValueMap } from '../../template/model';
import { map, maps, pick } from '../values';

interface S3Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** A property of a bucket and the operations that set and remove it. */
interface BucketSetting {
  readonly property: string;
  put(bucket: string, value: Value): S3Call;
  remove?(bucket: string): S3Call;
}

function setting(
  property: string,
  name: string,
  member: string,
  shape: (value: Value) => unknown,
  remove?: string,
): BucketSetting {
  return {
    property,
    put: (Bucket, value) => ({ operation: `PutBucket${name}`, input: { Bucket, [member]: shape(value) } }),
    remove: remove === undefined ? undefined : (Bucket) => ({ operation: `DeleteBucket${remove}`, input: { Bucket } }),
  };
}

function encryption(value: Value): unknown {
  return {
    Rules: maps(map(value).ServerSideEncryptionConfiguration).map(
      ({ ServerSideEncryptionByDefault, BucketKeyEnabled }) => ({
        ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
        BucketKeyEnabled,
      }),
    ),
  };
}

/** Templates have older names for some parts of a rule. */
function lifecycleRule(rule: ValueMap): unknown {
  const { Id: ID, Status, Prefix, TagFilters, ExpirationInDays, ExpirationDate, ExpiredObjectDeleteMarker } = rule;
  const tags = maps(TagFilters);
  const sizes = pick(rule, ['ObjectSizeGreaterThan', 'ObjectSizeLessThan']);
  const several = tags.length + Object.keys(sizes).length + (Prefix === undefined ? 0 : 1) > 1;
  const Filter = several ? { And: { Prefix, Tags: tags, ...sizes } } : { Prefix: Prefix ?? '', Tag: tags[0], ...sizes };
  const expires = { Days: ExpirationInDays, Date: ExpirationDate, ExpiredObjectDeleteMarker };
  const old = map(rule.NoncurrentVersionExpiration);
  const days = rule.NoncurrentVersionExpirationInDays ?? old.NoncurrentDays;
  const transitions = [...maps(rule.Transitions), ...(rule.Transition === undefined ? [] : [map(rule.Transition)])];
  return {
    ID,
    Status,
    Filter: tags.length === 0 && Object.keys(sizes).length === 0 ? { Prefix: Prefix ?? '' } : Filter,
    Expiration: Object.values(expires).some((each) => each !== undefined) ? expires : undefined,
    NoncurrentVersionExpiration:
      days === undefined ? undefined : { NoncurrentDays: days, NewerNoncurrentVersions: old.NewerNoncurrentVersions },
    Transitions:
      transitions.length === 0
        ? undefined
        : transitions.map(({ StorageClass, TransitionInDays: Days, TransitionDate }) => ({
            StorageClass,
            Days,
            Date: TransitionDate,
          })),
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
  };
}

function cors(value: Value): unknown {
  return {
    CORSRules: maps(map(value).CorsRules).map(
      ({ Id: ID, MaxAge: MaxAgeSeconds, ExposedHeaders: ExposeHeaders, ...rest }) => ({
        ...rest,
        ID,
        MaxAgeSeconds,
        ExposeHeaders,
      }),
    ),
  };
}

function filterOf({ Filter }: ValueMap): unknown {
  const FilterRules = map(map(Filter ?? null).S3Key).Rules;
  return FilterRules === undefined ? undefined : { Key: { FilterRules } };
}

function notifications(value: Value): unknown {
  const given = map(value);
  const list = (property: string, from: string, to: string) =>
    maps(given[property]).map((each) => ({ [to]: each[from], Events: [each.Event], Filter: filterOf(each) }));
  return {
    QueueConfigurations: list('QueueConfigurations', 'Queue', 'QueueArn'),
    TopicConfigurations: list('TopicConfigurations', 'Topic', 'TopicArn'),
    LambdaFunctionConfigurations: list('LambdaConfigurations', 'Function', 'LambdaFunctionArn'),
    EventBridgeConfiguration: given.EventBridgeConfiguration === undefined ? undefined : {},
  };
}

function logging(value: Value): unknown {
  const { DestinationBucketName: TargetBucket, LogFilePrefix: TargetPrefix = '' } = map(value);
  return { LoggingEnabled: { TargetBucket, TargetPrefix } };
}

/** In the order in which they are set: versions before what needs them. */
export const bucketSettings: readonly BucketSetting[] = [
  setting('OwnershipControls', 'OwnershipControls', 'OwnershipControls', (value) => value, 'OwnershipControls'),
  {
    property: 'PublicAccessBlockConfiguration',
    put: (Bucket, value) => ({
      operation: 'PutPublicAccessBlock',
      input: { Bucket, PublicAccessBlockConfiguration: value },
    }),
    remove: (Bucket) => ({ operation: 'DeletePublicAccessBlock', input: { Bucket } }),
  },
  {
    property: 'VersioningConfiguration',
    put: (Bucket, value) => ({ operation: 'PutBucketVersioning', input: { Bucket, VersioningConfiguration: value } }),
    remove: (Bucket) => ({
      operation: 'PutBucketVersioning',
      input: { Bucket, VersioningConfiguration: { Status: 'Suspended' } },
    }),
  },
  setting('BucketEncryption', 'Encryption', 'ServerSideEncryptionConfiguration', encryption, 'Encryption'),
  setting(
    'LifecycleConfiguration',
    'LifecycleConfiguration',
    'LifecycleConfiguration',
    (value) => ({ Rules: maps(map(value).Rules).map(lifecycleRule) }),
    'Lifecycle',
  ),
  setting('CorsConfiguration', 'Cors', 'CORSConfiguration', cors, 'Cors'),
  setting('NotificationConfiguration', 'NotificationConfiguration', 'NotificationConfiguration', notifications),
  setting('LoggingConfiguration', 'Logging', 'BucketLoggingStatus', logging),
  setting(
    'WebsiteConfiguration',
    'Website',
    'WebsiteConfiguration',
    (value) => {
      const { IndexDocument, ErrorDocument, RoutingRules, ...rest } = map(value);
      const rules = maps(RoutingRules).map(({ RoutingRuleCondition, RedirectRule }) => ({
        Condition: RoutingRuleCondition,
        Redirect: RedirectRule,
      }));
      return {
        ...rest,
        RoutingRules: RoutingRules === undefined ? undefined : rules,
        IndexDocument: IndexDocument === undefined ? undefined : { Suffix: IndexDocument },
        ErrorDocument: ErrorDocument === undefined ? undefined : { Key: ErrorDocument },
      };
    },
    'Website',
  ),
  {
    property: 'ObjectLockConfiguration',
    put: (Bucket, value) => ({
      operation: 'PutObjectLockConfiguration',
      input: { Bucket, ObjectLockConfiguration: value },
    }),
  },
];
