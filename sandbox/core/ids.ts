import { randomBytes, randomInt, randomUUID } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function letters(count: number): string {
  return Array.from(randomBytes(count), (byte) => alphabet[byte & 31]).join('');
}

export type IdPrefix = 'AKIA' | 'ASIA' | 'ACCA' | 'AIDA' | 'AROA' | 'AGPA' | 'ANPA' | 'AIPA' | 'ASCA';

/** IAM's unique identifiers: a prefix for the kind of thing, then letters and digits (21 in all). */
export function uniqueId(prefix: IdPrefix): string {
  return prefix + letters(prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17);
}

/** The part of an access key id from which AWS can tell the account: here as in AWS, five bytes shifted by one bit. */
export function accessKeyId(prefix: 'AKIA' | 'ASIA', accountId: string): string {
  const number = (BigInt(accountId) << 7n) | (1n << 47n) | BigInt(randomInt(128));
  let text = '';
  for (let bits = number << 2n, index = 0; index < 10; index += 1, bits >>= 5n) {
    text = alphabet[Number(bits & 31n)] + text;
  }
  return prefix + text + letters(6);
}

/** The account that an access key's id tells; `undefined` when the text is no such id. */
export function accountOfKey(id: string): string | undefined {
  if (!/^A[KS]IA[A-Z2-7]{10,}$/.test(id)) {
    return undefined;
  }
  let bits = 0n;
  for (const letter of id.slice(4, 14)) {
    bits = (bits << 5n) | BigInt(alphabet.indexOf(letter));
  }
  return String((bits >> 9n) & 0xff_ffff_ffffn).padStart(12, '0');
}

/** Forty characters, as secret access keys have. */
export function secretKey(): string {
  return randomBytes(30).toString('base64');
}

/** An opaque session token: 356 characters that begin as those of the global endpoint do. */
export function sessionToken(): string {
  return `FQoGZXIvYXdzE${randomBytes(258).toString('base64').slice(1)}`;
}

export function requestId(): string {
  return randomUUID();
}
