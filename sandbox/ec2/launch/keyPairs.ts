import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type {
  CreateKeyPairRequest,
  DeleteKeyPairRequest,
  DescribeKeyPairsRequest,
  ImportKeyPairRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ec2Error, missingParameter } from '../errors';
import { type FilterFields, filtered } from '../filters';
import { newId } from '../ids';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place } from '../state';
import type { KeyPair } from './model';

function pairs(bytes: Buffer): string {
  return (bytes.toString('hex').match(/../g) ?? []).join(':');
}

function field(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, value]);
}

/** A number as SSH writes it: a zero byte keeps the highest bit from being a sign. */
function number(text: string | undefined): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64url');
  return (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

/** The public key in OpenSSH's form. */
function openSsh(key: KeyObject): { text: string; blob: Buffer } {
  const jwk = key.export({ format: 'jwk' });
  const type = jwk.kty === 'RSA' ? 'ssh-rsa' : 'ssh-ed25519';
  const parts = jwk.kty === 'RSA' ? [number(jwk.e), number(jwk.n)] : [Buffer.from(jwk.x ?? '', 'base64url')];
  const blob = Buffer.concat([Buffer.from(type), ...parts].map(field));
  return { text: `${type} ${blob.toString('base64')}`, blob };
}

/** SHA-256 in base64 for Ed25519; for RSA the hash of the private key's DER where EC2 made the pair, else MD5. */
function fingerprintOf(type: string, blob: Buffer, secret: Buffer | undefined): string {
  if (type === 'ed25519') {
    return createHash('sha256').update(blob).digest('base64');
  }
  const hash = secret ? createHash('sha1').update(secret) : createHash('md5').update(blob);
  return pairs(hash.digest());
}

function checkName(cell: Cell, name: string | undefined): string {
  if (!name) {
    throw missingParameter('KeyName');
  }
  if ([...cell.keyPairs.values()].some((pair) => pair.name === name)) {
    throw ec2Error('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);
  }
  return name;
}

function shapeOf(pair: KeyPair) {
  return {
    KeyPairId: pair.id,
    KeyName: pair.name,
    KeyFingerprint: pair.fingerprint,
    Tags: tagList(pair.tags),
  };
}

function create(input: CreateKeyPairRequest, { cell, ec2 }: Place) {
  const name = checkName(cell, input.KeyName);
  const type = input.KeyType ?? 'rsa';
  const made =
    type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { text, blob } = openSsh(made.publicKey);
  const secret = made.privateKey.export({ format: 'der', type: 'pkcs8' });
  const pair: KeyPair = {
    id: newId('key'),
    name,
    type,
    fingerprint: fingerprintOf(type, blob, secret),
    publicKey: text,
    createdAt: ec2.world.now(),
    tags: tagsOf(input.TagSpecifications, 'key-pair'),
  };
  cell.keyPairs.set(pair.id, pair);
  const form = type === 'rsa' ? ('pkcs1' as const) : ('pkcs8' as const);
  const KeyMaterial = made.privateKey.export({ format: 'pem', type: form as 'pkcs8' }).toString();
  return { ...shapeOf(pair), KeyMaterial };
}

/** Reads an OpenSSH or PEM public key. @throws ServiceError `InvalidKey.Format` */
function readPublicKey(material: Uint8Array | undefined): { type: string; text: string; blob: Buffer } {
  const text = Buffer.from(material ?? [])
    .toString('utf8')
    .trim();
  const [kind = '', base64 = ''] = text.split(/\s+/);
  const blob = Buffer.from(base64, 'base64');
  const announced = blob.length > 4 ? blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('utf8') : '';
  if (/^ssh-(rsa|ed25519)$/.test(kind) && announced === kind) {
    return { type: kind.slice(4), text, blob };
  }
  try {
    const key = createPublicKey(text);
    const type = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519';
    return { type, ...openSsh(key) };
  } catch (cause) {
    const error = ec2Error('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
    error.cause = cause;
    throw error;
  }
}

function importPair(input: ImportKeyPairRequest, { cell, ec2 }: Place) {
  const name = checkName(cell, input.KeyName);
  const { type, text, blob } = readPublicKey(input.PublicKeyMaterial);
  const pair: KeyPair = {
    id: newId('key'),
    name,
    type,
    fingerprint: fingerprintOf(type, blob, undefined),
    publicKey: text,
    createdAt: ec2.world.now(),
    tags: tagsOf(input.TagSpecifications, 'key-pair'),
  };
  cell.keyPairs.set(pair.id, pair);
  return shapeOf(pair);
}

const fields: FilterFields<KeyPair> = {
  fingerprint: (pair) => pair.fingerprint,
  'key-name': (pair) => pair.name,
  'key-pair-id': (pair) => pair.id,
};

function describe(input: DescribeKeyPairsRequest, { cell }: Place) {
  const { KeyNames = [], KeyPairIds = [] } = input;
  const all = [...cell.keyPairs.values()];
  const missing = KeyNames.find((name) => !all.some((pair) => pair.name === name));
  const lost = KeyPairIds.find((id) => !cell.keyPairs.has(id));
  if (missing !== undefined || lost !== undefined) {
    const message = `The key pair '${missing ?? lost}' does not exist`;
    throw ec2Error('InvalidKeyPair.NotFound', message);
  }
  const open = KeyNames.length + KeyPairIds.length === 0;
  const named = all.filter((pair) => open || KeyNames.includes(pair.name) || KeyPairIds.includes(pair.id));
  const found = filtered(named, input.Filters, fields, (pair) => pair.tags);
  const KeyPairs = found.map((pair) => ({
    ...shapeOf(pair),
    KeyType: pair.type,
    CreateTime: pair.createdAt,
    PublicKey: input.IncludePublicKey ? pair.publicKey : undefined,
  }));
  return { KeyPairs };
}

/** Key pairs: made, imported, listed, deleted. */
export const keyPairOperations: Operations = {
  CreateKeyPair: create,
  ImportKeyPair: importPair,
  DescribeKeyPairs: describe,
  DeleteKeyPair: (input: DeleteKeyPairRequest, { cell }) => {
    const pair = [...cell.keyPairs.values()].find(({ name, id }) => name === input.KeyName || id === input.KeyPairId);
    if (pair) {
      cell.keyPairs.delete(pair.id);
    }
    return { Return: true, KeyPairId: pair?.id };
  },
};
