import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

export function md5(data: string | Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

function lengthPrefixed(data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, data]);
}

function encoded([name, value]: [string, MessageAttributeValue]): Buffer {
  const type = value.DataType ?? '';
  const binary = type.startsWith('Binary');
  const data = binary ? Buffer.from(value.BinaryValue ?? []) : Buffer.from(value.StringValue ?? '');
  return Buffer.concat([
    lengthPrefixed(Buffer.from(name)),
    lengthPrefixed(Buffer.from(type)),
    Buffer.from([binary ? 2 : 1]),
    lengthPrefixed(data),
  ]);
}

/** The digest that clients check `MD5OfMessageAttributes` against: names in order, lengths before each part. */
export function md5OfAttributes(attributes: Record<string, MessageAttributeValue> | undefined): string | undefined {
  const entries = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : md5(Buffer.concat(entries.map(encoded)));
}

/** Bytes that a message counts against the size limit: body and attributes (name, type and value). */
export function messageSize(body: string, attributes: Record<string, MessageAttributeValue> | undefined): number {
  let size = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    size += Buffer.byteLength(name) + Buffer.byteLength(value.DataType ?? '');
    size += value.BinaryValue?.length ?? Buffer.byteLength(value.StringValue ?? '');
  }
  return size;
}
