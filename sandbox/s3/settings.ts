import { randomUUID } from 'node:crypto';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import type { Bucket, Buckets } from './state';

/** A sub-resource that is kept as it was put. */
interface Setting {
  /** Operations are `Get…`, `Put…` and `Delete…` with this ending. */
  readonly ending: string;
  readonly deleteEnding?: string;
  /** Member of the put's input. */
  readonly member: string;
  /** Whether the get answers the member itself, or what is in it. */
  readonly wrapped: boolean;
  readonly initial?: unknown;
  readonly missing?: readonly [code: string, message: string];
  /** What S3 adds to what it is given. */
  complete?(value: unknown): unknown;
}

/** Every destination has an id, given or not. */
function withIds(value: unknown): unknown {
  const lists = ['LambdaFunctionConfigurations', 'QueueConfigurations', 'TopicConfigurations'];
  return Object.fromEntries(
    Object.entries(value as Record<string, unknown>).map(([name, each]) =>
      lists.includes(name) && Array.isArray(each)
        ? [name, each.map((one: { Id?: string }) => ({ ...one, Id: one.Id ?? randomUUID() }))]
        : [name, each],
    ),
  );
}

const settings: readonly Setting[] = [
  {
    ending: 'BucketCors',
    member: 'CORSConfiguration',
    wrapped: false,
    missing: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  },
  {
    ending: 'BucketLifecycleConfiguration',
    deleteEnding: 'BucketLifecycle',
    member: 'LifecycleConfiguration',
    wrapped: false,
    missing: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  },
  {
    ending: 'BucketTagging',
    member: 'Tagging',
    wrapped: false,
    missing: ['NoSuchTagSet', 'The TagSet does not exist'],
  },
  {
    ending: 'BucketWebsite',
    member: 'WebsiteConfiguration',
    wrapped: false,
    missing: ['NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'],
  },
  {
    ending: 'BucketReplication',
    member: 'ReplicationConfiguration',
    wrapped: true,
    missing: ['ReplicationConfigurationNotFoundError', 'The replication configuration was not found'],
  },
  { ending: 'BucketLogging', member: 'BucketLoggingStatus', wrapped: false, initial: {} },
  {
    ending: 'BucketNotificationConfiguration',
    member: 'NotificationConfiguration',
    wrapped: false,
    initial: {},
    complete: withIds,
  },
  { ending: 'BucketAccelerateConfiguration', member: 'AccelerateConfiguration', wrapped: false, initial: {} },
  {
    ending: 'BucketRequestPayment',
    member: 'RequestPaymentConfiguration',
    wrapped: false,
    initial: { Payer: 'BucketOwner' },
  },
  {
    ending: 'ObjectLockConfiguration',
    member: 'ObjectLockConfiguration',
    wrapped: true,
    missing: ['ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'],
  },
  {
    ending: 'PublicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    wrapped: true,
    missing: ['NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found'],
  },
  {
    ending: 'BucketOwnershipControls',
    member: 'OwnershipControls',
    wrapped: true,
    missing: ['OwnershipControlsNotFoundError', 'The bucket ownership controls were not found'],
  },
  {
    ending: 'BucketEncryption',
    member: 'ServerSideEncryptionConfiguration',
    wrapped: true,
    initial: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }] },
  },
];

/** What every new bucket has. */
export function initialSettings(): Map<string, unknown> {
  return new Map<string, unknown>([
    [
      'PublicAccessBlock',
      { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    ],
    ['BucketOwnershipControls', { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] }],
  ]);
}

type BucketInput = { Bucket?: string; ExpectedBucketOwner?: string } & Record<string, unknown>;

function operationsOf(buckets: Buckets, setting: Setting): Record<string, Handler> {
  const at = (input: BucketInput, context: CallContext) => buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
  return {
    [`Get${setting.ending}`]: (input: BucketInput, context: CallContext) => {
      const value = at(input, context).settings.get(setting.ending) ?? setting.initial;
      if (value === undefined) {
        const [code = '', message = ''] = setting.missing ?? [];
        throw new ServiceError(code, message, 404, { BucketName: input.Bucket });
      }
      return setting.wrapped ? { [setting.member]: value } : value;
    },
    [`Put${setting.ending}`]: (input: BucketInput, context: CallContext) => {
      const value = input[setting.member];
      if (value === undefined) {
        throw new ServiceError(
          'MalformedXML',
          'The XML you provided was not well-formed or did not validate against our published schema',
          400,
        );
      }
      at(input, context).settings.set(setting.ending, setting.complete?.(value) ?? value);
      return {};
    },
    [`Delete${setting.deleteEnding ?? setting.ending}`]: (input: BucketInput, context: CallContext) => {
      at(input, context).settings.delete(setting.ending);
      return {};
    },
  };
}

/** Whether a policy lets everybody in without a condition. */
function isPublic(policy: string): boolean {
  const { Statement } = JSON.parse(policy) as { Statement?: unknown };
  const statements = [Statement ?? []].flat() as { Effect?: string; Principal?: unknown; Condition?: unknown }[];
  const everybody = (principal: unknown) =>
    principal === '*' || JSON.stringify(principal ?? '').match(/"AWS":(\["\*"\]|"\*")/) !== null;
  return statements.some((one) => one.Effect === 'Allow' && everybody(one.Principal) && !one.Condition);
}

function malformedPolicy(message: string): ServiceError {
  return new ServiceError('MalformedPolicy', message, 400);
}

function checkPolicy(bucket: Bucket, policy: string): void {
  try {
    const { Statement } = JSON.parse(policy) as { Statement?: unknown };
    if (!Statement) {
      throw malformedPolicy('Missing required field Statement');
    }
  } catch (error) {
    throw error instanceof ServiceError
      ? error
      : malformedPolicy("Policies must be valid JSON and the first byte must be '{'");
  }
  const block = bucket.settings.get('PublicAccessBlock') as { BlockPublicPolicy?: boolean } | undefined;
  if (block?.BlockPublicPolicy && isPublic(policy)) {
    throw new ServiceError(
      'AccessDenied',
      'User is not authorized to perform: s3:PutBucketPolicy on resource: because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
      403,
    );
  }
}

function policies(buckets: Buckets): Record<string, Handler> {
  const missing = (bucket: Bucket) =>
    new ServiceError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: bucket.name });
  return {
    GetBucketPolicy: (input: BucketInput, context) => {
      const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
      if (!bucket.policy) {
        throw missing(bucket);
      }
      return { Policy: bucket.policy };
    },
    PutBucketPolicy: (input: BucketInput, context) => {
      const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
      const policy = String(input.Policy ?? '');
      checkPolicy(bucket, policy);
      bucket.policy = policy;
      return {};
    },
    DeleteBucketPolicy: (input: BucketInput, context) => {
      buckets.at(input.Bucket, context, input.ExpectedBucketOwner).policy = undefined;
      return {};
    },
    GetBucketPolicyStatus: (input: BucketInput, context) => {
      const bucket = buckets.at(input.Bucket, context, input.ExpectedBucketOwner);
      if (!bucket.policy) {
        throw missing(bucket);
      }
      return { PolicyStatus: { IsPublic: isPublic(bucket.policy) } };
    },
  };
}

function versioning(buckets: Buckets): Record<string, Handler> {
  return {
    GetBucketVersioning: (input: BucketInput, context) => ({
      Status: buckets.at(input.Bucket, context, input.ExpectedBucketOwner).versioning,
    }),
    PutBucketVersioning: (
      input: { Bucket?: string; VersioningConfiguration?: { Status?: 'Enabled' | 'Suspended' } },
      context,
    ) => {
      const status = input.VersioningConfiguration?.Status;
      if (status !== 'Enabled' && status !== 'Suspended') {
        throw new ServiceError(
          'IllegalVersioningConfigurationException',
          'The Versioning element must be specified',
          400,
        );
      }
      buckets.at(input.Bucket, context).versioning = status;
      return {};
    },
  };
}

function acls(buckets: Buckets): Record<string, Handler> {
  const answer = (input: BucketInput, context: CallContext) => {
    const owner = { ID: ownerId(buckets.at(input.Bucket, context).accountId) };
    return { Owner: owner, Grants: [{ Grantee: { ...owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
  };
  const put = (input: BucketInput, context: CallContext) => {
    const bucket = buckets.at(input.Bucket, context);
    const controls = bucket.settings.get('BucketOwnershipControls') as
      | { Rules?: { ObjectOwnership?: string }[] }
      | undefined;
    const enforced = controls?.Rules?.some((rule) => rule.ObjectOwnership === 'BucketOwnerEnforced');
    if (enforced && input.ACL !== 'private' && input.ACL !== 'bucket-owner-full-control') {
      throw new ServiceError('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400);
    }
    return {};
  };
  return { GetBucketAcl: answer, GetObjectAcl: answer, PutBucketAcl: put, PutObjectAcl: put };
}

/** The canonical user id of an account: 64 hexadecimal digits. */
export function ownerId(accountId: string): string {
  return Buffer.from(`canonical${accountId}canonical`).toString('hex').padEnd(64, '0').slice(0, 64);
}

/** Sub-resources of buckets: policy, versioning, encryption, life cycle, … */
export function settingOperations(buckets: Buckets): Record<string, Handler> {
  return Object.assign(
    {},
    ...settings.map((setting) => operationsOf(buckets, setting)),
    policies(buckets),
    versioning(buckets),
    acls(buckets),
  );
}
