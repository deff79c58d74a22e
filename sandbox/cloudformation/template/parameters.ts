import { validationError } from '../errors';
import type { ParameterDefinition, Template, Value } from './model';

/** A parameter as clients give it. */
export interface GivenParameter {
  ParameterKey?: string;
  ParameterValue?: string;
  UsePreviousValue?: boolean;
}

/** A parameter of a stack: what was given, and what it stands for. */
export interface ResolvedParameter {
  readonly definition: ParameterDefinition;
  /** As given or by default. */
  readonly text: string;
  /** For `AWS::SSM::Parameter::Value<…>`: what stands in Parameter Store. */
  readonly stored?: string;
}

export type ResolvedParameters = ReadonlyMap<string, ResolvedParameter>;

/** Reads a value from Parameter Store; `undefined` when there is none of that name. */
export type ReadStored = (name: string) => Promise<string | undefined>;

function effectiveType(type: string): string {
  return /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1] ?? type;
}

function isListType(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

/** What `Ref` gives: text, or a list for the list types. */
export function parameterValue(parameter: ResolvedParameter): Value {
  const text = parameter.stored ?? parameter.text;
  if (!isListType(effectiveType(parameter.definition.type))) {
    return text;
  }
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function checkOne(definition: ParameterDefinition, text: string): string | undefined {
  const { name, allowedValues, allowedPattern, minLength, maxLength, minValue, maxValue } = definition;
  const numeric = /Number/.test(definition.type);
  if (numeric && (text.trim() === '' || Number.isNaN(Number(text)))) {
    return `Parameter '${name}' must be a number.`;
  }
  if (allowedValues && !allowedValues.includes(text)) {
    return `Parameter '${name}' must be one of AllowedValues`;
  }
  if (allowedPattern !== undefined && !matches(allowedPattern, text)) {
    return `Parameter '${name}' must match pattern ${allowedPattern}`;
  }
  if (minLength !== undefined && text.length < minLength) {
    return `Parameter '${name}' must contain at least ${minLength} characters`;
  }
  if (maxLength !== undefined && text.length > maxLength) {
    return `Parameter '${name}' must contain at most ${maxLength} characters`;
  }
  if (minValue !== undefined && Number(text) < minValue) {
    return `Parameter '${name}' must be a number not less than ${minValue}`;
  }
  if (maxValue !== undefined && Number(text) > maxValue) {
    return `Parameter '${name}' must be a number not greater than ${maxValue}`;
  }
  return undefined;
}

/** The whole value has to match, as in Java's regular expressions. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(text);
  } catch {
    try {
      return new RegExp(`^(?:${pattern})$`).test(text);
    } catch {
      throw validationError(`Template format error: AllowedPattern ${pattern} is not a valid regular expression.`);
    }
  }
}

/** @throws ServiceError `ValidationError` when a value breaks one of its definition's constraints */
function checkValue(definition: ParameterDefinition, text: string): void {
  const items = isListType(definition.type) && text !== '' ? text.split(',').map((item) => item.trim()) : [text];
  for (const item of items) {
    const problem = checkOne(definition, item);
    if (problem !== undefined) {
      throw validationError(
        definition.constraintDescription === undefined
          ? problem
          : `Parameter '${definition.name}' failed to satisfy constraint: ${definition.constraintDescription}`,
      );
    }
  }
  if (Buffer.byteLength(text) > 4096) {
    throw validationError(`Parameter '${definition.name}' value must not be longer than 4096 bytes`);
  }
}

function givenText(given: GivenParameter, previous: ResolvedParameters | undefined): string | undefined {
  const key = given.ParameterKey ?? '';
  if (!given.UsePreviousValue) {
    return given.ParameterValue;
  }
  if (given.ParameterValue !== undefined && given.ParameterValue !== '') {
    throw validationError(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
    );
  }
  const before = previous?.get(key);
  if (!before) {
    throw validationError(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
    );
  }
  return before.text;
}

/** Values for all of the template's parameters, checked. @throws ServiceError `ValidationError` */
export async function resolveParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: ResolvedParameters | undefined,
  readStored: ReadStored,
): Promise<Map<string, ResolvedParameter>> {
  const unknown = given.filter((each) => !template.parameters.has(each.ParameterKey ?? ''));
  if (unknown.length > 0) {
    const names = unknown.map((each) => each.ParameterKey).join(', ');
    throw validationError(`Parameters: [${names}] do not exist in the template`);
  }
  const texts = new Map(given.map((each) => [each.ParameterKey ?? '', givenText(each, previous)]));
  const missing: string[] = [];
  const resolved = new Map<string, ResolvedParameter>();
  for (const definition of template.parameters.values()) {
    const text = texts.get(definition.name) ?? definition.defaultValue;
    if (text === undefined) {
      missing.push(definition.name);
    } else {
      resolved.set(definition.name, { definition, text });
    }
  }
  if (missing.length > 0) {
    throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  }
  for (const parameter of resolved.values()) {
    checkValue(parameter.definition, parameter.text);
  }
  return withStored(resolved, readStored);
}

async function withStored(
  parameters: Map<string, ResolvedParameter>,
  readStored: ReadStored,
): Promise<Map<string, ResolvedParameter>> {
  const missing: string[] = [];
  for (const [name, parameter] of parameters) {
    if (!parameter.definition.type.startsWith('AWS::SSM::Parameter::Value<')) {
      continue;
    }
    const stored = await readStored(parameter.text);
    if (stored === undefined) {
      missing.push(parameter.text);
    } else {
      parameters.set(name, { ...parameter, stored });
    }
  }
  if (missing.length > 0) {
    throw validationError(`Unable to fetch parameters [${missing.join(',')}] from parameter store for this account.`);
  }
  return parameters;
}

/** As stacks show parameters: secrets hidden. */
export function describeParameters(parameters: ResolvedParameters) {
  return [...parameters.values()].map(({ definition, text, stored }) => ({
    ParameterKey: definition.name,
    ParameterValue: definition.noEcho ? '****' : text,
    ResolvedValue: stored,
  }));
}
