import type { ResourceChange } from '../../cloudformation';

/**
 * Changes of a stack's resources for a person, under the names that they have in AWS. Many of one kind that come or go
 * share a line; what is modified has one of its own, with the properties, and for roles the policies' difference.
 */
export function resourceLines(
  resources: readonly ResourceChange[],
  coloured: (line: string) => string = (line) => line,
): string[] {
  const kinds = new Map<string, ResourceChange[]>();
  for (const resource of resources) {
    const alone = resource.properties?.length || resource.policies?.length;
    const key = `${resource.change} ${resource.type} ${alone ? resource.logicalId : ''}`;
    kinds.set(key, [...(kinds.get(key) ?? []), resource]);
  }
  return [...kinds.values()].flatMap((same) => {
    const [{ change, type, properties = [], policies = [] }] = same as [ResourceChange];
    const count = same.length > 1 ? `${same.length} ` : '';
    const names = same.map(({ name, logicalId }) => name ?? withoutHash(logicalId)).join(', ');
    return [
      `    ${change} ${count}${type}: ${names}${properties.length > 0 ? ` (${properties.join(', ')})` : ''}`,
      ...policies.map((line) => `        ${coloured(line)}`),
    ];
  });
}

/** The CDK puts eight digits behind the names that it makes. */
function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
