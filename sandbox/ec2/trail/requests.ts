import type { NormalizedSchema } from '@smithy/core/schema';
import { earlyNames, itemNames } from './names';

interface Traits {
  readonly xmlName?: string;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function xmlName(name: string, member: NormalizedSchema): string {
  return (member.getMemberTraits() as Traits).xmlName ?? name;
}

/** Tags in specifications are a plain list. */
const plain = new Set(['tags']);

function earlyList(name: string, member: string, shape: NormalizedSchema, list: readonly unknown[]): unknown {
  const item = shape.getValueSchema();
  const written = list.map((each) => earlyValue(member, '', item, each));
  if (plain.has(name)) {
    return written;
  }
  if (list.length === 0) {
    return {};
  }
  const itemName = itemNames[member] ?? lower(member.replace(/s$/, ''));
  return { items: item.isStructSchema() ? written : written.map((each) => ({ [itemName]: each })) };
}

function earlyValue(member: string, name: string, shape: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Date) {
    return value.getTime();
  }
  if (value instanceof Uint8Array) {
    return undefined;
  }
  if (shape.isListSchema()) {
    return earlyList(name, member, shape, value as readonly unknown[]);
  }
  return shape.isStructSchema() ? earlyMembers(shape, value as Record<string, unknown>) : value;
}

/** Ranges and groups of a permission are told even where there are none. */
const alwaysTold = new Set(['UserIdGroupPairs', 'IpRanges', 'Ipv6Ranges', 'PrefixListIds']);

/** A specification has `tags`, a request to tag has a set. */
function tagsName(owner: Record<string, unknown>): string {
  return 'ResourceType' in owner ? 'tags' : 'tagSet';
}

function earlyMembers(shape: NormalizedSchema, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const permission = [...shape.structIterator()].some(([name]) => name === 'UserIdGroupPairs');
  for (const [name, member] of shape.structIterator()) {
    const given = value[name] ?? (permission && alwaysTold.has(name) ? [] : undefined);
    if (given !== undefined && given !== null && name !== 'DryRun') {
      const key = name === 'Tags' ? tagsName(value) : (earlyNames[name] ?? lower(xmlName(name, member)));
      result[key] = earlyValue(name, key, member, given);
    }
  }
  return result;
}

/** A request of EC2's early days in CloudTrail: lower camel case, lists under `items`. */
export function earlyRequest(shape: NormalizedSchema, input: Record<string, unknown>): Record<string, unknown> {
  return earlyMembers(shape, input);
}

function lateValue(shape: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (shape.isListSchema()) {
    return lateList(shape.getValueSchema(), value as readonly unknown[]);
  }
  return shape.isStructSchema() ? lateMembers(shape, value as Record<string, unknown>) : value;
}

/** Each item has its number; one alone stands without a list. */
function lateList(item: NormalizedSchema, list: readonly unknown[]): unknown {
  const written = list.map((each, index) => {
    const value = lateValue(item, each);
    const numbered = typeof value === 'object' && value !== null ? value : { content: value };
    return { ...numbered, tag: index + 1 };
  });
  return written.length === 1 ? written[0] : written;
}

function lateMembers(shape: NormalizedSchema, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of shape.structIterator()) {
    const given = value[name];
    if (given !== undefined && given !== null && (!Array.isArray(given) || given.length > 0)) {
      const key = xmlName(name, member);
      result[key.charAt(0).toUpperCase() + key.slice(1)] = lateValue(member, given);
    }
  }
  return result;
}

/** A request of EC2's later operations: the form as it is, in an object of the request's name. */
export function lateRequest(
  operation: string,
  shape: NormalizedSchema,
  input: Record<string, unknown>,
): Record<string, unknown> {
  return { [`${operation}Request`]: lateMembers(shape, input) };
}
