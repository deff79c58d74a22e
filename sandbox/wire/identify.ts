import { ServiceError } from '../core/errors';
import type { LocalWorld } from '../core/localWorld';
import { type Dialect, refusal, skewed } from '../core/refusals';
import type { Caller, RawRequest } from '../core/service';
import { type Credential, signatureHolds, signingTime } from './signature';
import { signatureV2Holds } from './signatureV2';

const anonymous: Caller = { kind: 'anonymous', accountId: '', arn: 'anonymous', userId: 'anonymous' };

/** Minutes by which a request's time may differ: S3 allows more than the others. */
function allowedMinutes(dialect: Dialect): number {
  return dialect === 's3' ? 15 : 5;
}

function checkTime(world: LocalWorld, credential: Credential, dialect: Dialect): void {
  const signed = signingTime(credential);
  const now = world.now();
  if (credential.version2) {
    if (signed < now.getTime()) {
      throw new ServiceError('AccessDenied', 'Request has expired', 403);
    }
    return;
  }
  if (Number.isNaN(signed)) {
    const message = 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.';
    throw new ServiceError(refusal('wrongSignature', dialect).code, message, 403);
  }
  if (credential.presigned && credential.expires) {
    if (signed + credential.expires * 1000 < now.getTime()) {
      throw dialect === 's3'
        ? new ServiceError('AccessDenied', 'Request has expired', 403)
        : skewed(dialect, credential.time, now, 5);
    }
    return;
  }
  const minutes = allowedMinutes(dialect);
  if (Math.abs(now.getTime() - signed) > minutes * 60_000) {
    throw skewed(dialect, credential.time, now, minutes);
  }
}

/** The administrator as whom unknown keys may call, in a world that allows it; a key of 12 digits names the account. */
function stranger(world: LocalWorld, credential: Credential, anyKeyAccount: string | undefined): Caller | undefined {
  const id = world.accounts.has(credential.accessKeyId) ? credential.accessKeyId : anyKeyAccount;
  if (anyKeyAccount === undefined || id === undefined) {
    return undefined;
  }
  const administrator = world.administrators.get(id)?.();
  if (administrator) {
    return { ...administrator, accessKeyId: credential.accessKeyId };
  }
  const arn = `arn:${world.partition}:iam::${id}:root`;
  return { kind: 'root', accountId: id, arn, userId: id, accessKeyId: credential.accessKeyId };
}

/** Whether the account may act in the region: it stands, and has opted in. */
function checkPlace(world: LocalWorld, caller: Caller, region: string, dialect: Dialect): void {
  const account = world.accounts.get(caller.accountId);
  if (!account || account.status === 'SUSPENDED' || account.status === 'CLOSED') {
    throw refusal('unknownKey', dialect);
  }
  if (!account.enabledRegions.has(region)) {
    throw refusal('invalidToken', dialect);
  }
}

/**
 * Who calls.
 *
 * @throws ServiceError in the service's own words when the key is unknown or over, the signature wrong, the clock off
 */
export function identify(
  world: LocalWorld,
  request: RawRequest,
  credential: Credential | undefined,
  at: { region: string; dialect: Dialect; anyKeyAccount?: string },
): Caller {
  if (!credential) {
    return anonymous;
  }
  const { dialect } = at;
  const key = world.keys.find(credential.accessKeyId);
  if (!key) {
    const caller = stranger(world, credential, at.anyKeyAccount);
    if (!caller) {
      throw refusal('unknownKey', dialect);
    }
    return caller;
  }
  if (key.sessionToken !== undefined && key.sessionToken !== credential.sessionToken) {
    throw refusal('invalidToken', dialect);
  }
  checkTime(world, credential, dialect);
  const holds = credential.version2
    ? signatureV2Holds(request, key.secretAccessKey)
    : signatureHolds(request, credential, key.secretAccessKey);
  if (!holds) {
    throw refusal('wrongSignature', dialect);
  }
  if (key.expiresAt && key.expiresAt <= world.now()) {
    throw refusal('expiredToken', dialect);
  }
  const caller = key.caller();
  if (!caller) {
    throw refusal('unknownKey', dialect);
  }
  checkPlace(world, caller, at.region, dialect);
  return caller;
}
