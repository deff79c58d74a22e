import { cbor, dateToTag } from '@smithy/core/cbor';
import type { NormalizedSchema } from '@smithy/core/schema';
import { MalformedRequest, readTime, toBytes } from './values';

type Plain = Record<string, unknown>;

/** A CBOR body → the SDK's shape. @throws MalformedRequest */
export function readCbor(shape: NormalizedSchema, body: Uint8Array): unknown {
  if (body.length === 0) {
    return {};
  }
  let value: unknown;
  try {
    value = cbor.deserialize(body);
  } catch (cause) {
    throw new MalformedRequest('The body is not valid CBOR.', { cause });
  }
  return readValue(shape, value);
}

function readValue(shape: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (shape.isStructSchema()) {
    const result: Plain = {};
    for (const [name, member] of shape.structIterator()) {
      const given = readValue(member, (value as Plain)[name]);
      if (given !== undefined) {
        result[name] = given;
      }
    }
    return result;
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    return (value as unknown[]).map((each) => readValue(item, each));
  }
  if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readValue(item, each)]));
  }
  if (shape.isTimestampSchema()) {
    return readTime(typeof value === 'object' && 'value' in value ? value.value : value);
  }
  return typeof value === 'bigint' ? Number(value) : value;
}

/** The SDK's shape → a CBOR body. */
export function writeCbor(shape: NormalizedSchema, value: unknown): Buffer {
  return Buffer.from(cbor.serialize(writeValue(shape, value) ?? {}));
}

function writeValue(shape: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (shape.isStructSchema()) {
    const result: Plain = {};
    for (const [name, member] of shape.structIterator()) {
      const given = writeValue(member, (value as Plain)[name]);
      if (given !== undefined) {
        result[name] = given;
      }
    }
    return result;
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    return Array.from(value as Iterable<unknown>, (each) => writeValue(item, each) ?? null);
  }
  if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return Object.fromEntries(entries.map(([key, each]) => [key, writeValue(item, each)]));
  }
  if (shape.isTimestampSchema()) {
    return dateToTag(value instanceof Date ? value : new Date(value as string));
  }
  return shape.isBlobSchema() ? toBytes(value) : value;
}
