import { validationError } from '../errors';
import { checkLimits } from './limits';
import { scalarText, type Template, type Value, type ValueMap } from './model';
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

function transformsOf(root: ValueMap): string[] {
  const { Transform: transform } = root;
  const list = transform === undefined ? [] : Array.isArray(transform) ? transform : [transform];
  return list.map((each) => (typeof each === 'string' ? each : String((each as ValueMap | null)?.Name ?? '')));
}

function build(body: string, root: ValueMap, resourceNames: RegExp): Template {
  const unknown = Object.keys(root).filter((key) => !topLevel.has(key));
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  }
  if (root.Resources === undefined) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  const resources = section(root, 'Resources');
  if (Object.keys(resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  const parameters = section(root, 'Parameters');
  const outputs = section(root, 'Outputs');
  checkMappings(section(root, 'Mappings'));
  checkNames(Object.keys(parameters), 'Parameter');
  checkNames(Object.keys(resources), 'Resource', resourceNames);
  checkNames(Object.keys(outputs), 'Output');
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

/** Transforms are macros that run before a template is read: none of them runs here. */
function refuseTransforms(template: Template): void {
  if (template.transforms.length > 0) {
    throw validationError(
      `The local organization runs no transforms: ${template.transforms.join(', ')}. Expand the template before deploying it.`,
    );
  }
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
 * Reads and checks a template: structure, limits, references, circular dependencies. Templates are shared: reading the
 * same text again gives the same object.
 *
 * @throws ServiceError `ValidationError` in CloudFormation's words
 */
export function readTemplate(body: string, resourceNames = alphanumeric): Template {
  const key = resourceNames === alphanumeric ? body : `${resourceNames} ${body}`;
  const known = cache.get(key);
  if (known) {
    return known;
  }
  const template = build(body, parseTemplateText(body), resourceNames);
  refuseTransforms(template);
  checkLimits(template);
  checkReferences(template);
  remember(key, template);
  return template;
}
