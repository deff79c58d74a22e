import type { Change, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { type PlannedChange, recreation } from '../stacks/preview';
import type { Run } from '../stacks/run';
import type { StackResource } from '../stacks/state';
import type { ResourceDefinition } from '../template/model';
import { referencesOf } from '../template/references';
import { isWanted } from '../template/scope';

/** Properties that are attributes of resources which change. */
function causes(definition: ResourceDefinition, changed: ReadonlySet<string>): ResourceChangeDetail[] {
  return Object.entries(definition.properties).flatMap(([name, value]) =>
    [...referencesOf(value).attributes]
      .filter(([logicalId]) => changed.has(logicalId))
      .map(([logicalId, attributes]) => ({
        Target: {
          Attribute: 'Properties' as const,
          Name: name,
          RequiresRecreation: recreation(definition.type, name),
        },
        Evaluation: 'Dynamic' as const,
        ChangeSource: 'ResourceAttribute' as const,
        CausingEntity: `${logicalId}.${[...attributes][0]}`,
      })),
  );
}

function describe(resource: StackResource, details: ResourceChangeDetail[]): Change {
  const replaced = details.some((detail) => detail.Target?.RequiresRecreation !== 'Never');
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: 'Modify',
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.physicalId,
      ResourceType: resource.type,
      Replacement: replaced ? 'Conditional' : 'False',
      Scope: ['Properties'],
      Details: details,
    },
  };
}

/** Changes of resources that change only if attributes of others do, along whole chains. */
export function dependentChanges(run: Run, changes: readonly PlannedChange[]): Change[] {
  const changed = new Set(changes.flatMap((change) => (change.action === 'Modify' ? [change.resource.logicalId] : [])));
  const planned = new Set(
    changes.map((change) => ('resource' in change ? change.resource : change.definition).logicalId),
  );
  const found = new Map<string, Change>();
  let before = -1;
  while (before < found.size) {
    before = found.size;
    for (const definition of run.target.template.resources.values()) {
      const resource = run.stack.resources.get(definition.logicalId);
      const fresh = resource && !planned.has(definition.logicalId) && !found.has(definition.logicalId);
      const details = fresh && isWanted(definition, run.scope) ? causes(definition, changed) : [];
      if (resource && details.length > 0) {
        found.set(definition.logicalId, describe(resource, details));
        changed.add(definition.logicalId);
      }
    }
  }
  return [...found.values()];
}
