import type { NormalizedSchema } from '@smithy/core/schema';
import { MalformedRequest, readTime, timeFormat, toBytes, writeTime } from './values';

type Plain = Record<string, unknown>;

function keyOf(name: string, member: NormalizedSchema, jsonNames: boolean): string {
  return jsonNames ? ((member.getMergedTraits().jsonName as string | undefined) ?? name) : name;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`;
}

function expect(fits: boolean, shape: NormalizedSchema, value: unknown): void {
  if (!fits) {
    throw new MalformedRequest(`${kindOf(value)} can not be converted to ${shape.getName() ?? 'the expected type'}`);
  }
}

/**
 * JSON as parsed → the SDK's shape (dates, bytes). `jsonNames` holds for REST-JSON, whose members have names of
 * their own on the wire.
 *
 * @throws MalformedRequest where a value has another type than its schema
 */
export function readJson(shape: NormalizedSchema, value: unknown, jsonNames: boolean): unknown {
  if (shape.isDocumentSchema() || value === null || value === undefined) {
    return value ?? undefined;
  }
  if (shape.isStructSchema()) {
    expect(typeof value === 'object' && !Array.isArray(value), shape, value);
    return readStructure(shape, value as Plain, jsonNames);
  }
  if (shape.isListSchema()) {
    expect(Array.isArray(value), shape, value);
    const item = shape.getValueSchema();
    return (value as unknown[]).map((each) => readJson(item, each, jsonNames));
  }
  if (shape.isMapSchema()) {
    expect(typeof value === 'object' && !Array.isArray(value), shape, value);
    const item = shape.getValueSchema();
    const entries = Object.entries(value as Plain).map(([key, each]) => [key, readJson(item, each, jsonNames)]);
    return Object.fromEntries(entries);
  }
  return readSimple(shape, value);
}

function readStructure(shape: NormalizedSchema, value: Plain, jsonNames: boolean): Plain {
  const result: Plain = {};
  for (const [name, member] of shape.structIterator()) {
    const given = value[keyOf(name, member, jsonNames)];
    if (given !== undefined && given !== null) {
      result[name] = readJson(member, given, jsonNames);
    }
  }
  return result;
}

function readSimple(shape: NormalizedSchema, value: unknown): unknown {
  if (shape.isTimestampSchema()) {
    return readTime(value);
  }
  if (shape.isBlobSchema()) {
    expect(typeof value === 'string', shape, value);
    return new Uint8Array(Buffer.from(value as string, 'base64'));
  }
  if (shape.isStringSchema()) {
    expect(typeof value !== 'object', shape, value);
    return String(value);
  }
  if (shape.isBooleanSchema()) {
    expect(typeof value === 'boolean' || value === 'true' || value === 'false', shape, value);
    return value === true || value === 'true';
  }
  if (shape.isNumericSchema()) {
    const number = Number(value);
    expect(typeof value !== 'object' && !Number.isNaN(number), shape, value);
    return number;
  }
  return shape.isBigIntegerSchema() ? BigInt(value as number) : value;
}

/** The SDK's shape → what `JSON.stringify` writes. */
export function writeJson(shape: NormalizedSchema, value: unknown, jsonNames: boolean): unknown {
  if (value === null || value === undefined) {
    return undefined;
  }
  if (shape.isDocumentSchema()) {
    return value;
  }
  if (shape.isStructSchema()) {
    const result: Plain = {};
    for (const [name, member] of shape.structIterator()) {
      const given = (value as Plain)[name];
      if (given !== undefined && given !== null) {
        result[keyOf(name, member, jsonNames)] = writeJson(member, given, jsonNames);
      }
    }
    return result;
  }
  if (shape.isListSchema()) {
    const item = shape.getValueSchema();
    return Array.from(value as Iterable<unknown>, (each) => writeJson(item, each, jsonNames) ?? null);
  }
  if (shape.isMapSchema()) {
    const item = shape.getValueSchema();
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return Object.fromEntries(entries.map(([key, each]) => [key, writeJson(item, each, jsonNames)]));
  }
  return writeSimple(shape, value);
}

function writeSimple(shape: NormalizedSchema, value: unknown): unknown {
  if (shape.isTimestampSchema()) {
    return writeTime(value, timeFormat(shape, 'epoch-seconds'));
  }
  if (shape.isBlobSchema()) {
    return Buffer.from(toBytes(value)).toString('base64');
  }
  if (shape.isNumericSchema() && typeof value === 'number' && !Number.isFinite(value)) {
    return String(value);
  }
  if (typeof value === 'bigint') {
    return Number(value);
  }
  return shape.isStringSchema() ? String(value) : value;
}
