import { validationError } from '../errors';
import { evaluateConditions } from '../template/conditions';
import { evaluate, type Scope } from '../template/evaluate';
import { extensionFunctions } from '../template/functions';
import { asFunction, isMap, type Template, type Value, type ValueMap } from '../template/model';
import { expandLoops, withParts } from './forEach';

/** What functions see before anything is deployed: parameters, mappings, conditions. */
export function scopeBefore(root: ValueMap, parameters: ReadonlyMap<string, Value>): Scope {
  const unknown = (): never => {
    throw validationError('Only a deployment knows this value.');
  };
  const template = {
    mappings: isMap(root.Mappings) ? root.Mappings : {},
    conditions: isMap(root.Conditions) ? root.Conditions : {},
  } as unknown as Template;
  const base = {
    template,
    parameters,
    resource: unknown,
    importValue: unknown,
    availabilityZones: (region: string) => ['a', 'b', 'c'].map((letter) => region + letter),
  };
  return { ...base, conditions: conditionsOf(template, base) };
}

function conditionsOf(template: Template, base: Omit<Scope, 'conditions'>): ReadonlyMap<string, boolean> {
  try {
    return evaluateConditions(template, base);
  } catch {
    // A condition that is wrong is told of when the template is read.
    return new Map();
  }
}

function known(value: Value, scope: Scope): Value | undefined {
  try {
    return evaluate(value, scope);
  } catch {
    return undefined;
  }
}

/** Names that plain templates have to write out and extended ones may compute. */
function named(name: string, argument: Value, scope: Scope): Value | undefined {
  if (name === 'Ref' && isMap(argument)) {
    return { Ref: known(argument, scope) ?? argument };
  }
  if (name === 'Fn::GetAtt' && Array.isArray(argument)) {
    return { [name]: argument.map((part) => (isMap(part) ? (known(part, scope) ?? part) : part)) };
  }
  return undefined;
}

/** Functions that only the extension has are replaced where parameters are enough to compute them. */
function extended(value: Value, scope: Scope): Value {
  if (Array.isArray(value)) {
    return value.map((each) => extended(each, scope));
  }
  if (!isMap(value)) {
    return value;
  }
  const call = asFunction(value);
  const replaced = call && named(call.name, call.argument, scope);
  if (replaced !== undefined) {
    return replaced;
  }
  const result = call && computed(call, value, scope);
  if (result !== undefined) {
    return result;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, extended(each, scope)]));
}

/** Functions of text are computed where they refer to nothing. */
const ofText = ['Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::Sub'];

function computed(call: { name: string; argument: Value }, value: Value, scope: Scope): Value | undefined {
  const own = extensionFunctions.includes(call.name);
  const withDefault = call.name === 'Fn::FindInMap' && Array.isArray(call.argument) && call.argument.length === 4;
  if (own || withDefault) {
    return known(value, scope);
  }
  return ofText.includes(call.name) ? known(value, { ...scope, parameters: new Map() }) : undefined;
}

/**
 * AWS::LanguageExtensions: loops unrolled, computed names written out, `Fn::Length`, `Fn::ToJsonString`
 * and defaults of `Fn::FindInMap` computed where parameters tell enough.
 *
 * @throws ServiceError `ValidationError`
 */
export function extendLanguage(root: ValueMap, parameters: ReadonlyMap<string, Value>): ValueMap {
  const unrolled = expandLoops(root, scopeBefore(root, parameters));
  const scope = scopeBefore(unrolled, parameters);
  return withParts(unrolled, (part) => extended(part, scope));
}
