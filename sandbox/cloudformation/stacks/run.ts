import type { Caller } from '../../core/service';
import type { World } from '../../core/world';
import { validationError } from '../errors';
import { resourceContext } from '../resources/context';
import type { ProvidedResource, ResourceContext, ResourceProvider } from '../resources/provider';
import { conformProperties } from '../resources/schema';
import { evaluate, type Scope } from '../template/evaluate';
import { isMap, type ResourceDefinition, type ValueMap } from '../template/model';
import { dependencyGraph } from '../template/references';
import { type Lookups, type StackPlace, scopeOf } from '../template/scope';
import type { Stack, StackResource, StackStore, StackTarget } from './state';

/** Providers by type. */
export type FindProvider = (type: string) => ResourceProvider | undefined;

/** What all operations on stacks share. */
export interface Engine {
  readonly world: World;
  readonly store: StackStore;
  readonly provider: FindProvider;
}

/** One operation on a stack while it runs. */
export interface Run {
  readonly engine: Engine;
  readonly stack: Stack;
  readonly target: StackTarget;
  readonly scope: Scope;
  /** The caller, or the session of the stack's role. */
  readonly caller: Caller;
  /** Names of exports that the target uses. */
  readonly imports: Set<string>;
}

export function placeOf(stack: Stack, target: Pick<StackTarget, 'notificationArns'>, world: World): StackPlace {
  return {
    partition: world.partition,
    accountId: stack.accountId,
    region: stack.region,
    stackId: stack.id,
    stackName: stack.name,
    notificationArns: target.notificationArns,
  };
}

/** Looks resources up among those that stand. */
export function lookupsOf(engine: Engine, stack: Stack, imports: Set<string>): Lookups {
  return {
    resource: (logicalId) => {
      const resource = stack.resources.get(logicalId);
      return resource?.physicalId === undefined
        ? undefined
        : {
            reference: resource.reference ?? resource.physicalId,
            attribute: (name) => resource.attributes[name] ?? resource.properties[name],
          };
    },
    importValue: (name) => {
      const found = engine.store.regions.at(stack).exports.get(name);
      if (!found) {
        throw validationError(`No export named ${name} found.`);
      }
      imports.add(name);
      return found.value;
    },
  };
}

/** @throws ServiceError `ValidationError` when conditions or rules of the target do not hold together */
export function startRun(engine: Engine, stack: Stack, target: StackTarget, caller: Caller): Run {
  const imports = new Set<string>();
  const scope = scopeOf(
    target.template,
    target.parameters,
    placeOf(stack, target, engine.world),
    lookupsOf(engine, stack, imports),
  );
  return { engine, stack, target, scope, caller, imports };
}

/** A resource's properties with functions replaced. @throws ServiceError `ValidationError` */
export function declaredProperties(definition: ResourceDefinition, scope: Scope): ValueMap {
  const value = evaluate(definition.properties, scope);
  return isMap(value) ? value : {};
}

/** The schema's types for scalars; custom resources take what they get. */
export function conform(type: string, properties: ValueMap): ValueMap {
  return conformProperties(type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : type, properties);
}

export function contextOf(
  run: Pick<Run, 'engine' | 'stack' | 'caller'>,
  logicalId: string,
  type: string,
): ResourceContext {
  return resourceContext(run.engine.world, run.stack, logicalId, type, run.caller);
}

/** @throws ServiceError `ValidationError` */
export function providerOf(engine: Engine, type: string): ResourceProvider {
  const provider = engine.provider(type);
  if (!provider) {
    throw validationError(`Template format error: Unrecognized resource types: [${type}]`);
  }
  return provider;
}

/** A record for a resource that is about to be made. */
export function newResource(run: Run, definition: ResourceDefinition): StackResource {
  return {
    logicalId: definition.logicalId,
    type: definition.type,
    attributes: {},
    declared: {},
    properties: {},
    metadata: definition.metadata,
    deletionPolicy: definition.deletionPolicy,
    updateReplacePolicy: definition.updateReplacePolicy,
    dependencies: [...(dependencyGraph(run.target.template).get(definition.logicalId) ?? [])],
    status: 'CREATE_IN_PROGRESS',
    updatedAt: run.engine.store.now(),
  };
}

/** Takes over what a provider answers. */
export function take(resource: StackResource, provided: ProvidedResource | undefined): void {
  if (provided) {
    resource.physicalId = provided.physicalId;
    resource.reference = provided.reference;
    resource.attributes = provided.attributes ?? resource.attributes;
  }
}
