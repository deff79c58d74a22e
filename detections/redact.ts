import type { Detection } from './detection';
import { type CloudTrailRecord, isRecord } from './record';

const secret =
  /^(sessionToken|securityToken|secretAccessKey|credentials|password|newPassword|oldPassword|secretString|secretBinary|privateKey|authCode|sAMLAssertion|webIdentityToken|token|accessToken|refreshToken|idToken)$/i;

/** A copy of a record that may be shown: without credentials, and where the response may hold some, without it. */
export function redacted(record: CloudTrailRecord, detection?: Detection): CloudTrailRecord {
  const { responseElements, ...rest } = record;
  return withoutSecrets(detection?.secretResponse ? rest : { ...rest, responseElements }) as CloudTrailRecord;
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutSecrets);
  }
  if (!isRecord(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (secret.test(key) ? [] : [[key, withoutSecrets(inner)]])),
  );
}
