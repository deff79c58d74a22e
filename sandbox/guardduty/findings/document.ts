import { NormalizedSchema } from '@smithy/core/schema';

/** A JSON object. */
export interface Document {
  [name: string]: unknown;
}

type SchemaSource = Parameters<typeof NormalizedSchema.of>[0];

/** A value in the SDK's names, renamed to those on the wire by its schema. Dates become seconds since 1970. */
export function toDocument(schema: SchemaSource, value: unknown): unknown {
  const normalized = NormalizedSchema.of(schema);
  if (value === undefined || value === null) {
    return undefined;
  }
  if (value instanceof Date) {
    return value.getTime() / 1000;
  }
  if (Array.isArray(value)) {
    return value.map((item) => toDocument(normalized.getValueSchema(), item));
  }
  if (normalized.isStructSchema()) {
    return structure(normalized, value as Document);
  }
  if (normalized.isMapSchema()) {
    const entries = Object.entries(value as Document);
    return Object.fromEntries(entries.map(([key, item]) => [key, toDocument(normalized.getValueSchema(), item)]));
  }
  return value;
}

function structure(schema: NormalizedSchema, value: Document): Document {
  const document: Document = {};
  for (const [name, member] of schema.structIterator()) {
    const converted = toDocument(member, value[name]);
    if (converted !== undefined) {
      document[member.getMergedTraits().jsonName ?? name] = converted;
    }
  }
  return document;
}
