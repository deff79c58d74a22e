import type { SecretReference } from '../settings';
import { fetchParameter } from './fetchParameter';

/** Bound to every ciphertext, so that a key's other ciphertexts do not decrypt here. */
export const encryptionContext = { purpose: 'garrison-notifier' } as const;

/** Reads a secret in the home region from where it lies. Clients load when the first secret of their kind is read. */
export async function fetchSecret(reference: SecretReference, region?: string): Promise<string> {
  switch (reference.kind) {
    case 'parameter':
      return fetchParameter(reference, region);
    case 'secret': {
      const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
      const answer = await new SecretsManagerClient({ region }).send(
        new GetSecretValueCommand({ SecretId: reference.id }),
      );
      return member(required(answer.SecretString), reference.key);
    }
    case 'ciphertext': {
      const { KMSClient, DecryptCommand } = await import('@aws-sdk/client-kms');
      const answer = await new KMSClient({ region }).send(
        new DecryptCommand({
          CiphertextBlob: Buffer.from(reference.ciphertext, 'base64'),
          EncryptionContext: { ...encryptionContext },
        }),
      );
      return Buffer.from(answer.Plaintext ?? []).toString('utf8');
    }
  }
}

class SecretEmpty extends Error {
  override readonly name = 'SecretEmpty';
}

function required(value: string | undefined): string {
  if (value === undefined || value === '') {
    throw new SecretEmpty('The secret is empty.');
  }
  return value;
}

function member(secret: string, key: string | undefined): string {
  if (key === undefined) {
    return secret;
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(secret);
  } catch {
    // The parser's own error would quote the secret.
    throw new SecretEmpty('The secret is not a JSON object.');
  }
  const value = (parsed as Record<string, unknown> | null)?.[key];
  return required(typeof value === 'string' ? value : undefined);
}
