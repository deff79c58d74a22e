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

interface PublicKey {
  readonly type: string;
  /** In OpenSSH's form. */
  readonly text: string;
  readonly blob: Buffer;
  readonly der: Buffer;
}

function publicKeyOf(key: KeyObject): PublicKey {
  const jwk = key.export({ format: 'jwk' });
  const type = jwk.kty === 'RSA' ? 'ssh-rsa' : 'ssh-ed25519';
  const parts = jwk.kty === 'RSA' ? [number(jwk.e), number(jwk.n)] : [Buffer.from(jwk.x ?? '', 'base64url')];
  const blob = Buffer.concat([Buffer.from(type), ...parts].map(field));
  const der = key.export({ format: 'der', type: 'spki' });
  return { type: type.slice(4), text: `${type} ${blob.toString('base64')}`, blob, der };
}

/** SHA-256 for Ed25519; for RSA a hash of the private key's DER where EC2 made the pair, else of the public key's. */
function fingerprintOf(key: PublicKey, secret: Buffer | undefined): string {
  if (key.type === 'ed25519') {
    return createHash('sha256').update(key.blob).digest('base64');
  }
  const hash = secret ? createHash('sha1').update(secret) : createHash('md5').update(key.der);
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
    Tags: pair.tags.size > 0 ? tagList(pair.tags) : undefined,
  };
}

function create(input: CreateKeyPairRequest, { cell, ec2 }: Place) {
  const name = checkName(cell, input.KeyName);
  const type = input.KeyType ?? 'rsa';
  const made =
    type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKeyOf(made.publicKey);
  const secret = made.privateKey.export({ format: 'der', type: 'pkcs8' });
  const pair: KeyPair = {
    id: newId('key'),
    name,
    type,
    fingerprint: fingerprintOf(key, secret),
    publicKey: key.text,
    createdAt: ec2.world.now(),
    tags: tagsOf(input.TagSpecifications, 'key-pair'),
  };
  cell.keyPairs.set(pair.id, pair);
  const form = type === 'rsa' ? ('pkcs1' as const) : ('pkcs8' as const);
  const KeyMaterial = made.privateKey.export({ format: 'pem', type: form as 'pkcs8' }).toString();
  return { ...shapeOf(pair), KeyMaterial };
}

/** The parts of an SSH blob. */
function partsOf(blob: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const length = blob.readUInt32BE(at);
    parts.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}

/** A key as OpenSSH (one line) or RFC 4716 (between two) write it. */
function fromBlob(blob: Buffer): KeyObject {
  const [kind, first, second] = partsOf(blob);
  const text = (part: Buffer | undefined) => (part ?? Buffer.alloc(0)).toString('base64url');
  const jwk =
    kind?.toString('utf8') === 'ssh-rsa'
      ? { kty: 'RSA', e: text(first), n: text(second?.[0] === 0 ? second.subarray(1) : second) }
      : { kty: 'OKP', crv: 'Ed25519', x: text(first) };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

/** Reads a public key. @throws ServiceError `InvalidKey.Format` */
function readPublicKey(material: Uint8Array | undefined): PublicKey {
  const text = Buffer.from(material ?? [])
    .toString('utf8')
    .trim();
  const line = /^ssh-(?:rsa|ed25519)\s+(\S+)/.exec(text)?.[1];
  const between = /^---- BEGIN SSH2 PUBLIC KEY ----([\s\S]+?)---- END/.exec(text)?.[1];
  const base64 = line ?? between?.replace(/^[\w-]+:(?:.*\\\n)*.*$/gm, '');
  try {
    return publicKeyOf(base64 === undefined ? createPublicKey(text) : fromBlob(Buffer.from(base64, 'base64')));
  } catch (cause) {
    const error = ec2Error('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');
    error.cause = cause;
    throw error;
  }
}

function importPair(input: ImportKeyPairRequest, { cell, ec2 }: Place) {
  const name = checkName(cell, input.KeyName);
  const key = readPublicKey(input.PublicKeyMaterial);
  const pair: KeyPair = {
    id: newId('key'),
    name,
    type: key.type,
    fingerprint: fingerprintOf(key, undefined),
    publicKey: Buffer.from(input.PublicKeyMaterial ?? []).toString('utf8'),
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
