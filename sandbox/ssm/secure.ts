import { ServiceError } from '../core/errors';
import type { CallContext } from '../core/service';

async function kms<Output>(operation: string, input: object, context: CallContext): Promise<Output> {
  const as = { caller: context.caller, region: context.region, accountId: context.accountId, via: 'ssm.amazonaws.com' };
  try {
    return await context.world.call<Output>('kms', operation, input, as);
  } catch (error) {
    if (error instanceof ServiceError && error.code !== 'AccessDeniedException') {
      throw new ServiceError('InvalidKeyId', error.message, 400);
    }
    throw error;
  }
}

/**
 * Encrypts a SecureString in the caller's name; its ARN is the encryption context.
 *
 * @throws ServiceError `InvalidKeyId`, `AccessDeniedException`
 */
export async function encrypt(value: string, keyId: string, arn: string, context: CallContext): Promise<string> {
  const input = { KeyId: keyId, Plaintext: Buffer.from(value), EncryptionContext: { PARAMETER_ARN: arn } };
  // KMS takes 4 KiB at most: longer values of advanced parameters are sealed piece by piece.
  const pieces: string[] = [];
  for (let start = 0; start < input.Plaintext.length; start += 4096) {
    const Plaintext = input.Plaintext.subarray(start, start + 4096);
    const sealed = await kms<{ CiphertextBlob: Uint8Array }>('Encrypt', { ...input, Plaintext }, context);
    pieces.push(Buffer.from(sealed.CiphertextBlob).toString('base64'));
  }
  return pieces.join('.');
}

/** @throws ServiceError as `encrypt` */
export async function decrypt(value: string, arn: string, context: CallContext): Promise<string> {
  const parts: Buffer[] = [];
  for (const piece of value.split('.')) {
    const CiphertextBlob = Buffer.from(piece, 'base64');
    const input = { CiphertextBlob, EncryptionContext: { PARAMETER_ARN: arn } };
    const opened = await kms<{ Plaintext: Uint8Array }>('Decrypt', input, context);
    parts.push(Buffer.from(opened.Plaintext));
  }
  return Buffer.concat(parts).toString('utf8');
}
