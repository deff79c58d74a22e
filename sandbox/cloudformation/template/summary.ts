import { requiredCapabilities } from './capabilities';
import type { Template } from './model';

/** Empty lists are left out. */
export function orNone<T>(list: readonly T[]): T[] | undefined {
  return list.length === 0 ? undefined : [...list];
}

/** `ValidateTemplate`'s answer. */
export function describeTemplate(template: Template) {
  const { capabilities, reason } = requiredCapabilities(template);
  return {
    Description: template.description,
    Parameters: [...template.parameters.values()].map((parameter) => ({
      ParameterKey: parameter.name,
      DefaultValue: parameter.defaultValue,
      NoEcho: parameter.noEcho,
      Description: parameter.description,
    })),
    Capabilities: orNone(capabilities),
    CapabilitiesReason: reason,
    DeclaredTransforms: orNone(template.transforms),
  };
}

/**
 * `GetTemplateSummary`'s answer.
 *
 * @param identifierOf names of the properties that identify a resource of a type, for imports
 */
export function summarizeTemplate(template: Template, identifierOf: (type: string) => readonly string[]) {
  const { capabilities, reason } = requiredCapabilities(template);
  const byType = new Map<string, string[]>();
  for (const resource of template.resources.values()) {
    byType.set(resource.type, [...(byType.get(resource.type) ?? []), resource.logicalId]);
  }
  return {
    Description: template.description,
    Version: template.version ?? '2010-09-09',
    Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
    Parameters: [...template.parameters.values()].map((parameter) => ({
      ParameterKey: parameter.name,
      DefaultValue: parameter.defaultValue,
      ParameterType: parameter.type,
      NoEcho: parameter.noEcho,
      Description: parameter.description,
      ParameterConstraints: { AllowedValues: parameter.allowedValues ? [...parameter.allowedValues] : undefined },
    })),
    Capabilities: orNone(capabilities),
    CapabilitiesReason: reason,
    ResourceTypes: [...byType.keys()],
    DeclaredTransforms: orNone(template.transforms),
    ResourceIdentifierSummaries: [...byType]
      .map(([type, logicalIds]) => ({
        ResourceType: type,
        LogicalResourceIds: logicalIds,
        ResourceIdentifiers: [...identifierOf(type)],
      }))
      .filter((each) => each.ResourceIdentifiers.length > 0),
  };
}
