import { dnsSuffix } from '../common/arn';
import type { EndedCall, TrailDetails } from '../core/service';
import { eventKind } from '../core/trailNames';
import type { Buckets } from './state';

interface Input {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly VersionId?: string;
  readonly CopySource?: string;
  readonly Policy?: string;
}

/** Sub-resources that stand in the query: CloudTrail tells them with an empty text. */
const subresources: Readonly<Record<string, string>> = {
  PutBucketPolicy: 'policy',
  DeleteBucketPolicy: 'policy',
  PutBucketLifecycleConfiguration: 'lifecycle',
  DeleteBucketLifecycle: 'lifecycle',
  PutBucketAcl: 'acl',
  PutBucketCors: 'cors',
  DeleteBucketCors: 'cors',
  PutBucketEncryption: 'encryption',
  DeleteBucketEncryption: 'encryption',
  PutBucketVersioning: 'versioning',
  PutBucketTagging: 'tagging',
  DeleteBucketTagging: 'tagging',
  PutBucketReplication: 'replication',
  DeleteBucketReplication: 'replication',
  PutPublicAccessBlock: 'publicAccessBlock',
  DeletePublicAccessBlock: 'publicAccessBlock',
  PutBucketNotificationConfiguration: 'notification',
  PutBucketLogging: 'logging',
  PutObjectLockConfiguration: 'object-lock',
  DeleteObjects: 'delete',
};

/** Members that are a document of their own, told under their own names. */
const documents = [
  'LifecycleConfiguration',
  'VersioningConfiguration',
  'PublicAccessBlockConfiguration',
  'CORSConfiguration',
  'ServerSideEncryptionConfiguration',
  'ReplicationConfiguration',
  'NotificationConfiguration',
  'ObjectLockConfiguration',
  'Tagging',
];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function requestOf(operation: string, input: Input, host: string): Record<string, unknown> {
  const given = input as Readonly<Record<string, unknown>>;
  const told = documents.filter((name) => given[name] !== undefined && typeof given[name] === 'object');
  const subresource = subresources[operation];
  return {
    ...(input.Policy === undefined ? {} : { bucketPolicy: parsed(input.Policy) }),
    ...(input.Bucket === undefined ? {} : { bucketName: input.Bucket }),
    ...Object.fromEntries(told.map((name) => [name, given[name]])),
    Host: host,
    ...(subresource === undefined ? {} : { [subresource]: '' }),
    ...(input.Key === undefined ? {} : { key: input.Key }),
    ...(input.VersionId === undefined ? {} : { versionId: input.VersionId }),
    ...(input.CopySource === undefined ? {} : { 'x-amz-copy-source': input.CopySource }),
  };
}

/** What S3 answers in headers. */
function responseOf(operation: string, output: unknown): Record<string, unknown> | null {
  const { VersionId, DeleteMarker } = (output ?? {}) as { VersionId?: string; DeleteMarker?: boolean };
  const told = {
    ...(VersionId === undefined ? {} : { 'x-amz-version-id': VersionId }),
    ...(DeleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  };
  const write = /^(Put|Delete|Copy|Complete)Object$/.test(operation) || operation === 'CompleteMultipartUpload';
  return write && Object.keys(told).length > 0 ? told : null;
}

/** S3's calls as CloudTrail tells them; those on objects are data events of the bucket's account and region. */
export function trailDetails(buckets: Buckets, call: EndedCall): TrailDetails {
  const { operation, context } = call;
  const input = (call.input ?? {}) as Input;
  const name = input.Bucket ?? '';
  const bucket = buckets.all.get(name);
  const region = bucket?.region ?? context.region;
  const accountId = bucket?.accountId ?? context.accountId;
  const suffix = `s3.${region}.${dnsSuffix(context.world.partition)}`;
  const whole = { accountId, type: 'AWS::S3::Bucket', ARN: buckets.arn(name) };
  const isData = eventKind('s3', operation) === 'data';
  const objectArn = `${buckets.arn(name)}/${input.Key ?? ''}`;
  const object = {
    type: 'AWS::S3::Object',
    ...(input.Key === undefined ? { ARNPrefix: objectArn } : { ARN: objectArn }),
  };
  const bytesTransferredIn = Number(context.request?.headers['content-length'] ?? 0);
  return {
    requestParameters: requestOf(operation, input, name === '' ? suffix : `${name}.${suffix}`),
    responseElements: responseOf(operation, call.output),
    additionalEventData: {
      SignatureVersion: 'SigV4',
      CipherSuite: 'TLS_AES_128_GCM_SHA256',
      bytesTransferredIn,
      AuthenticationMethod: 'AuthHeader',
      bytesTransferredOut: 0,
    },
    ...(name === '' ? {} : { resources: isData ? [object, whole] : [whole] }),
    ...(isData ? { data: { type: 'AWS::S3::Object', arn: objectArn, accountId, region } } : {}),
  };
}
