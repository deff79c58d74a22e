import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';
import type { Queue } from './queue';

interface CachedKey {
  readonly blob: Uint8Array;
  readonly until: number;
}

const awsManaged = 'alias/aws/sqs';

/**
 * What SQS asks of KMS for a queue with a key: a data key for each sender, a decryption for each receiver, both
 * in the caller's name and reused for `KmsDataKeyReusePeriodSeconds`.
 */
export class QueueEncryption {
  private readonly keys = new Map<string, CachedKey>();

  /** @throws ServiceError `KmsAccessDenied`, `KmsNotFound`, … as KMS refuses the caller */
  async dataKey(queue: Queue, context: CallContext): Promise<Uint8Array | undefined> {
    const keyId = queue.attributes.get('KmsMasterKeyId');
    if (!keyId || this.isAwsManaged(keyId, context)) {
      return undefined;
    }
    const cacheKey = `${queue.arn} ${keyId} ${context.caller.arn}`;
    const now = context.world.now().getTime();
    const cached = this.keys.get(cacheKey);
    if (cached && cached.until > now) {
      return cached.blob;
    }
    const answer = await this.kms<{ CiphertextBlob: Uint8Array }>('GenerateDataKey', queue, context, {
      KeyId: keyId,
      KeySpec: 'AES_256',
      EncryptionContext: { 'aws:sqs:arn': queue.arn },
    });
    const until = now + queue.number('KmsDataKeyReusePeriodSeconds') * 1000;
    this.keys.set(cacheKey, { blob: answer.CiphertextBlob, until });
    return answer.CiphertextBlob;
  }

  /** @throws ServiceError as `dataKey` does */
  async open(blob: Uint8Array, queue: Queue, context: CallContext): Promise<void> {
    const cacheKey = `open ${queue.arn} ${context.caller.arn} ${Buffer.from(blob).toString('base64')}`;
    const now = context.world.now().getTime();
    if ((this.keys.get(cacheKey)?.until ?? 0) > now) {
      return;
    }
    await this.kms('Decrypt', queue, context, {
      CiphertextBlob: blob,
      EncryptionContext: { 'aws:sqs:arn': queue.arn },
    });
    this.keys.set(cacheKey, { blob, until: now + queue.number('KmsDataKeyReusePeriodSeconds') * 1000 });
  }

  private isAwsManaged(keyId: string, context: CallContext): boolean {
    if (!keyId.endsWith(awsManaged)) {
      return false;
    }
    if (context.caller.kind === 'service') {
      // The policy of the AWS managed key admits the account's principals only, and nobody can change it.
      throw new ServiceError(
        'KmsAccessDenied',
        `The key policy of ${awsManaged} does not admit ${context.caller.arn}.`,
      );
    }
    return true;
  }

  private async kms<Output>(operation: string, queue: Queue, context: CallContext, input: unknown): Promise<Output> {
    const [, , , region = context.region, accountId] = queue.arn.split(':');
    try {
      return await context.world.call<Output>('kms', operation, input, {
        caller: context.caller,
        region,
        accountId,
        via: 'sqs.amazonaws.com',
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      const codes: Record<string, string> = {
        AccessDeniedException: 'KmsAccessDenied',
        NotFoundException: 'KmsNotFound',
        DisabledException: 'KmsDisabled',
        KMSInvalidStateException: 'KmsInvalidState',
      };
      throw new ServiceError(codes[error.code] ?? error.code, error.message);
    }
  }
}
