import { validationError } from '../errors';
import type { Value, ValueMap } from '../template/model';
import { isMap } from '../template/model';
import { dependencyAttributes } from './attributes';
import facts from './types.schema.json';

/** A property's structure, in the words of JSON Schema. */
interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly items?: PropertySchema;
  readonly properties?: Readonly<Record<string, PropertySchema>>;
  readonly patternProperties?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/** What the CloudFormation registry says of a resource type (its structure only; the services check values). */
interface TypeSchema {
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly definitions?: Readonly<Record<string, PropertySchema>>;
  readonly required?: readonly string[];
  readonly createOnlyProperties?: readonly string[];
  readonly conditionalCreateOnlyProperties?: readonly string[];
  readonly readOnlyProperties?: readonly string[];
  readonly writeOnlyProperties?: readonly string[];
  readonly primaryIdentifier?: readonly string[];
}

const types = facts as unknown as Readonly<Record<string, TypeSchema>>;

export function typeSchema(type: string): TypeSchema | undefined {
  return Object.hasOwn(types, type) ? types[type] : undefined;
}

/** Properties that identify a resource for an import; empty for types that cannot be imported. */
export function identifierOf(type: string): readonly string[] {
  return typeSchema(type)?.primaryIdentifier ?? [];
}

/** Whether a change of the property makes CloudFormation replace the resource. */
export function needsReplacement(type: string, property: string): boolean {
  return typeSchema(type)?.createOnlyProperties?.some((path) => path.split('/')[0] === property) ?? false;
}

interface Walk {
  readonly definitions: Readonly<Record<string, PropertySchema>>;
  readonly problems: string[];
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'String',
  integer: 'Integer',
  number: 'Number',
  boolean: 'Boolean',
  array: 'Array',
  object: 'Object',
};

function coerceScalar(value: string | number | boolean, wanted: readonly string[]): Value | undefined {
  const text = String(value);
  for (const type of wanted) {
    if (type === 'string') {
      return text;
    }
    if (type === 'boolean' && /^(true|false)$/i.test(text)) {
      return text.toLowerCase() === 'true';
    }
    const number = Number(text);
    const numeric = text.trim() !== '' && !Number.isNaN(number) && typeof value !== 'boolean';
    if (numeric && (type === 'number' || (type === 'integer' && Number.isInteger(number)))) {
      return number;
    }
  }
  return undefined;
}

function wrongType(path: string, wanted: readonly string[], value: Value, walk: Walk): Value {
  const names = wanted.map((type) => typeNames[type] ?? type);
  walk.problems.push(`Value of property {${path || '/'}} does not match type {${names.join(', ')}}`);
  return value;
}

function conform(value: Value, given: PropertySchema, path: string, walk: Walk): Value {
  const schema = given.$ref ? (walk.definitions[given.$ref.split('/').pop() ?? ''] ?? {}) : given;
  const wanted = schema.type === undefined ? [] : ([schema.type].flat() as string[]);
  if (wanted.length === 0 && !schema.properties) {
    return value;
  }
  if (Array.isArray(value)) {
    if (!wanted.includes('array')) {
      return wrongType(path, wanted, value, walk);
    }
    const { items } = schema;
    return items ? value.map((each, index) => conform(each, items, `${path}/${index}`, walk)) : value;
  }
  if (isMap(value)) {
    return schema.properties || wanted.includes('object')
      ? conformObject(value, schema, path, walk)
      : wrongType(path, wanted, value, walk);
  }
  const scalar = value === null ? undefined : coerceScalar(value, wanted);
  if (scalar !== undefined) {
    return scalar;
  }
  // One value where a list is expected is taken as a list of one.
  return wrongType(path, wanted, value, walk);
}

function conformObject(value: ValueMap, schema: PropertySchema, path: string, walk: Walk): ValueMap {
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) {
      walk.problems.push(`The property {${path}/${key}} is required`);
    }
  }
  const result: ValueMap = {};
  const extra: string[] = [];
  for (const [key, each] of Object.entries(value)) {
    const known = schema.properties?.[key] ?? patternOf(schema, key);
    if (known) {
      result[key] = conform(each, known, `${path}/${key}`, walk);
    } else if (schema.additionalProperties === false) {
      extra.push(key);
    } else {
      result[key] = each;
    }
  }
  if (extra.length > 0) {
    walk.problems.push(`Encountered unsupported properties in {${path || '/'}}: [${extra.join(', ')}]`);
  }
  return result;
}

/** Patterns are of the language of JSON Schema; some write escapes that a Unicode pattern may not have. */
function keyPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

function patternOf(schema: PropertySchema, key: string): PropertySchema | undefined {
  const found = Object.entries(schema.patternProperties ?? {}).find(([pattern]) => {
    try {
      return keyPattern(pattern).test(key);
    } catch {
      return true;
    }
  });
  return found?.[1];
}

/**
 * A resource's properties with every scalar in the type its schema wants (a template's parameters are text).
 *
 * @throws ServiceError `ValidationError` with every problem in it
 */
export function conformProperties(type: string, properties: ValueMap): ValueMap {
  const schema = typeSchema(type);
  if (!schema) {
    return properties;
  }
  const walk: Walk = { definitions: schema.definitions ?? {}, problems: [] };
  const readOnly = new Set(schema.readOnlyProperties);
  const writable = Object.fromEntries(Object.entries(schema.properties).filter(([key]) => !readOnly.has(key)));
  const custom = type === 'AWS::CloudFormation::CustomResource';
  const whole: PropertySchema = { properties: writable, required: schema.required, additionalProperties: custom };
  const result = conformObject(properties, whole, '', walk);
  if (walk.problems.length > 0) {
    throw validationError(`Property validation failure: [${walk.problems.join(', ')}]`);
  }
  return result;
}

/** Whether `Fn::GetAtt` may ask a type for an attribute: what it alone knows, or a property of the template. */
export function hasAttribute(type: string, attribute: string): boolean {
  const open = type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
  if (open || (type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.'))) {
    return true;
  }
  const schema = typeSchema(type);
  const known = [...(schema?.readOnlyProperties ?? []), ...(dependencyAttributes[type] ?? [])];
  return known.some((path) => path.replaceAll('/', '.') === attribute) || schema?.properties[attribute] !== undefined;
}
