import { isDeepStrictEqual } from 'node:util';
import { validationError } from '../errors';
import { handlerMessage } from '../resources/failure';
import { typeSchema } from '../resources/schema';
import type { ResourceDefinition, ValueMap } from '../template/model';
import { dependencyGraph } from '../template/references';
import { isTaggable, replaces } from './difference';
import { resolveReferences } from './dynamicReferences';
import { recordResource } from './record';
import { conform, contextOf, declaredProperties, newResource, providerOf, type Run, take } from './run';
import { awaitSignals } from './signals';
import type { StackResource } from './state';

function serviceOf(type: string): string {
  return type.split('::')[1] ?? type;
}

/** Reports a failed step on its resource and passes the failure on. */
async function reported(
  run: Run,
  resource: StackResource,
  status: 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETE_FAILED' | 'IMPORT_FAILED',
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    recordResource(
      run.stack,
      resource,
      status,
      run.engine.store.now(),
      handlerMessage(serviceOf(resource.type), error),
    );
    throw error;
  }
}

/** Makes one resource. */
export async function createStep(run: Run, definition: ResourceDefinition): Promise<void> {
  const { stack, engine } = run;
  const resource = newResource(run, definition);
  stack.resources.set(resource.logicalId, resource);
  await reported(run, resource, 'CREATE_FAILED', async () => {
    const provider = providerOf(engine, resource.type);
    const context = contextOf(run, resource.logicalId, resource.type);
    resource.declared = declaredProperties(definition, run.scope);
    recordResource(stack, resource, 'CREATE_IN_PROGRESS', engine.store.now());
    const properties = conform(resource.type, await resolveReferences(resource.declared, context));
    resource.properties = properties;
    take(resource, await provider.create(context, properties));
    stack.undo.push({ kind: 'created', resource });
    recordResource(stack, resource, 'CREATE_IN_PROGRESS', engine.store.now(), 'Resource creation Initiated');
    await awaitSignals(engine, stack, definition);
    recordResource(stack, resource, 'CREATE_COMPLETE', engine.store.now());
  });
}

/** What an update would do to a resource that stands. */
export function isChanged(
  run: Run,
  resource: StackResource,
  definition: ResourceDefinition,
  declared: ValueMap,
): boolean {
  return (
    !isDeepStrictEqual(resource.declared, declared) ||
    !isDeepStrictEqual(resource.metadata ?? null, definition.metadata ?? null) ||
    (isTaggable(resource.type) && !isDeepStrictEqual(run.stack.previous?.tags ?? new Map(), run.target.tags))
  );
}

/** Changes one resource, in place or by a new one. */
export async function updateStep(run: Run, before: StackResource, definition: ResourceDefinition): Promise<void> {
  const { stack, engine } = run;
  const now = () => engine.store.now();
  const declared = declaredProperties(definition, run.scope);
  if (!isChanged(run, before, definition, declared)) {
    keep(run, before, definition);
    return;
  }
  const resource: StackResource = { ...before, ...keptFields(run, definition), declared };
  stack.resources.set(resource.logicalId, resource);
  await reported(run, resource, 'UPDATE_FAILED', async () => {
    const provider = providerOf(engine, resource.type);
    const context = contextOf(run, resource.logicalId, resource.type);
    const properties = conform(resource.type, await resolveReferences(declared, context));
    resource.properties = properties;
    if (replaces(resource.type, provider, before.properties, properties)) {
      refuseSameName(before, properties);
      const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
      recordResource(stack, resource, 'UPDATE_IN_PROGRESS', now(), reason);
      take(resource, await provider.create(context, properties));
      stack.undo.push({ kind: 'replaced', resource, before });
      recordResource(stack, resource, 'UPDATE_IN_PROGRESS', now(), 'Resource creation Initiated');
    } else {
      recordResource(stack, resource, 'UPDATE_IN_PROGRESS', now());
      stack.undo.push({ kind: 'updated', resource, before });
      take(resource, await provider.update?.(context, before.physicalId ?? '', properties, before.properties));
    }
    recordResource(stack, resource, 'UPDATE_COMPLETE', now());
  });
}

/** What the template says about a resource without touching it. */
function keptFields(run: Run, definition: ResourceDefinition) {
  return {
    metadata: definition.metadata,
    deletionPolicy: definition.deletionPolicy,
    updateReplacePolicy: definition.updateReplacePolicy,
    dependencies: [...(dependencyGraph(run.target.template).get(definition.logicalId) ?? [])],
  };
}

function keep(run: Run, resource: StackResource, definition: ResourceDefinition): void {
  run.stack.resources.set(resource.logicalId, { ...resource, ...keptFields(run, definition) });
}

/** A resource with a name of its own cannot stand twice. */
function refuseSameName(before: StackResource, after: ValueMap): void {
  const [identifier, ...others] = typeSchema(before.type)?.primaryIdentifier ?? [];
  const name = identifier !== undefined && others.length === 0 ? after[identifier] : undefined;
  if (name !== undefined && name === before.properties[identifier as string]) {
    throw validationError(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(name)} and update the stack again.`,
    );
  }
}

/** Removes one physical resource, unless its policy says that it stays. */
export async function deleteStep(run: Run, resource: StackResource, policy?: string): Promise<void> {
  const { stack, engine } = run;
  if (resource.physicalId === undefined) {
    resource.status = 'DELETE_COMPLETE';
    return;
  }
  if (policy === 'Retain' || policy === 'Snapshot') {
    recordResource(stack, resource, 'DELETE_SKIPPED', engine.store.now());
    return;
  }
  await reported(run, resource, 'DELETE_FAILED', async () => {
    recordResource(stack, resource, 'DELETE_IN_PROGRESS', engine.store.now());
    const context = contextOf(run, resource.logicalId, resource.type);
    await providerOf(engine, resource.type).delete(context, resource.physicalId ?? '', resource.properties);
    recordResource(stack, resource, 'DELETE_COMPLETE', engine.store.now());
  });
}

/** Puts a resource back to what it was before an update. */
export async function restoreStep(run: Run, resource: StackResource, before: StackResource): Promise<void> {
  const { stack, engine } = run;
  const restored: StackResource = { ...before };
  stack.resources.set(before.logicalId, restored);
  await reported(run, restored, 'UPDATE_FAILED', async () => {
    recordResource(stack, restored, 'UPDATE_IN_PROGRESS', engine.store.now());
    const context = contextOf(run, before.logicalId, before.type);
    const provider = providerOf(engine, before.type);
    take(restored, await provider.update?.(context, resource.physicalId ?? '', before.properties, resource.properties));
    recordResource(stack, restored, 'UPDATE_COMPLETE', engine.store.now());
  });
}

/** Takes a resource that stands outside any stack into this one. */
export async function importStep(
  run: Run,
  definition: ResourceDefinition,
  identifier: Readonly<Record<string, string>>,
): Promise<void> {
  const { stack, engine } = run;
  const resource = newResource(run, definition);
  stack.resources.set(resource.logicalId, resource);
  await reported(run, resource, 'IMPORT_FAILED', async () => {
    const provider = providerOf(engine, resource.type);
    const context = contextOf(run, resource.logicalId, resource.type);
    resource.declared = declaredProperties(definition, run.scope);
    recordResource(stack, resource, 'IMPORT_IN_PROGRESS', engine.store.now());
    resource.properties = conform(resource.type, await resolveReferences(resource.declared, context));
    const physicalId = Object.values(identifier)[0] ?? '';
    const live = provider.read ? await provider.read(context, physicalId, resource.properties) : {};
    if (live === undefined) {
      throw validationError(`Resource ${physicalId} of type ${resource.type} does not exist`);
    }
    take(resource, provider.adopt ? await provider.adopt(context, identifier, resource.properties) : { physicalId });
    recordResource(stack, resource, 'IMPORT_COMPLETE', engine.store.now(), 'Resource import completed.');
  });
}
