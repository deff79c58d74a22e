import { isDeepStrictEqual } from 'node:util';
import type { Template, TemplateResource } from '../assembly';
import { policyChanges } from './policyChanges';
import type { ResourceChange } from './types';

/** What deploying `desired` over `observed` would do to resources. What tools write about themselves does not count. */
export function compareTemplates(desired: Template, observed: Template): ResourceChange[] {
  const after = ownResources(desired);
  const before = ownResources(observed);
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return ids.flatMap((logicalId) => {
    const change = compareResource(before[logicalId], after[logicalId]);
    const name = nameOf(after[logicalId] ?? before[logicalId]);
    return change === undefined ? [] : [{ logicalId, ...(name && { name }), ...change }];
  });
}

/** Whether templates differ outside their resources: parameters, outputs, conditions. */
export function differsBesides(desired: Template, observed: Template): boolean {
  return !isDeepStrictEqual(besides(desired), besides(observed));
}

const nameProperties = /^(Name|(Alarm|Alias|Bucket|Function|LogGroup|Queue|Role|StackSet|Table|Topic)Name)$/;

function nameOf({ Properties = {} }: TemplateResource = { Type: '' }): string | undefined {
  const [name] = Object.entries(Properties).flatMap(([key, value]) =>
    nameProperties.test(key) && typeof value === 'string' ? [value] : [],
  );
  return name;
}

function compareResource(
  before: TemplateResource | undefined,
  after: TemplateResource | undefined,
): Omit<ResourceChange, 'logicalId'> | undefined {
  if (before === undefined) {
    return after && { type: after.Type, change: 'add' };
  }
  if (after === undefined) {
    const retained = before.DeletionPolicy === 'Retain';
    return { type: before.Type, change: 'remove', ...(retained && { retained }) };
  }
  const properties = differingProperties(before, after);
  if (properties.length === 0) {
    return undefined;
  }
  const policies = policyChanges(before, after);
  return { type: after.Type, change: 'modify', properties, ...(policies.length > 0 && { policies }) };
}

/** Names of properties, and of attributes such as `DependsOn`, that differ. */
function differingProperties(before: TemplateResource, after: TemplateResource): string[] {
  const [old, now] = [flatten(before), flatten(after)];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], now[name])).sort();
}

function flatten(resource: TemplateResource): Record<string, unknown> {
  const { Properties = {}, Metadata: _, ...attributes } = resource as TemplateResource & { Metadata?: unknown };
  return { ...attributes, ...Properties };
}

function ownResources(template: Template): Record<string, TemplateResource> {
  return Object.fromEntries(
    Object.entries(template.Resources ?? {}).filter(([, resource]) => resource.Type !== 'AWS::CDK::Metadata'),
  );
}

function besides(template: Template): Record<string, unknown> {
  const {
    Resources: _,
    Metadata: __,
    Rules: ___,
    Conditions,
    ...rest
  } = template as Template & Record<string, unknown>;
  const conditions = Object.entries((Conditions as Record<string, unknown> | undefined) ?? {}).filter(
    ([name]) => name !== 'CDKMetadataAvailable',
  );
  return { ...rest, ...(conditions.length > 0 && { Conditions: Object.fromEntries(conditions) }) };
}
