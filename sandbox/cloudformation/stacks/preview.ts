import { isDeepStrictEqual } from 'node:util';
import { typeSchema } from '../resources/schema';
import { evaluate, knownAfterApply } from '../template/evaluate';
import type { ResourceDefinition, ValueMap } from '../template/model';
import { dependencyGraph } from '../template/references';
import { isWanted } from '../template/scope';
import { changedProperties, isTaggable, type PropertyChange } from './difference';
import { declaredProperties, type Run } from './run';
import type { StackResource } from './state';
import { checkWanted } from './wanted';

export type PlannedChange =
  | { readonly action: 'Add' | 'Import'; readonly definition: ResourceDefinition; readonly after: ValueMap }
  | { readonly action: 'Remove'; readonly resource: StackResource }
  | {
      readonly action: 'Modify';
      readonly resource: StackResource;
      readonly definition: ResourceDefinition;
      readonly after: ValueMap;
      readonly properties: readonly PropertyChange[];
      readonly metadata: boolean;
      readonly tags: boolean;
      readonly replacement: boolean;
      /** Properties whose new value only the deployment knows. */
      readonly dynamic: ReadonlySet<string>;
    };

export interface Preview {
  readonly changes: readonly PlannedChange[];
  /** Whether there is anything to deploy: resources, outputs, tags or topics. */
  readonly any: boolean;
}

function inOrder(run: Run): ResourceDefinition[] {
  const graph = dependencyGraph(run.target.template);
  const done = new Set<string>();
  const ordered: ResourceDefinition[] = [];
  const visit = (definition: ResourceDefinition): void => {
    if (done.has(definition.logicalId)) {
      return;
    }
    done.add(definition.logicalId);
    for (const need of graph.get(definition.logicalId) ?? []) {
      visit(run.target.template.resources.get(need) as ResourceDefinition);
    }
    ordered.push(definition);
  };
  for (const definition of run.target.template.resources.values()) {
    visit(definition);
  }
  return ordered;
}

/** The run's view of resources while nothing is deployed: what is new or replaced is not known yet. */
function previewScope(run: Run, unknown: ReadonlySet<string>): Run['scope'] {
  const { scope } = run;
  return {
    ...scope,
    resource: (logicalId) =>
      unknown.has(logicalId)
        ? { reference: knownAfterApply, attribute: () => knownAfterApply }
        : (scope.resource(logicalId) ?? { reference: knownAfterApply, attribute: () => knownAfterApply }),
  };
}

function standing(run: Run, logicalId: string): StackResource | undefined {
  const resource = run.stack.resources.get(logicalId);
  return resource?.physicalId === undefined || resource.status === 'DELETE_COMPLETE' ? undefined : resource;
}

function modification(
  run: Run,
  resource: StackResource,
  definition: ResourceDefinition,
  after: ValueMap,
): PlannedChange | undefined {
  const properties = changedProperties(resource.type, resource.declared, after);
  const metadata = !isDeepStrictEqual(resource.metadata ?? null, definition.metadata ?? null);
  const tags = isTaggable(resource.type) && !isDeepStrictEqual(run.stack.current?.tags ?? new Map(), run.target.tags);
  if (properties.length === 0 && !metadata && !tags && !policiesDiffer(resource, definition)) {
    return undefined;
  }
  const provider = run.engine.provider(resource.type);
  const forced =
    properties.length > 0 && (provider?.replaces?.(resource.declared, after) ?? provider?.update === undefined);
  const dynamic = new Set(
    properties.map(({ name }) => name).filter((name) => JSON.stringify(after[name] ?? '').includes(knownAfterApply)),
  );
  const replacement = forced || properties.some((change) => change.replacement);
  return { action: 'Modify', resource, definition, after, properties, metadata, tags, replacement, dynamic };
}

function policiesDiffer(resource: StackResource, definition: ResourceDefinition): boolean {
  return (
    resource.deletionPolicy !== definition.deletionPolicy ||
    resource.updateReplacePolicy !== definition.updateReplacePolicy
  );
}

function outputsDiffer(run: Run): boolean {
  const [before, after] = [run.stack.current?.template, run.target.template];
  return !isDeepStrictEqual(before?.root.Outputs ?? null, after.root.Outputs ?? null);
}

/** What deploying the run's target would do. Changes nothing. @throws ServiceError `ValidationError` */
export function previewChanges(run: Run, imports: ReadonlySet<string> = new Set()): Preview {
  const changes: PlannedChange[] = [];
  const unknown = new Set<string>();
  const wanted = new Set<string>();
  for (const definition of inOrder(run)) {
    if (!isWanted(definition, run.scope)) {
      continue;
    }
    wanted.add(definition.logicalId);
    const after = declaredProperties(definition, previewScope(run, unknown));
    const resource = standing(run, definition.logicalId);
    if (!resource) {
      unknown.add(definition.logicalId);
      changes.push({ action: imports.has(definition.logicalId) ? 'Import' : 'Add', definition, after });
      continue;
    }
    const change = modification(run, resource, definition, after);
    if (change) {
      changes.push(change);
    }
    if (change?.action === 'Modify' && change.replacement) {
      unknown.add(definition.logicalId);
    }
  }
  for (const resource of run.stack.resources.values()) {
    if (!wanted.has(resource.logicalId) && standing(run, resource.logicalId)) {
      changes.push({ action: 'Remove', resource });
    }
  }
  const { current } = run.stack;
  const around =
    outputsDiffer(run) ||
    !isDeepStrictEqual(current?.tags ?? new Map(), run.target.tags) ||
    !isDeepStrictEqual(current?.notificationArns ?? [], run.target.notificationArns);
  return { changes, any: changes.length > 0 || around };
}

/**
 * Evaluates everything that a target wants as far as that goes before anything stands.
 *
 * @throws ServiceError `ValidationError` for what no deployment could make right
 */
export function checkTarget(run: Run): void {
  const scope = { ...previewScope(run, new Set()), importValue: () => knownAfterApply };
  checkWanted(run.target.template, run.scope);
  for (const definition of run.target.template.resources.values()) {
    if (isWanted(definition, run.scope)) {
      declaredProperties(definition, scope);
    }
  }
  for (const output of run.target.template.outputs.values()) {
    if (isWanted(output, run.scope)) {
      evaluate(output.value, scope);
    }
  }
}

/** Whether a property always makes a new resource, for change sets. */
export function recreation(type: string, property: string): 'Always' | 'Never' | 'Conditionally' {
  const schema = typeSchema(type);
  if (schema?.createOnlyProperties?.some((path) => path.split('/')[0] === property)) {
    return 'Always';
  }
  return schema?.conditionalCreateOnlyProperties?.includes(property) ? 'Conditionally' : 'Never';
}
