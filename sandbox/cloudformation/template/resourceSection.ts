import { validationError } from '../errors';
import { isMap, type OutputDefinition, type ResourceDefinition, scalarText, type Value } from './model';

const resourceKeys = new Set([
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'CreationPolicy',
  'UpdatePolicy',
  'Metadata',
  'Description',
]);

const deletionPolicies = ['Delete', 'Retain', 'Snapshot', 'RetainExceptOnCreate'];

function policyOf(value: Value | undefined, key: string, allowed: readonly string[]): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw validationError(`Template format error: Every ${key} member must be a string.`);
  }
  if (!allowed.includes(value)) {
    throw validationError(
      `Template format error: Unrecognized ${key} ${value}. Supported values are ${allowed.join(', ')}.`,
    );
  }
  return value;
}

function dependsOn(value: Value | undefined): string[] {
  if (value === undefined) {
    return [];
  }
  const list = Array.isArray(value) ? value : [value];
  if (list.some((each) => typeof each !== 'string')) {
    throw validationError('Template format error: Every DependsOn value must be a string or a list of strings.');
  }
  return list as string[];
}

/** @throws ServiceError `ValidationError` */
export function resourceDefinition(logicalId: string, value: Value): ResourceDefinition {
  if (!isMap(value)) {
    throw validationError('Template format error: Any Resources member must be an object.');
  }
  const unknown = Object.keys(value).find((key) => !resourceKeys.has(key));
  if (unknown !== undefined) {
    throw validationError(`Invalid template resource property '${unknown}'`);
  }
  if (typeof value.Type !== 'string') {
    throw validationError(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  }
  if (value.Properties !== undefined && !isMap(value.Properties)) {
    throw validationError(
      `Template format error: [/Resources/${logicalId}/Properties] 'Properties' member must be an object.`,
    );
  }
  if (value.Condition !== undefined && typeof value.Condition !== 'string') {
    throw validationError('Template format error: Every Condition member must be a string.');
  }
  return {
    logicalId,
    type: value.Type,
    properties: value.Properties ?? {},
    condition: value.Condition,
    dependsOn: dependsOn(value.DependsOn),
    deletionPolicy: policyOf(value.DeletionPolicy, 'DeletionPolicy', deletionPolicies),
    updateReplacePolicy: policyOf(value.UpdateReplacePolicy, 'UpdateReplacePolicy', deletionPolicies.slice(0, 3)),
    creationPolicy: value.CreationPolicy,
    updatePolicy: value.UpdatePolicy,
    metadata: value.Metadata,
  };
}

/** @throws ServiceError `ValidationError` */
export function outputDefinition(key: string, value: Value): OutputDefinition {
  if (!isMap(value)) {
    throw validationError('Template format error: Any Outputs member must be an object.');
  }
  if (value.Value === null) {
    throw validationError(`[/Outputs/${key}/Value] 'null' values are not allowed in templates`);
  }
  if (value.Value === undefined) {
    throw validationError('Template format error: Every Outputs member must contain a Value object');
  }
  const exported = value.Export;
  if (exported !== undefined && (!isMap(exported) || exported.Name === undefined)) {
    throw validationError('Template format error: Every Export member must contain a Name property.');
  }
  return {
    key,
    value: value.Value,
    description: value.Description === undefined ? undefined : scalarText(value.Description),
    condition: typeof value.Condition === 'string' ? value.Condition : undefined,
    exportName: isMap(exported) ? exported.Name : undefined,
  };
}
