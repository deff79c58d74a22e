import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ServiceError } from '../core/errors';
import type { ObjectVersion } from './state';

const fields = ['ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA1', 'ChecksumSHA256'] as const;

type Checksums = Partial<Record<(typeof fields)[number], string>>;

function computed(field: string, body: Buffer): string | undefined {
  if (field === 'ChecksumCRC32') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString('base64');
  }
  const [, bits] = /^ChecksumSHA(1|256)$/.exec(field) ?? [];
  return bits ? createHash(`sha${bits}`).update(body).digest('base64') : undefined;
}

/**
 * The checksums that came with a body, those that can be computed here having been compared.
 *
 * @throws ServiceError `BadDigest`, `InvalidDigest`
 */
export function checkBody(body: Buffer, input: Checksums & { ContentMD5?: string }): Record<string, string> {
  if (input.ContentMD5 !== undefined) {
    if (Buffer.from(input.ContentMD5, 'base64').length !== 16) {
      throw new ServiceError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
    }
    if (createHash('md5').update(body).digest('base64') !== input.ContentMD5) {
      throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400);
    }
  }
  const checksums: Record<string, string> = {};
  for (const field of fields) {
    const given = input[field];
    if (given === undefined) {
      continue;
    }
    const own = computed(field, body);
    if (own !== undefined && own !== given) {
      const name = field.replace('Checksum', '');
      throw new ServiceError('BadDigest', `The ${name} you specified did not match the calculated checksum.`, 400);
    }
    checksums[field] = given;
  }
  return checksums;
}

export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

interface ReadConditions {
  IfMatch?: string;
  IfNoneMatch?: string;
  IfModifiedSince?: Date;
  IfUnmodifiedSince?: Date;
}

function sameTag(etag: string, wanted: string): boolean {
  return wanted
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one.replaceAll('"', '') === etag.replaceAll('"', ''));
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

function failed(condition: string): ServiceError {
  return new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });
}

/** @throws ServiceError `PreconditionFailed` (412), `NotModified` (304) */
export function checkRead(version: ObjectVersion, input: ReadConditions): void {
  const { etag, lastModified } = version;
  if (input.IfMatch !== undefined && !sameTag(etag, input.IfMatch)) {
    throw failed('If-Match');
  }
  if (
    input.IfMatch === undefined &&
    input.IfUnmodifiedSince &&
    seconds(lastModified) > seconds(input.IfUnmodifiedSince)
  ) {
    throw failed('If-Unmodified-Since');
  }
  const notModified =
    input.IfNoneMatch === undefined
      ? input.IfModifiedSince && seconds(lastModified) <= seconds(input.IfModifiedSince)
      : sameTag(etag, input.IfNoneMatch);
  if (notModified) {
    throw new ServiceError('NotModified', 'Not Modified', 304);
  }
}

/** @throws ServiceError `PreconditionFailed`, `NoSuchKey` */
export function checkWrite(
  current: ObjectVersion | undefined,
  input: { IfMatch?: string; IfNoneMatch?: string },
): void {
  const present = current && !current.deleteMarker ? current : undefined;
  if (input.IfNoneMatch === '*' && present) {
    throw failed('If-None-Match');
  }
  if (input.IfMatch !== undefined && !present) {
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404);
  }
  if (input.IfMatch !== undefined && present && !sameTag(present.etag, input.IfMatch)) {
    throw failed('If-Match');
  }
}

/** First and last byte that a `Range` header asks for; `undefined` when it is to be ignored. */
export function readRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) {
    return undefined;
  }
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: header,
      ActualObjectSize: size,
    });
  }
  return end < start ? undefined : { start, end };
}
