import { createHmac } from 'node:crypto';
import type { Credential, SignedRequest } from './signature';

/** Parameters that are part of the resource in Signature Version 2 (Amazon S3 Developer Guide). */
const subresources =
  /^(acl|cors|delete|lifecycle|location|logging|notification|partNumber|policy|requestPayment|tagging|torrent|uploadId|uploads|versionId|versioning|versions|website|response-.+)$/;

/** The credential of a URL presigned in Signature Version 2: old S3 clients still make such URLs. */
export function readCredentialV2(request: SignedRequest): Credential | undefined {
  const { query } = request;
  const accessKeyId = query.get('AWSAccessKeyId');
  const signature = query.get('Signature');
  const expires = Number(query.get('Expires'));
  if (!accessKeyId || !signature || !Number.isFinite(expires)) {
    return undefined;
  }
  const time = new Date(expires * 1000).toISOString().replace(/[-:]|\.\d{3}/g, '');
  return {
    accessKeyId,
    date: '',
    region: '',
    service: 's3',
    signedHeaders: [],
    signature,
    sessionToken: query.get('x-amz-security-token') ?? undefined,
    time,
    presigned: true,
    version2: true,
  };
}

function amazonHeaders(request: SignedRequest): string {
  const found = new Map<string, string>();
  for (const [name, value] of [...Object.entries(request.headers), ...request.query]) {
    if (name.toLowerCase().startsWith('x-amz-')) {
      found.set(name.toLowerCase(), value ?? '');
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
}

/** Whether the URL carries the signature that `secret` gives. */
export function signatureV2Holds(request: SignedRequest, secret: string): boolean {
  const parts = [...request.query]
    .filter(([name]) => subresources.test(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const resource = request.path + (parts.length > 0 ? `?${parts.join('&')}` : '');
  const { headers, query } = request;
  const text = [
    request.method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    query.get('Expires') ?? '',
    amazonHeaders(request) + resource,
  ].join('\n');
  return createHmac('sha1', secret).update(text).digest('base64') === query.get('Signature');
}
