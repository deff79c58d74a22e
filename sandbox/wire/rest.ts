import { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';
import { readJson, writeJson } from './json';
import type { OperationSchema } from './schema';
import { MalformedRequest, readText, timeFormat, toBytes, writeText, writeTime } from './values';
import { readXml, writeXml, writeXmlMembers } from './xml';
import { parseXml } from './xmlText';

export interface RestInput {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** What a REST output becomes. */
export interface RestOutput {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer | Readable | string;
}

type Format = 'rest-json' | 'rest-xml';

interface Bindings {
  httpLabel?: unknown;
  httpQuery?: string;
  httpQueryParams?: unknown;
  httpHeader?: string;
  httpPrefixHeaders?: string;
  httpPayload?: unknown;
  httpResponseCode?: unknown;
  mediaType?: string;
  xmlName?: string;
  xmlNamespace?: [string | undefined, string];
}

function bindingsOf(member: NormalizedSchema): Bindings {
  return member.getMergedTraits() as Bindings;
}

function isBody(member: NormalizedSchema): boolean {
  const bound = bindingsOf(member);
  return !(
    bound.httpLabel ||
    bound.httpQuery ||
    bound.httpQueryParams ||
    bound.httpHeader ||
    bound.httpPrefixHeaders ||
    bound.httpResponseCode
  );
}

function splitHeader(text: string): string[] {
  return [...text.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/g)]
    .map((match) => match[1]?.replace(/\\(.)/g, '$1') ?? match[2]?.trim() ?? '')
    .filter((part, index, all) => part !== '' || index < all.length - 1);
}

function readHeader(member: NormalizedSchema, text: string): unknown {
  if (member.isListSchema()) {
    const item = member.getValueSchema();
    const dates = item.isTimestampSchema() && timeFormat(item, 'http-date') === 'http-date';
    const parts = dates ? (text.match(/[^,]+,[^,]+/g) ?? []) : splitHeader(text);
    return parts.map((part) => readText(item, part.trim()));
  }
  const media = bindingsOf(member).mediaType;
  return media && member.isStringSchema() ? Buffer.from(text, 'base64').toString('utf8') : readText(member, text);
}

function readPrefixed(prefix: string, headers: RestInput['headers']): Record<string, string> | undefined {
  const start = prefix.toLowerCase();
  const found = Object.entries(headers).filter(([name]) => name.startsWith(start));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(start.length), value ?? '']));
}

function readQueryMember(member: NormalizedSchema, name: string, query: URLSearchParams): unknown {
  if (!query.has(name)) {
    return undefined;
  }
  if (member.isListSchema()) {
    const item = member.getValueSchema();
    return query.getAll(name).map((text) => readText(item, text));
  }
  return readText(member, query.get(name) ?? '');
}

/** Parameters that no member of their own names, as a map (Lambda tags, …). */
function readQueryMap(member: NormalizedSchema, shape: NormalizedSchema, query: URLSearchParams): unknown {
  const known = new Set([...shape.structIterator()].map(([, each]) => bindingsOf(each).httpQuery));
  const lists = member.getValueSchema().isListSchema();
  const names = [...new Set(query.keys())].filter((name) => !known.has(name));
  return Object.fromEntries(names.map((name) => [name, lists ? query.getAll(name) : query.get(name)]));
}

function readBound(name: string, member: NormalizedSchema, shape: NormalizedSchema, request: RestInput): unknown {
  const bound = bindingsOf(member);
  if (bound.httpLabel) {
    const label = request.labels[name];
    return label === undefined ? undefined : readText(member, label);
  }
  if (bound.httpQuery) {
    return readQueryMember(member, bound.httpQuery, request.query);
  }
  if (bound.httpQueryParams) {
    return readQueryMap(member, shape, request.query);
  }
  if (bound.httpPrefixHeaders !== undefined) {
    return readPrefixed(bound.httpPrefixHeaders, request.headers);
  }
  const header = request.headers[(bound.httpHeader ?? '').toLowerCase()];
  return header === undefined ? undefined : readHeader(member, header);
}

function readPayload(member: NormalizedSchema, body: Buffer, format: Format): unknown {
  if (member.isBlobSchema()) {
    return new Uint8Array(body);
  }
  if (member.isStringSchema()) {
    return body.toString('utf8');
  }
  if (body.length === 0) {
    return undefined;
  }
  return format === 'rest-xml'
    ? readXml(member, parseXml(body.toString('utf8')))
    : readJson(member, parseJson(body), true);
}

/** @throws MalformedRequest */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) {
    return {};
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new MalformedRequest('The body is not valid JSON.', { cause });
  }
}

/** Path, query, headers and body → the operation's input. @throws MalformedRequest */
export function readRest(operation: OperationSchema, request: RestInput, format: Format): Record<string, unknown> {
  const shape = operation.input;
  const input: Record<string, unknown> = {};
  if (!shape.isStructSchema()) {
    return input;
  }
  const members = [...shape.structIterator()];
  const payload = members.some(([, member]) => bindingsOf(member).httpPayload);
  if (!payload && request.body.length > 0 && members.some(([, member]) => isBody(member))) {
    const whole =
      format === 'rest-xml'
        ? readXml(shape, parseXml(request.body.toString('utf8')))
        : readJson(shape, parseJson(request.body), true);
    Object.assign(input, whole);
  }
  for (const [name, member] of members) {
    if (bindingsOf(member).httpPayload) {
      input[name] = readPayload(member, request.body, format);
    } else if (!isBody(member)) {
      input[name] = readBound(name, member, shape, request);
    }
    if (input[name] === undefined) {
      delete input[name];
    }
  }
  return input;
}

function writeHeader(member: NormalizedSchema, value: unknown): string {
  if (member.isListSchema()) {
    const item = member.getValueSchema();
    const texts = [...(value as Iterable<unknown>)].map((each) => writeText(item, each, 'http-date'));
    return texts
      .map((text) => (/[",]/.test(text) && !item.isTimestampSchema() ? JSON.stringify(text) : text))
      .join(', ');
  }
  if (member.isTimestampSchema()) {
    return String(writeTime(value, timeFormat(member, 'http-date')));
  }
  const media = bindingsOf(member).mediaType;
  return media && member.isStringSchema()
    ? Buffer.from(String(value)).toString('base64')
    : writeText(member, value, 'http-date');
}

function writeBody(member: NormalizedSchema, value: unknown, format: Format, xmlNamespace: string): RestOutput['body'] {
  if (value instanceof Readable) {
    return value;
  }
  if (member.isBlobSchema()) {
    return Buffer.from(toBytes(value));
  }
  if (member.isStringSchema()) {
    return String(value);
  }
  if (format === 'rest-json') {
    return JSON.stringify(writeJson(member, value, true));
  }
  const name = bindingsOf(member).xmlName ?? member.getName() ?? member.getMemberName();
  return document(writeXml(member, value, name), name, xmlNamespace);
}

function document(xml: string, name: string, xmlNamespace: string): string {
  const named =
    xmlNamespace && !/^<[^>]*xmlns/.test(xml) ? xml.replace(`<${name}`, `<${name} xmlns="${xmlNamespace}"`) : xml;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${named}`;
}

function bindOutput(member: NormalizedSchema, value: unknown, headers: Record<string, string>): void {
  const bound = bindingsOf(member);
  if (bound.httpHeader) {
    headers[bound.httpHeader.toLowerCase()] = writeHeader(member, value);
  } else if (bound.httpPrefixHeaders !== undefined) {
    for (const [key, each] of Object.entries(value as Record<string, string>)) {
      headers[`${bound.httpPrefixHeaders}${key}`.toLowerCase()] = String(each);
    }
  }
}

/** An operation's output → status, headers and body. */
export function writeRest(
  operation: OperationSchema,
  output: unknown,
  format: Format,
  xmlNamespace: string,
): RestOutput {
  const shape = operation.output;
  const headers: Record<string, string> = {};
  const value = (output ?? {}) as Record<string, unknown>;
  // An operation may answer with another status than its usual one: a part of an object with 206.
  const metadata = value.$metadata as { httpStatusCode?: number } | undefined;
  let status = metadata?.httpStatusCode ?? operation.http?.[2] ?? 200;
  let body: RestOutput['body'] | undefined;
  let payload = false;
  let inBody = false;
  for (const [name, member] of shape.isStructSchema() ? shape.structIterator() : []) {
    const bound = bindingsOf(member);
    const given = value[name];
    payload ||= Boolean(bound.httpPayload);
    inBody ||= isBody(member);
    if (given === undefined || given === null) {
      continue;
    }
    if (bound.httpResponseCode) {
      status = Number(given);
    } else if (bound.httpPayload) {
      body = writeBody(member, given, format, xmlNamespace);
    } else {
      bindOutput(member, given, headers);
    }
  }
  if (!payload && inBody) {
    body = writeWhole(operation, value, format, xmlNamespace);
  }
  headers['content-type'] ??= format === 'rest-json' ? 'application/json' : 'application/xml';
  return { status, headers, body: body ?? '' };
}

function writeWhole(operation: OperationSchema, value: unknown, format: Format, xmlNamespace: string): string {
  const shape = operation.output;
  if (format === 'rest-xml') {
    const name = bindingsOf(shape).xmlName ?? shape.getName() ?? `${operation.name}Result`;
    const content = writeXmlMembers(shape, value, (member) => !isBody(member));
    return document(`<${name}>${content}</${name}>`, name, xmlNamespace);
  }
  const bodyMembers = [...shape.structIterator()].filter(([, member]) => isBody(member)).map(([name]) => name);
  const kept = Object.fromEntries(bodyMembers.map((name) => [name, (value as Record<string, unknown>)[name]]));
  return JSON.stringify(writeJson(shape, kept, true));
}
