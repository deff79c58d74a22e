import type { NormalizedSchema } from '@smithy/core/schema';
import { requiredCount } from './schema';

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/**
 * The first required member that an input lacks, in the words of AWS's own validation
 * (`tags.1.member.key`); `undefined` when nothing is missing.
 */
export function missingMember(shape: NormalizedSchema, value: unknown, path = ''): string | undefined {
  if (value === undefined || value === null || typeof value !== 'object') {
    return undefined;
  }
  if (shape.isStructSchema()) {
    return missingInStructure(shape, value as Record<string, unknown>, path);
  }
  if (shape.isListSchema() && Array.isArray(value)) {
    const item = shape.getValueSchema();
    if (!item.isStructSchema() && !item.isListSchema() && !item.isMapSchema()) {
      return undefined;
    }
    return firstOf(value, (each, index) => missingMember(item, each, `${path}.${index + 1}.member`));
  }
  if (shape.isMapSchema() && shape.getValueSchema().isStructSchema()) {
    const item = shape.getValueSchema();
    return firstOf(Object.entries(value), ([key, each]) => missingMember(item, each, `${path}.${key}.member`));
  }
  return undefined;
}

function firstOf<T>(items: readonly T[], find: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function missingInStructure(shape: NormalizedSchema, value: Record<string, unknown>, path: string): string | undefined {
  const required = requiredCount(shape);
  let position = 0;
  for (const [name, member] of shape.structIterator()) {
    const here = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
    const given = value[name];
    if (position++ < required && (given === undefined || given === null) && !member.isIdempotencyToken()) {
      return here;
    }
    const missing = missingMember(member, given, here);
    if (missing !== undefined) {
      return missing;
    }
  }
  return undefined;
}
