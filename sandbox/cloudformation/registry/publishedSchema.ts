import { typeSchema } from '../resources/schema';

/** A type's schema as the registry publishes it; its handlers and their permissions are not known here. */
export interface PublishedSchema {
  readonly typeName: string;
  readonly description: string;
  readonly [key: string]: unknown;
}

const pointers = ['createOnlyProperties', 'readOnlyProperties', 'writeOnlyProperties', 'primaryIdentifier'] as const;

/** `undefined` for types without a schema. */
export function publishedSchema(type: string): PublishedSchema | undefined {
  const known = typeSchema(type);
  if (!known) {
    return undefined;
  }
  const { properties, definitions, required } = known;
  const paths = pointers
    .filter((name) => (known[name]?.length ?? 0) > 0)
    .map((name) => [name, known[name]?.map((path) => `/properties/${path}`)]);
  return {
    typeName: type,
    description: `Resource Type definition for ${type}`,
    ...(definitions ? { definitions } : {}),
    properties,
    additionalProperties: false,
    ...(required ? { required } : {}),
    ...Object.fromEntries(paths),
  };
}
