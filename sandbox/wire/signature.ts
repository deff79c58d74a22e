import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed request says about itself. */
export interface Credential {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken?: string;
  /** `YYYYMMDDTHHMMSSZ` */
  readonly time: string;
  readonly presigned: boolean;
  /** Seconds for which a presigned URL holds. */
  readonly expires?: number;
  /** A URL signed in Signature Version 2, of which `time` is the end. */
  readonly version2?: boolean;
}

export interface SignedRequest {
  readonly method: string;
  /** As on the wire. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** The credential of the `Authorization` header or of a presigned URL; `undefined` for an unsigned request. */
export function readCredential(request: SignedRequest): Credential | undefined {
  const { headers, query } = request;
  const authorization = headers.authorization;
  if (authorization?.startsWith('AWS4-')) {
    const field = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? '';
    const scope = scopeOf(field('Credential'));
    const time = headers['x-amz-date'] ?? compactDate(headers.date);
    return (
      scope && {
        ...scope,
        signedHeaders: field('SignedHeaders').split(';'),
        signature: field('Signature'),
        sessionToken: headers['x-amz-security-token'],
        time,
        presigned: false,
      }
    );
  }
  const scope = scopeOf(query.get('X-Amz-Credential') ?? '');
  return (
    scope && {
      ...scope,
      signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
      signature: query.get('X-Amz-Signature') ?? '',
      sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
      time: query.get('X-Amz-Date') ?? '',
      presigned: true,
      expires: Number(query.get('X-Amz-Expires') ?? 0),
    }
  );
}

function scopeOf(text: string): Pick<Credential, 'accessKeyId' | 'date' | 'region' | 'service'> | undefined {
  const parts = text.split('/');
  const [date, region, service] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  return accessKeyId && date && region !== undefined && service ? { accessKeyId, date, region, service } : undefined;
}

function compactDate(text: string | undefined): string {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** When the request was signed, in milliseconds; NaN when it does not say. */
export function signingTime(credential: Credential): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(credential.time);
  if (!parts) {
    return Number.NaN;
  }
  const [year = 0, month = 1, day, hour, minute, second] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** S3 signs the path once encoded, every other service signs it twice encoded. */
function canonicalPath(path: string, service: string): string {
  if (service === 's3' || service === 's3express') {
    return path
      .split('/')
      .map((part) => encode(decode(part)))
      .join('/');
  }
  return path.split('/').map(encode).join('/') || '/';
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function payloadHash(request: SignedRequest, credential: Credential): string {
  const named = request.headers['x-amz-content-sha256'];
  if (credential.service === 's3') {
    return named ?? 'UNSIGNED-PAYLOAD';
  }
  return named?.startsWith('STREAMING-') || named === 'UNSIGNED-PAYLOAD' ? named : sha256(request.body);
}

const signingKeys = new Map<string, Buffer>();

function signingKey(secret: string, credential: Credential): Buffer {
  const name = `${secret}/${credential.date}/${credential.region}/${credential.service}`;
  let key = signingKeys.get(name);
  if (!key) {
    const day = hmac(`AWS4${secret}`, credential.date);
    key = hmac(hmac(hmac(day, credential.region), credential.service), 'aws4_request');
    signingKeys.set(name, key);
    if (signingKeys.size > 5000) {
      signingKeys.delete(signingKeys.keys().next().value as string);
    }
  }
  return key;
}

/** Whether the request carries the signature that `secret` gives (Signature Version 4). */
export function signatureHolds(request: SignedRequest, credential: Credential, secret: string): boolean {
  const headers = credential.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  const canonical = [
    request.method,
    canonicalPath(request.path, credential.service),
    canonicalQuery(request.query),
    headers.join(''),
    credential.signedHeaders.join(';'),
    payloadHash(request, credential),
  ].join('\n');
  const scope = `${credential.date}/${credential.region}/${credential.service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', credential.time, scope, sha256(canonical)].join('\n');
  const expected = Buffer.from(hmac(signingKey(secret, credential), text).toString('hex'));
  const given = Buffer.from(credential.signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
