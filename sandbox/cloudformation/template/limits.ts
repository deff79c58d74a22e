import { validationError } from '../errors';
import type { Template } from './model';

/** AWS CloudFormation User Guide, "Understand CloudFormation quotas" (2026). */
export const limits = {
  bodyBytes: 51_200,
  urlBytes: 1_048_576,
  resources: 500,
  parameters: 200,
  outputs: 200,
  mappings: 200,
  mappingAttributes: 200,
  parameterNameCharacters: 255,
  parameterValueBytes: 4096,
  descriptionBytes: 1024,
} as const;

function atMost(count: number, maximum: number, what: string): void {
  if (count > maximum) {
    throw validationError(
      `Template format error: Number of ${what}, ${count}, is greater than maximum allowed, ${maximum}`,
    );
  }
}

/** @throws ServiceError `ValidationError` when the template is larger than an account may have */
export function checkLimits(template: Template): void {
  atMost(template.resources.size, limits.resources, 'resources');
  atMost(template.parameters.size, limits.parameters, 'parameters');
  atMost(template.outputs.size, limits.outputs, 'outputs');
  atMost(Object.keys(template.mappings).length, limits.mappings, 'mappings');
  for (const mapping of Object.values(template.mappings)) {
    atMost(Object.keys(mapping as object).length, limits.mappingAttributes, 'mapping attributes');
  }
  if (Buffer.byteLength(template.description ?? '') > limits.descriptionBytes) {
    throw validationError(`Template format error: 'Description' length is greater than ${limits.descriptionBytes}.`);
  }
}
