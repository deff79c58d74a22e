import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import type { Bucket, Buckets, Encryption, ObjectVersion } from './state';

interface Wanted {
  ServerSideEncryption?: string;
  SSEKMSKeyId?: string;
  BucketKeyEnabled?: boolean;
  SSECustomerAlgorithm?: string;
}

interface DefaultRule {
  ApplyServerSideEncryptionByDefault?: { SSEAlgorithm?: string; KMSMasterKeyID?: string };
  BucketKeyEnabled?: boolean;
}

function wantedFor(bucket: Bucket, input: Wanted): { algorithm: string; keyId?: string; bucketKey?: boolean } {
  const configuration = bucket.settings.get('BucketEncryption') as { Rules?: DefaultRule[] } | undefined;
  const rule = configuration?.Rules?.[0];
  const initial = rule?.ApplyServerSideEncryptionByDefault;
  const bucketKey = input.BucketKeyEnabled ?? rule?.BucketKeyEnabled;
  if (input.ServerSideEncryption) {
    return { algorithm: input.ServerSideEncryption, keyId: input.SSEKMSKeyId, bucketKey };
  }
  return { algorithm: initial?.SSEAlgorithm ?? 'AES256', keyId: initial?.KMSMasterKeyID, bucketKey };
}

function encryptionContext(buckets: Buckets, bucket: Bucket, key: string, bucketKey: boolean | undefined) {
  return { 'aws:s3:arn': bucketKey ? buckets.arn(bucket.name) : `${buckets.arn(bucket.name)}/${key}` };
}

async function kms<Output>(operation: string, input: object, bucket: Bucket, context: CallContext): Promise<Output> {
  const as = { caller: context.caller, region: bucket.region, accountId: bucket.accountId, via: 's3.amazonaws.com' };
  try {
    return await context.world.call<Output>('kms', operation, input, as);
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    if (error.code === 'AccessDeniedException') {
      throw new ServiceError('AccessDenied', error.message, 403);
    }
    throw new ServiceError(`KMS.${error.code}`, error.message, 400);
  }
}

/**
 * How a new object will be encrypted: as asked or as the bucket says, with a data key in the caller's name.
 *
 * @throws ServiceError `AccessDenied`, `KMS.…`
 */
export async function encryptionFor(
  buckets: Buckets,
  bucket: Bucket,
  key: string,
  input: Wanted,
  context: CallContext,
): Promise<Encryption> {
  if (input.SSECustomerAlgorithm) {
    throw new ServiceError(
      'NotImplemented',
      'The local organization does not keep objects under keys of the customer (SSE-C).',
      501,
    );
  }
  const { algorithm, keyId, bucketKey } = wantedFor(bucket, input);
  if (!algorithm.startsWith('aws:kms')) {
    return { algorithm };
  }
  const answer = await kms<{ KeyId: string; CiphertextBlob: Uint8Array }>(
    'GenerateDataKey',
    {
      KeyId: keyId ?? 'alias/aws/s3',
      KeySpec: 'AES_256',
      EncryptionContext: encryptionContext(buckets, bucket, key, bucketKey),
    },
    bucket,
    context,
  );
  return { algorithm, keyArn: answer.KeyId, bucketKey, encryptedKey: answer.CiphertextBlob };
}

/** Asks KMS, in the caller's name, for what reading an object needs. */
export async function openFor(
  buckets: Buckets,
  bucket: Bucket,
  version: ObjectVersion,
  context: CallContext,
): Promise<void> {
  const { encryption } = version;
  if (encryption?.encryptedKey) {
    const EncryptionContext = encryptionContext(buckets, bucket, version.key, encryption.bucketKey);
    await kms('Decrypt', { CiphertextBlob: encryption.encryptedKey, EncryptionContext }, bucket, context);
  }
}

/** Members of an answer that tell how an object is encrypted. */
export function encryptionMembers(encryption: Encryption | undefined) {
  return {
    ServerSideEncryption: encryption?.algorithm,
    SSEKMSKeyId: encryption?.keyArn,
    BucketKeyEnabled: encryption?.bucketKey,
  };
}
