/** Anything that a template can hold. */
export type Value = null | string | number | boolean | Value[] | { [key: string]: Value };
export type ValueMap = { [key: string]: Value };

export interface ParameterDefinition {
  readonly name: string;
  readonly type: string;
  readonly defaultValue?: string;
  readonly noEcho: boolean;
  readonly description?: string;
  readonly constraintDescription?: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
}

export interface ResourceDefinition {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: ValueMap;
  readonly condition?: string;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy?: string;
  readonly updateReplacePolicy?: string;
  readonly creationPolicy?: Value;
  readonly updatePolicy?: Value;
  readonly metadata?: Value;
}

export interface OutputDefinition {
  readonly key: string;
  readonly value: Value;
  readonly description?: string;
  readonly condition?: string;
  readonly exportName?: Value;
}

/** A template whose structure is sound. Immutable: many stacks share one. */
export interface Template {
  readonly body: string;
  readonly root: ValueMap;
  readonly version?: string;
  readonly description?: string;
  readonly metadata?: Value;
  readonly transforms: readonly string[];
  /** Has transforms that did not run yet, or policies that parameters decide: what it declares is known, not what it makes. */
  readonly unexpanded?: boolean;
  /** What its transforms have made of it; `root` is this. */
  readonly expanded?: boolean;
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
  readonly mappings: ValueMap;
  readonly conditions: ValueMap;
  readonly rules: ValueMap;
  readonly resources: ReadonlyMap<string, ResourceDefinition>;
  readonly outputs: ReadonlyMap<string, OutputDefinition>;
}

export function isMap(value: unknown): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The one key of an object with exactly one. */
export function onlyKey(value: ValueMap): string | undefined {
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined) {
      return undefined;
    }
    only = key;
  }
  return only;
}

/** `{ "Fn::X": … }`, `{ Ref: … }` or `{ Condition: … }` as a pair; `undefined` when the object is no function. */
export function asFunction(value: Value): { name: string; argument: Value } | undefined {
  if (!isMap(value)) {
    return undefined;
  }
  const key = onlyKey(value);
  return key !== undefined && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'))
    ? { name: key, argument: value[key] as Value }
    : undefined;
}

/** A scalar as CloudFormation writes it. */
export function scalarText(value: Value): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}
