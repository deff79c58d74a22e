import type { NormalizedSchema } from '@smithy/core/schema';

interface Traits {
  readonly xmlName?: string;
}

function nameOf(name: string, member: NormalizedSchema): string {
  const chosen = (member.getMemberTraits() as Traits).xmlName ?? name;
  return chosen === 'return' ? '_return' : chosen.charAt(0).toLowerCase() + chosen.slice(1);
}

/** Lists whose items the records call `item`. */
const singular = new Set(['privateIpAddressesSet']);

function listValue(name: string, shape: NormalizedSchema, list: readonly unknown[]): unknown {
  if (list.length === 0) {
    return {};
  }
  const item = shape.getValueSchema();
  return { [singular.has(name) ? 'item' : 'items']: list.map((each) => earlyValue('', item, each)) };
}

function earlyValue(name: string, shape: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Date) {
    return value.getTime();
  }
  if (shape.isListSchema()) {
    return listValue(name, shape, value as readonly unknown[]);
  }
  return shape.isStructSchema() ? members(shape, value as Record<string, unknown>) : value;
}

function members(shape: NormalizedSchema, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of shape.structIterator()) {
    const given = value[name];
    if (given !== undefined && given !== null) {
      const key = nameOf(name, member);
      result[key] = earlyValue(key, member, given);
    }
  }
  return result;
}

/** An answer of EC2's early days in CloudTrail: names as in the XML, lists under `items`, times in milliseconds. */
export function earlyResponse(shape: NormalizedSchema, output: unknown, requestId: string): Record<string, unknown> {
  const told = shape.isStructSchema() ? members(shape, (output ?? {}) as Record<string, unknown>) : { _return: true };
  return { requestId, ...told };
}

function lateValue(shape: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (shape.isListSchema()) {
    const list = (value as readonly unknown[]).map((each) => lateValue(shape.getValueSchema(), each));
    return list.length === 0 ? '' : { item: list.length === 1 ? list[0] : list };
  }
  return shape.isStructSchema() ? lateMembers(shape, value as Record<string, unknown>) : value;
}

function lateMembers(shape: NormalizedSchema, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of shape.structIterator()) {
    const given = value[name];
    if (given !== undefined && given !== null) {
      const key = (member.getMemberTraits() as Traits).xmlName ?? name;
      result[key] = lateValue(member, given);
    }
  }
  return result;
}

/** An answer of EC2's later operations: the XML as it is, in an object of the response's name. */
export function lateResponse(
  operation: string,
  shape: NormalizedSchema,
  output: unknown,
  requestId: string,
): Record<string, unknown> {
  const told = shape.isStructSchema()
    ? lateMembers(shape, (output ?? {}) as Record<string, unknown>)
    : { return: true };
  const xmlns = 'http://ec2.amazonaws.com/doc/2016-11-15/';
  return { [`${operation}Response`]: { xmlns, requestId, ...told } };
}
