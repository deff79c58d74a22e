import type { NormalizedSchema } from '@smithy/core/schema';

/** A request whose text does not fit its schema. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
}

export type TimeFormat = 'date-time' | 'http-date' | 'epoch-seconds';

const timeFormats: Readonly<Record<number, TimeFormat>> = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };

/** The format that a timestamp's own trait names, else the protocol's. */
export function timeFormat(shape: NormalizedSchema, otherwise: TimeFormat): TimeFormat {
  const schema = shape.getSchema();
  return (typeof schema === 'number' ? timeFormats[schema] : undefined) ?? otherwise;
}

/** Seconds with milliseconds in date-time and epoch formats; HTTP dates have whole seconds. */
export function writeTime(value: unknown, format: TimeFormat): string | number {
  const date = value instanceof Date ? value : new Date(value as string | number);
  if (format === 'epoch-seconds') {
    return date.getTime() / 1000;
  }
  return format === 'http-date' ? date.toUTCString() : date.toISOString().replace('.000Z', 'Z');
}

/** Reads any of the three formats: clients are not strict about them. */
export function readTime(value: unknown): Date {
  const numeric = typeof value === 'number' || (typeof value === 'string' && /^-?[\d.]+(e\d+)?$/i.test(value));
  const date = numeric ? new Date(Number(value) * 1000) : new Date(String(value));
  if (Number.isNaN(date.getTime())) {
    throw new MalformedRequest(`Unable to parse the timestamp ${JSON.stringify(value)}.`);
  }
  return date;
}

export function toBytes(value: unknown): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value as Uint8Array);
}

/** A value that travels as text (form fields, XML, headers, query parameters, labels). */
export function readText(shape: NormalizedSchema, text: string): unknown {
  if (shape.isBooleanSchema()) {
    return readBoolean(text);
  }
  if (shape.isTimestampSchema()) {
    return readTime(text);
  }
  if (shape.isBlobSchema()) {
    return new Uint8Array(Buffer.from(text, 'base64'));
  }
  if (shape.isBigIntegerSchema()) {
    return BigInt(text);
  }
  if (shape.isNumericSchema() || shape.isBigDecimalSchema()) {
    return readNumber(text);
  }
  return text;
}

function readBoolean(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') {
    throw new MalformedRequest(`Expected true or false, not ${JSON.stringify(text)}.`);
  }
  return lower === 'true';
}

function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || (Number.isNaN(value) && text !== 'NaN')) {
    throw new MalformedRequest(`Expected a number, not ${JSON.stringify(text)}.`);
  }
  return value;
}

/** The text of a simple value. */
export function writeText(shape: NormalizedSchema, value: unknown, format: TimeFormat): string {
  if (shape.isTimestampSchema()) {
    return String(writeTime(value, timeFormat(shape, format)));
  }
  if (shape.isBlobSchema()) {
    return Buffer.from(toBytes(value)).toString('base64');
  }
  return String(value);
}
