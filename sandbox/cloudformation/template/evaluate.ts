import { validationError } from '../errors';
import { cidrBlocks } from './cidr';
import { asFunction, isMap, scalarText, type Template, type Value, type ValueMap } from './model';
import { substitute } from './substitution';

/** What a resource that stands can tell. */
export interface ResolvedResource {
  /** The value of `Ref`. */
  readonly reference: string;
  attribute(name: string): Value | undefined;
}

/** Everything that functions look up. */
export interface Scope {
  readonly template: Template;
  /** Parameters and pseudo parameters. */
  readonly parameters: ReadonlyMap<string, Value>;
  readonly conditions: ReadonlyMap<string, boolean>;
  resource(logicalId: string): ResolvedResource | undefined;
  /** The value of an export. @throws ServiceError when there is none */
  importValue(name: string): string;
  availabilityZones(region: string): string[];
}

/** What stands where only a deployment will know a value; the words are CloudFormation's. */
export const knownAfterApply = '{{changeSet:KNOWN_AFTER_APPLY}}';

function isUnknown(value: Value | undefined): boolean {
  return typeof value === 'string' && value.includes(knownAfterApply);
}

/** `AWS::NoValue`: the property, or the item of a list, goes away. */
export const noValue = Symbol('AWS::NoValue');
type Result = Value | typeof noValue;

function wrong(message: string): Error {
  return validationError(`Template error: ${message}`);
}

/** A value with every function in it replaced by what it stands for. @throws ServiceError `ValidationError` */
export function evaluate(value: Value, scope: Scope): Value {
  const result = resolve(value, scope);
  return result === noValue ? null : result;
}

function resolve(value: Value, scope: Scope): Result {
  if (Array.isArray(value)) {
    return value.map((each) => resolve(each, scope)).filter((each): each is Value => each !== noValue);
  }
  if (!isMap(value)) {
    return value;
  }
  const call = asFunction(value);
  const run = call ? functions[call.name] : undefined;
  if (call && run) {
    return run(call.argument, scope);
  }
  const result: ValueMap = {};
  for (const [key, each] of Object.entries(value)) {
    const resolved = resolve(each, scope);
    if (resolved !== noValue) {
      result[key] = resolved;
    }
  }
  return result;
}

function text(value: Value, scope: Scope, message: string): string {
  const result = scalarText(evaluate(value, scope));
  if (result === undefined) {
    throw wrong(message);
  }
  return result;
}

function list(value: Value | undefined, scope: Scope, message: string): Value[] {
  const result = value === undefined ? undefined : evaluate(value, scope);
  if (isUnknown(result)) {
    return [knownAfterApply];
  }
  if (!Array.isArray(result)) {
    throw wrong(message);
  }
  return result;
}

function ref(argument: Value, scope: Scope): Result {
  const name = String(argument);
  if (name === 'AWS::NoValue') {
    return noValue;
  }
  const parameter = scope.parameters.get(name);
  if (parameter !== undefined) {
    return parameter === 'AWS::NoValue' ? noValue : parameter;
  }
  const resource = scope.resource(name);
  if (!resource) {
    throw validationError(
      `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
    );
  }
  return resource.reference;
}

function attributeOf(resource: string, attribute: string, scope: Scope): Value {
  const found = scope.resource(resource);
  if (!found) {
    throw validationError(
      `Template format error: Unresolved resource dependencies [${resource}] in the Resources block of the template`,
    );
  }
  const value = found.attribute(attribute);
  if (value === undefined) {
    throw wrong(`resource ${resource} does not support attribute type ${attribute} in Fn::GetAtt`);
  }
  return value;
}

function getAtt(argument: Value, scope: Scope): Value {
  const parts = typeof argument === 'string' ? argument.split('.') : (argument as Value[]);
  const [resource = '', ...rest] = parts.map((part) => text(part, scope, 'Fn::GetAtt expects text'));
  return attributeOf(resource, rest.join('.'), scope);
}

const badSub =
  "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string";

function sub(argument: Value, scope: Scope): Value {
  const [template, own] = Array.isArray(argument) ? argument : [argument, undefined];
  if (typeof template !== 'string' || (own !== undefined && !isMap(own))) {
    throw wrong(badSub);
  }
  return substitute(template, (name) => {
    const dot = name.indexOf('.');
    const given = own?.[name];
    const value =
      given !== undefined
        ? evaluate(given, scope)
        : dot < 0
          ? evaluate({ Ref: name }, scope)
          : attributeOf(name.slice(0, dot), name.slice(dot + 1), scope);
    return Array.isArray(value) ? value.join(',') : (scalarText(value) ?? '');
  });
}

const badJoin =
  'every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.';

function join(argument: Value, scope: Scope): Value {
  const [delimiter, items] = Array.isArray(argument) && argument.length === 2 ? argument : [];
  if (typeof delimiter !== 'string') {
    throw wrong(badJoin);
  }
  const parts = list(items, scope, badJoin).map((each) => text(each, scope, badJoin));
  return parts.some(isUnknown) ? knownAfterApply : parts.join(delimiter);
}

const badSplit =
  'every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.';

function split(argument: Value, scope: Scope): Value {
  const [delimiter, source] = Array.isArray(argument) && argument.length === 2 ? argument : [];
  if (typeof delimiter !== 'string' || source === undefined) {
    throw wrong(badSplit);
  }
  const whole = text(source, scope, badSplit);
  return isUnknown(whole) ? [knownAfterApply] : whole.split(delimiter);
}

const badSelect = 'Fn::Select requires a list argument with two elements: an integer index and a list';

function select(argument: Value, scope: Scope): Result {
  const [position, items] = Array.isArray(argument) && argument.length === 2 ? argument : [];
  const index = Number(position === undefined ? Number.NaN : text(position, scope, badSelect));
  if (!Number.isInteger(index)) {
    throw wrong(badSelect);
  }
  const all = list(items, scope, badSelect);
  const found = all[index];
  if (found === undefined && all.some(isUnknown)) {
    return knownAfterApply;
  }
  if (found === undefined || index < 0) {
    throw wrong(Array.isArray(items) ? badSelect : `Fn::Select cannot select nonexistent value at index ${index}`);
  }
  return found;
}

const badFind =
  'every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value';

/** `{ DefaultValue: … }`, which the transform AWS::LanguageExtensions allows as a fourth parameter. */
function defaultOf(value: Value | undefined): Value | undefined {
  return isMap(value ?? null) ? (value as ValueMap).DefaultValue : undefined;
}

function findInMap(argument: Value, scope: Scope): Value {
  const otherwise = Array.isArray(argument) ? defaultOf(argument[3]) : undefined;
  if (!Array.isArray(argument) || argument.length !== (otherwise === undefined ? 3 : 4)) {
    throw wrong(badFind);
  }
  const [map = '', key = '', attribute = ''] = argument.slice(0, 3).map((each) => text(each, scope, badFind));
  if (isUnknown(map) || isUnknown(key) || isUnknown(attribute)) {
    return knownAfterApply;
  }
  const mapping = scope.template.mappings[map];
  if (!isMap(mapping) && otherwise === undefined) {
    throw wrong(`Mapping named '${map}' is not present in the 'Mappings' section of template.`);
  }
  const row = isMap(mapping) && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
  const value = isMap(row) && Object.hasOwn(row, attribute) ? row[attribute] : undefined;
  if (value === undefined && otherwise !== undefined) {
    return evaluate(otherwise, scope);
  }
  if (value === undefined) {
    throw wrong(`Unable to get mapping for ${map}::${key}::${attribute}`);
  }
  return value;
}

function conditional(argument: Value, scope: Scope): Result {
  const [name, then, otherwise] = Array.isArray(argument) && argument.length === 3 ? argument : [];
  if (typeof name !== 'string' || then === undefined || otherwise === undefined) {
    throw wrong(
      'Fn::If requires a list argument with three elements: a condition, a value if true and a value if false',
    );
  }
  return resolve(scope.conditions.get(name) ? then : otherwise, scope);
}

const badCidr = 'every Fn::Cidr object requires a CIDR block, a count and a number of host bits';

function cidr(argument: Value, scope: Scope): Value {
  if (!Array.isArray(argument) || argument.length < 2) {
    throw wrong(badCidr);
  }
  const [block = '', count, bits] = argument.map((each) => text(each, scope, badCidr));
  if (isUnknown(block)) {
    return [knownAfterApply];
  }
  const hostBits = bits ?? (block.includes(':') ? '64' : '8');
  return cidrBlocks(block, Number(count), Number(hostBits));
}

function zones(argument: Value, scope: Scope): Value {
  const region = text(argument, scope, 'every Fn::GetAZs object requires a String value');
  return scope.availabilityZones(region === '' ? String(scope.parameters.get('AWS::Region')) : region);
}

const functions: Readonly<Record<string, (argument: Value, scope: Scope) => Result>> = {
  Ref: ref,
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Join': join,
  'Fn::Split': split,
  'Fn::Select': select,
  'Fn::FindInMap': findInMap,
  'Fn::If': conditional,
  'Fn::Cidr': cidr,
  'Fn::GetAZs': zones,
  'Fn::Base64': (argument, scope) =>
    Buffer.from(text(argument, scope, 'every Fn::Base64 object must have a String-typed value.')).toString('base64'),
  'Fn::Length': (argument, scope) => list(argument, scope, 'Fn::Length requires a list').length,
  'Fn::ToJsonString': (argument, scope) => JSON.stringify(evaluate(argument, scope)),
  'Fn::ImportValue': (argument, scope) =>
    scope.importValue(text(argument, scope, 'every Fn::ImportValue object must have a String value.')),
};
