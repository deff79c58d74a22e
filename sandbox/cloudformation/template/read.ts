import { validationError } from '../errors';
import { embeddedIn, invocationsOf } from '../transforms/invocation';
import { extensionFunctions, unsupportedFunction } from './functions';
import { checkLimits } from './limits';
import {
  asFunction,
  isMap,
  type ResourceDefinition,
  scalarText,
  type Template,
  type Value,
  type ValueMap,
} from './model';
import { parseTemplateText } from './parse';
import { checkReferences } from './references';
import { outputDefinition, resourceDefinition } from './resourceSection';
import { alphanumeric, checkMappings, checkNames, parameterDefinition, section } from './sections';

const topLevel = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Transform',
  'Resources',
  'Outputs',
  'Hooks',
]);

function mapped<T>(from: ValueMap, read: (name: string, value: Value) => T): Map<string, T> {
  return new Map(Object.entries(from).map(([name, value]) => [name, read(name, value)]));
}

function versionOf(root: ValueMap): string | undefined {
  const { AWSTemplateFormatVersion: version } = root;
  if (version !== undefined && version !== '2010-09-09') {
    throw validationError('Template format error: unsupported value for AWSTemplateFormatVersion.');
  }
  return version;
}

function descriptionOf(root: ValueMap): string | undefined {
  const text = root.Description === undefined ? undefined : scalarText(root.Description);
  if (root.Description !== undefined && text === undefined) {
    throw validationError("Template format error: Template 'Description' must be a string.");
  }
  return text;
}

function transformsOf({ Transform: transform, ...rest }: ValueMap): string[] {
  return [...new Set([...invocationsOf(transform), ...embeddedIn(rest)].map(({ name }) => name))];
}

/** How a template is read. */
export interface Reading {
  /** What logical names of resources and outputs are made of. */
  readonly names: RegExp;
  /** Takes JSON that only YAML's readers understand, templates without resources, and members that are nothing. */
  readonly loose: boolean;
}

const strict: Reading = { names: alphanumeric, loose: false };

/** Resources whose members all are something. */
function withoutNulls(resources: ValueMap): ValueMap {
  const members = (value: Value) => (isMap(value) ? Object.entries(value).filter(([, member]) => member !== null) : []);
  return Object.fromEntries(
    Object.entries(resources).map(([name, value]) => [name, isMap(value) ? Object.fromEntries(members(value)) : value]),
  );
}

function resourcesOf(root: ValueMap, { names, loose }: Reading): ValueMap {
  const resources = root.Resources === undefined ? {} : section(root, 'Resources');
  if (Object.keys(resources).length === 0 && !(loose && root.Resources !== undefined)) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  checkNames(Object.keys(resources), 'Resource', names);
  return loose ? withoutNulls(resources) : resources;
}

function build(body: string, root: ValueMap, reading: Reading): Template {
  const unknown = Object.keys(root).filter((key) => !topLevel.has(key));
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  }
  const resources = resourcesOf(root, reading);
  const parameters = section(root, 'Parameters');
  const outputs = section(root, 'Outputs');
  checkMappings(section(root, 'Mappings'));
  checkNames(Object.keys(parameters), 'Parameter');
  checkNames(Object.keys(outputs), 'Output', reading.names);
  return {
    body,
    root,
    version: versionOf(root),
    description: descriptionOf(root),
    metadata: root.Metadata,
    transforms: transformsOf(root),
    parameters: mapped(parameters, parameterDefinition),
    mappings: section(root, 'Mappings'),
    conditions: section(root, 'Conditions'),
    rules: section(root, 'Rules'),
    resources: mapped(resources, resourceDefinition),
    outputs: mapped(outputs, outputDefinition),
  };
}

/** Sections that a transform may still make members of. */
function resourcesSoFar(root: ValueMap): ResourceDefinition[] {
  const members = isMap(root.Resources) ? Object.entries(root.Resources) : [];
  return members.flatMap(([logicalId, value]) =>
    isMap(value) && typeof value.Type === 'string'
      ? [{ logicalId, type: value.Type, properties: isMap(value.Properties) ? value.Properties : {}, dependsOn: [] }]
      : [],
  );
}

/** A template that its transforms have still to make: what can be read of it already. */
function buildUnexpanded(body: string, root: ValueMap): Template {
  const parameters = section(root, 'Parameters');
  checkNames(Object.keys(parameters), 'Parameter');
  return {
    body,
    root,
    unexpanded: true,
    version: versionOf(root),
    description: descriptionOf(root),
    metadata: root.Metadata,
    transforms: transformsOf(root),
    parameters: mapped(parameters, parameterDefinition),
    mappings: {},
    conditions: {},
    rules: {},
    resources: new Map(resourcesSoFar(root).map((resource) => [resource.logicalId, resource])),
    outputs: new Map(),
  };
}

function hasComputedPolicies({ Resources: resources = null }: ValueMap): boolean {
  const all = isMap(resources) ? Object.values(resources) : [];
  return all.some(
    (each) => isMap(each) && [each.DeletionPolicy, each.UpdateReplacePolicy].some((one) => isMap(one ?? null)),
  );
}

function refuseExtensions(value: Value): void {
  const call = asFunction(value);
  if (call && extensionFunctions.includes(call.name)) {
    throw validationError(unsupportedFunction(call.name));
  }
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(refuseExtensions);
  }
}

function checked(template: Template): Template {
  checkLimits(template);
  checkReferences(template);
  return template;
}

/** The template that transforms have made of a written one. @throws ServiceError `ValidationError` */
export function readExpanded(written: Template, root: ValueMap, reading = strict): Template {
  const { transforms, body } = written;
  return checked({ ...build(body, root, reading), transforms, expanded: true });
}

function readWritten(body: string, root: ValueMap, reading: Reading): Template {
  if (root.Transform !== undefined || /Fn::Transform|!Transform/.test(body) || hasComputedPolicies(root)) {
    return buildUnexpanded(body, root);
  }
  if (extensionFunctions.some((name) => body.includes(name.slice(4)))) {
    refuseExtensions(root);
  }
  return checked(build(body, root, reading));
}

const cache = new Map<string, Template>();
const cachedBytes = 64 * 1024 * 1024;
let held = 0;

function remember(body: string, template: Template): void {
  held += body.length;
  if (held > cachedBytes) {
    cache.clear();
    held = body.length;
  }
  cache.set(body, template);
}

/**
 * Reads and checks a template: structure, limits, references, circular dependencies. Of one with transforms only what
 * they do not make. Templates are shared: reading the same text again gives the same object.
 *
 * @throws ServiceError `ValidationError` in CloudFormation's words
 */
export function readTemplate(body: string, reading = strict): Template {
  const key = reading.loose ? `loose ${body}` : body;
  const known = cache.get(key);
  if (known) {
    return known;
  }
  const template = readWritten(body, parseTemplateText(body, reading.loose), reading);
  remember(key, template);
  return template;
}
