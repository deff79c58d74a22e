import type { ProtocolName } from '../wire/schema';
import { ServiceError } from './errors';

/** How the wire of a service words what happens before an operation runs. */
export type Dialect = 'json' | 'query' | 'ec2' | 's3' | 'rest-json';

export function dialectOf(protocol: ProtocolName, service: string, queryCompatible: boolean): Dialect {
  if (service === 's3') {
    return 's3';
  }
  if (queryCompatible) {
    return 'query';
  }
  return protocol === 'cbor' ? 'json' : protocol === 'rest-xml' ? 'query' : protocol;
}

type Wording = Readonly<Record<Dialect, readonly [code: string, status: number, message: string]>>;

const invalid = 'The security token included in the request is invalid.';
const expired = 'The security token included in the request is expired';
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.';

const unknownKey: Wording = {
  json: ['UnrecognizedClientException', 400, invalid],
  'rest-json': ['UnrecognizedClientException', 403, invalid],
  query: ['InvalidClientTokenId', 403, invalid],
  ec2: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
  s3: ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
};

const invalidToken: Wording = {
  ...unknownKey,
  s3: ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
};

const expiredToken: Wording = {
  json: ['ExpiredTokenException', 400, expired],
  'rest-json': ['ExpiredTokenException', 403, expired],
  query: ['ExpiredToken', 403, expired],
  ec2: ['RequestExpired', 400, 'Request has expired.'],
  s3: ['ExpiredToken', 400, 'The provided token has expired.'],
};

const wrongSignature: Wording = {
  json: ['InvalidSignatureException', 400, mismatch],
  'rest-json': ['InvalidSignatureException', 403, mismatch],
  query: ['SignatureDoesNotMatch', 403, mismatch],
  ec2: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
  s3: [
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  ],
};

const missingToken: Wording = {
  json: ['MissingAuthenticationTokenException', 400, 'Missing Authentication Token'],
  'rest-json': ['MissingAuthenticationTokenException', 403, 'Missing Authentication Token'],
  query: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
  ec2: ['AuthFailure', 401, 'AWS was not able to validate the provided access credentials'],
  s3: ['AccessDenied', 403, 'Access Denied'],
};

const throttled: Wording = {
  json: ['ThrottlingException', 400, 'Rate exceeded'],
  'rest-json': ['TooManyRequestsException', 429, 'Rate exceeded'],
  query: ['Throttling', 400, 'Rate exceeded'],
  ec2: ['RequestLimitExceeded', 503, 'Request limit exceeded.'],
  s3: ['SlowDown', 503, 'Please reduce your request rate.'],
};

const denied: Wording = {
  json: ['AccessDeniedException', 400, ''],
  'rest-json': ['AccessDeniedException', 403, ''],
  query: ['AccessDenied', 403, ''],
  ec2: ['UnauthorizedOperation', 403, 'You are not authorized to perform this operation. '],
  s3: ['AccessDenied', 403, ''],
};

const wordings = { unknownKey, invalidToken, expiredToken, wrongSignature, missingToken, throttled };

export type RefusalName = keyof typeof wordings;

/** The service's own error for a request that never reaches its operation. */
export function refusal(name: RefusalName, dialect: Dialect): ServiceError {
  const [code, status, message] = wordings[name][dialect];
  return new ServiceError(code, message, status);
}

/** Codes that differ from the habit of their protocol. */
const deniedCodes: Readonly<Record<string, string>> = { sns: 'AuthorizationError' };

/** The code and status that a service gives to `AccessDenied`. */
export function accessDenied(service: string, dialect: Dialect, message: string): ServiceError {
  const [code, status, prefix] = denied[dialect];
  return new ServiceError(deniedCodes[service] ?? code, prefix + message, status);
}

/** A signature made too long ago or too far ahead. */
export function skewed(dialect: Dialect, signedAt: string, now: Date, allowedMinutes: number): ServiceError {
  if (dialect === 's3') {
    const message = 'The difference between the request time and the current time is too large.';
    return new ServiceError('RequestTimeTooSkewed', message, 403);
  }
  const compact = (time: Date) => time.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const [code, status] = dialect === 'ec2' ? (['RequestExpired', 400] as const) : wordings.wrongSignature[dialect];
  const late = signedAt < compact(now);
  const edge = compact(new Date(now.getTime() + (late ? -1 : 1) * allowedMinutes * 60_000));
  const message = late
    ? `Signature expired: ${signedAt} is now earlier than ${edge} (${compact(now)} - ${allowedMinutes} min.)`
    : `Signature not yet current: ${signedAt} is still later than ${edge} (${compact(now)} + ${allowedMinutes} min.)`;
  return new ServiceError(code, message, status);
}
