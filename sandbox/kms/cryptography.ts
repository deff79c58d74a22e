import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes } from 'node:crypto';
import type {
  DecryptRequest,
  EncryptRequest,
  GenerateDataKeyPairRequest,
  GenerateDataKeyRequest,
  GenerateRandomRequest,
  ReEncryptRequest,
} from '@aws-sdk/client-kms';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { checkUsable, type Key, type Keys } from './state';

type EncryptionContext = Record<string, string> | undefined;

const magic = Buffer.from([1, 2, 2, 0]);
const algorithm = 'SYMMETRIC_DEFAULT';

/** The encryption context as authenticated data: the same pairs give the same bytes in whatever order. */
function authenticated(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}

function seal(key: Key, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const version = key.materials.length - 1;
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.materials[version] ?? Buffer.alloc(32), iv);
  cipher.setAAD(authenticated(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const arn = Buffer.from(key.arn);
  return Buffer.concat([magic, Buffer.from([arn.length, version]), arn, iv, cipher.getAuthTag(), sealed]);
}

/** The ARN of the key that a ciphertext was made with. */
export function keyOf(ciphertext: Uint8Array | undefined): string | undefined {
  const blob = Buffer.from(ciphertext ?? []);
  if (blob.length < 6 || !blob.subarray(0, 4).equals(magic)) {
    return undefined;
  }
  return blob.toString('utf8', 6, 6 + (blob[4] ?? 0));
}

function open(key: Key, ciphertext: Uint8Array, context: EncryptionContext): Buffer {
  const blob = Buffer.from(ciphertext);
  const start = 6 + (blob[4] ?? 0);
  try {
    const material = key.materials[blob[5] ?? 0] ?? Buffer.alloc(32);
    const decipher = createDecipheriv('aes-256-gcm', material, blob.subarray(start, start + 12));
    decipher.setAAD(authenticated(context));
    decipher.setAuthTag(blob.subarray(start + 12, start + 28));
    return Buffer.concat([decipher.update(blob.subarray(start + 28)), decipher.final()]);
  } catch {
    throw invalidCiphertext();
  }
}

function invalidCiphertext(): ServiceError {
  return new ServiceError('InvalidCiphertextException', '', 400);
}

function encryptionKey(keys: Keys, id: string | undefined, context: CallContext): Key {
  const key = keys.at(id, context);
  checkUsable(key);
  if (key.keyUsage !== 'ENCRYPT_DECRYPT' || key.keySpec !== algorithm) {
    throw new ServiceError(
      'InvalidKeyUsageException',
      `${key.arn} key usage is ${key.keyUsage} which is not valid for this operation.`,
      400,
    );
  }
  return key;
}

function decryptionKey(keys: Keys, blob: Uint8Array | undefined, named: string | undefined, context: CallContext): Key {
  const arn = keyOf(blob);
  if (!arn) {
    throw invalidCiphertext();
  }
  const key = encryptionKey(keys, arn, context);
  if (named && keys.at(named, context) !== key) {
    throw new ServiceError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
      400,
    );
  }
  return key;
}

function dataKeyBytes(input: { KeySpec?: string; NumberOfBytes?: number }): number {
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    throw new ServiceError('ValidationException', 'Please specify either number of bytes or key spec.', 400);
  }
  const count = input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32);
  if (count < 1 || count > 1024) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${count}' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024`,
      400,
    );
  }
  return count;
}

function newKeyPair(spec: string | undefined): { publicKey: Buffer; privateKey: Buffer } {
  const curves: Record<string, string> = {
    ECC_NIST_P256: 'prime256v1',
    ECC_NIST_P384: 'secp384r1',
    ECC_NIST_P521: 'secp521r1',
    ECC_SECG_P256K1: 'secp256k1',
  };
  const publicKeyEncoding = { type: 'spki', format: 'der' } as const;
  const privateKeyEncoding = { type: 'pkcs8', format: 'der' } as const;
  const [, bits] = /^RSA_(2048|3072|4096)$/.exec(spec ?? '') ?? [];
  if (bits) {
    return generateKeyPairSync('rsa', { modulusLength: Number(bits), publicKeyEncoding, privateKeyEncoding });
  }
  const namedCurve = curves[spec ?? ''];
  if (!namedCurve) {
    throw new ServiceError('UnsupportedOperationException', `The key pair spec ${spec} is not supported.`, 400);
  }
  return generateKeyPairSync('ec', { namedCurve, publicKeyEncoding, privateKeyEncoding });
}

function dataKeys(keys: Keys): Record<string, Handler> {
  const generate = (input: GenerateDataKeyRequest, context: CallContext) => {
    const key = encryptionKey(keys, input.KeyId, context);
    const plaintext = randomBytes(dataKeyBytes(input));
    return { KeyId: key.arn, Plaintext: plaintext, CiphertextBlob: seal(key, plaintext, input.EncryptionContext) };
  };
  const generatePair = (input: GenerateDataKeyPairRequest, context: CallContext) => {
    const key = encryptionKey(keys, input.KeyId, context);
    const pair = newKeyPair(input.KeyPairSpec);
    return {
      KeyId: key.arn,
      KeyPairSpec: input.KeyPairSpec,
      PublicKey: pair.publicKey,
      PrivateKeyPlaintext: pair.privateKey,
      PrivateKeyCiphertextBlob: seal(key, pair.privateKey, input.EncryptionContext),
    };
  };
  return {
    GenerateDataKey: generate,
    GenerateDataKeyWithoutPlaintext: (input, context) => {
      const { KeyId, CiphertextBlob } = generate(
        input.KeySpec || input.NumberOfBytes ? input : { ...input, KeySpec: 'AES_256' },
        context,
      );
      return { KeyId, CiphertextBlob };
    },
    GenerateDataKeyPair: generatePair,
    GenerateDataKeyPairWithoutPlaintext: (input, context) => {
      const { PrivateKeyPlaintext: _secret, ...answer } = generatePair(input, context);
      return answer;
    },
    GenerateRandom: (input: GenerateRandomRequest) => ({ Plaintext: randomBytes(input.NumberOfBytes ?? 32) }),
  };
}

/** Encrypt, Decrypt, ReEncrypt and data keys, with AES-256-GCM. */
export function cryptographicOperations(keys: Keys): Record<string, Handler> {
  return {
    Encrypt: (input: EncryptRequest, context) => {
      const key = encryptionKey(keys, input.KeyId, context);
      const plaintext = input.Plaintext ?? new Uint8Array(0);
      if (plaintext.length < 1 || plaintext.length > 4096) {
        throw new ServiceError(
          'ValidationException',
          "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length between 1 and 4096",
          400,
        );
      }
      const CiphertextBlob = seal(key, plaintext, input.EncryptionContext);
      return { KeyId: key.arn, CiphertextBlob, EncryptionAlgorithm: algorithm };
    },
    Decrypt: (input: DecryptRequest, context) => {
      const key = decryptionKey(keys, input.CiphertextBlob, input.KeyId, context);
      const Plaintext = open(key, input.CiphertextBlob ?? new Uint8Array(0), input.EncryptionContext);
      return { KeyId: key.arn, Plaintext, EncryptionAlgorithm: algorithm };
    },
    ReEncrypt: (input: ReEncryptRequest, context) => {
      const source = decryptionKey(keys, input.CiphertextBlob, input.SourceKeyId, context);
      const destination = encryptionKey(keys, input.DestinationKeyId, context);
      const plaintext = open(source, input.CiphertextBlob ?? new Uint8Array(0), input.SourceEncryptionContext);
      return {
        CiphertextBlob: seal(destination, plaintext, input.DestinationEncryptionContext),
        SourceKeyId: source.arn,
        KeyId: destination.arn,
        SourceEncryptionAlgorithm: algorithm,
        DestinationEncryptionAlgorithm: algorithm,
      };
    },
    ...dataKeys(keys),
  };
}
