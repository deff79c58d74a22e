import { validationError } from '../errors';
import { isMap, type ParameterDefinition, scalarText, type Value, type ValueMap } from './model';

const parameterKeys = new Set([
  'Type',
  'Default',
  'NoEcho',
  'Description',
  'ConstraintDescription',
  'AllowedValues',
  'AllowedPattern',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
]);

const plainTypes = new Set(['String', 'Number', 'List<Number>', 'List<String>', 'CommaDelimitedList']);

/** Types of AWS's own values, single or in a list (User Guide, "AWS-specific parameter types"). */
const awsTypes = new Set([
  'AWS::EC2::AvailabilityZone::Name',
  'AWS::EC2::Image::Id',
  'AWS::EC2::Instance::Id',
  'AWS::EC2::KeyPair::KeyName',
  'AWS::EC2::SecurityGroup::GroupName',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::Volume::Id',
  'AWS::EC2::VPC::Id',
  'AWS::Route53::HostedZone::Id',
]);

export function isKnownParameterType(type: string): boolean {
  const inner = /^List<(.+)>$/.exec(type)?.[1] ?? type;
  if (plainTypes.has(type) || awsTypes.has(inner) || type === 'AWS::SSM::Parameter::Name') {
    return true;
  }
  const stored = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
  return stored !== undefined && isKnownParameterType(stored) && !stored.startsWith('AWS::SSM');
}

/** @throws ServiceError `ValidationError` */
export function section(root: ValueMap, name: string): ValueMap {
  const value = root[name];
  if (value === undefined) {
    return {};
  }
  if (!isMap(value)) {
    throw validationError(`Template format error: ${name} must be an object.`);
  }
  return value;
}

/** What logical names are made of. */
export const alphanumeric = /^[A-Za-z0-9]+$/;

/** @throws ServiceError `ValidationError` when a logical name has other characters than letters and digits */
export function checkNames(names: readonly string[], what: string, allowed = alphanumeric): void {
  const bad = names.find((name) => !allowed.test(name));
  if (bad !== undefined) {
    throw validationError(`Template format error: ${what} name ${bad} is non alphanumeric.`);
  }
}

/** Mappings hold two levels of names, and text or lists in them. @throws ServiceError `ValidationError` */
export function checkMappings(mappings: ValueMap): void {
  for (const mapping of Object.values(mappings)) {
    if (!isMap(mapping)) {
      throw validationError('Template format error: Every Mappings member must be a map');
    }
    for (const [key, row] of Object.entries(mapping)) {
      if (!isMap(row)) {
        throw validationError(`Template format error: Every Mappings member ${key} must be a map`);
      }
      if (Object.values(row).some((value) => isMap(value) || value === null)) {
        throw validationError('Template format error: Every Mappings attribute must be a String or a List.');
      }
    }
  }
}

function numberOf(definition: ValueMap, key: string, name: string): number | undefined {
  const value = definition[key];
  if (value === undefined) {
    return undefined;
  }
  const text = scalarText(value);
  if (text === undefined || text.trim() === '' || Number.isNaN(Number(text))) {
    throw validationError(`Template format error: Parameter '${name}' attribute ${key} must be a number.`);
  }
  return Number(text);
}

function textOf(definition: ValueMap, key: string): string | undefined {
  return definition[key] === undefined ? undefined : scalarText(definition[key]);
}

function defaultOf(definition: ValueMap): string | undefined {
  const value = definition.Default;
  if (value === undefined) {
    return undefined;
  }
  const text = scalarText(value);
  if (text === undefined) {
    throw validationError('Template format error: Every Default member must be a string.');
  }
  return text;
}

function allowedValuesOf(definition: ValueMap): string[] | undefined {
  const value = definition.AllowedValues;
  if (value === undefined) {
    return undefined;
  }
  if (!Array.isArray(value) || value.some((each) => scalarText(each) === undefined)) {
    throw validationError('Template format error: Every AllowedValues member must be a list of strings.');
  }
  return value.map((each) => String(each));
}

/** @throws ServiceError `ValidationError` */
export function parameterDefinition(name: string, value: Value): ParameterDefinition {
  if (!isMap(value)) {
    throw validationError('Template format error: Any Parameters member must be an object.');
  }
  const unknown = Object.keys(value).filter((key) => !parameterKeys.has(key));
  if (unknown.length > 0) {
    throw validationError(`Invalid template parameter property '${unknown[0]}'`);
  }
  const type = value.Type;
  if (typeof type !== 'string') {
    throw validationError('Template format error: Every Parameters object must contain a Type member.');
  }
  if (!isKnownParameterType(type)) {
    throw validationError(`Template format error: Unrecognized parameter type: ${type}`);
  }
  return {
    name,
    type,
    defaultValue: defaultOf(value),
    noEcho: String(value.NoEcho) === 'true',
    description: textOf(value, 'Description'),
    constraintDescription: textOf(value, 'ConstraintDescription'),
    allowedValues: allowedValuesOf(value),
    allowedPattern: textOf(value, 'AllowedPattern'),
    minLength: numberOf(value, 'MinLength', name),
    maxLength: numberOf(value, 'MaxLength', name),
    minValue: numberOf(value, 'MinValue', name),
    maxValue: numberOf(value, 'MaxValue', name),
  };
}
