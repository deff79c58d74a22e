import { DescribeKeyCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SecretReference } from '../../notifier/settings';
import { encryptionContext } from '../../notifier/transports/fetchSecret';
import { GarrisonError } from '../../organization/errors';

/**
 * Stores a secret where the configuration says that it lies, under the key if the account has it.
 *
 * @throws GarrisonError `secret.notStored`, with AWS's code and never with the secret
 */
export async function storeSecret(
  reference: Exclude<SecretReference, { kind: 'ciphertext' }>,
  value: string,
  key: string,
  region: string,
): Promise<{ readonly place: string }> {
  try {
    const KeyId = await existingKey(key, region);
    if (reference.kind === 'parameter') {
      await new SSMClient({ region }).send(
        new PutParameterCommand({ Name: reference.name, Value: value, Type: 'SecureString', KeyId, Overwrite: true }),
      );
      return { place: `the SSM parameter ${reference.name} (${KeyId ?? "the account's own key"})` };
    }
    await storeInSecretsManager(reference, value, KeyId, region);
    return { place: `the secret ${reference.id}` };
  } catch (cause) {
    throw failure('secret.notStored', 'The secret could not be stored', cause);
  }
}

/**
 * Encrypts a secret for the notifier: base64.
 *
 * @throws GarrisonError `secret.notEncrypted`
 */
export async function encryptSecret(value: string, key: string, region: string): Promise<string> {
  try {
    const { CiphertextBlob } = await new KMSClient({ region }).send(
      new EncryptCommand({
        KeyId: key,
        Plaintext: Buffer.from(value, 'utf8'),
        EncryptionContext: { ...encryptionContext },
      }),
    );
    return Buffer.from(CiphertextBlob ?? []).toString('base64');
  } catch (cause) {
    throw failure('secret.notEncrypted', `The secret could not be encrypted under ${key}`, cause);
  }
}

async function storeInSecretsManager(
  { id, key }: Extract<SecretReference, { kind: 'secret' }>,
  value: string,
  KmsKeyId: string | undefined,
  region: string,
): Promise<void> {
  const client = new SecretsManagerClient({ region });
  const existing = await client.send(new GetSecretValueCommand({ SecretId: id })).catch((error: Error) => {
    if (error.name === 'ResourceNotFoundException') {
      return undefined;
    }
    throw error;
  });
  const SecretString = key === undefined ? value : JSON.stringify({ ...members(existing?.SecretString), [key]: value });
  await (existing === undefined
    ? client.send(new CreateSecretCommand({ Name: id, SecretString, KmsKeyId }))
    : client.send(new PutSecretValueCommand({ SecretId: id, SecretString })));
}

function members(secret: string | undefined): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(secret ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The alias stands once `garrison apply` has run; before, and without it, AWS's own key has to do. */
async function existingKey(key: string, region: string): Promise<string | undefined> {
  try {
    await new KMSClient({ region }).send(new DescribeKeyCommand({ KeyId: key }));
    return key;
  } catch (error) {
    const absent = error instanceof Error && ['NotFoundException', 'AccessDeniedException'].includes(error.name);
    if (absent && key === 'alias/garrison') {
      return undefined;
    }
    throw error;
  }
}

function failure(code: string, what: string, cause: unknown): GarrisonError {
  const name = cause instanceof Error ? cause.name : 'unknown error';
  // The SDK's error can quote the request, and so the secret: neither its text nor the error itself goes on.
  return new GarrisonError(code, `${what}: ${name}.`, 'Run this as the security account, in the home region.');
}
