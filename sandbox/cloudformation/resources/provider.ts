import type { Caller } from '../../core/service';
import type { World } from '../../core/world';
import type { Value, ValueMap } from '../template/model';

export interface Tag {
  Key: string;
  Value: string;
}

export interface TagChanges {
  readonly set: Tag[];
  readonly remove: string[];
}

/** What a provider knows beside a resource's properties. */
export interface ResourceContext {
  readonly world: World;
  readonly caller: Caller;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** Names the step, so that a service that knows tokens does it once. */
  readonly requestToken: string;
  /** Calls a service as the stack's caller or role. Throws `ServiceError`. */
  call<Output = Record<string, unknown>>(service: string, operation: string, input: unknown): Promise<Output>;
  /** Asks IAM what that call would ask, and makes none. Throws `ServiceError` (`AccessDenied`). */
  ask(service: string, operation: string, input: unknown): Promise<void>;
  /** A name that CloudFormation makes up: stack, logical id and twelve random characters. */
  generateName(maximum: number): string;
  /** Tags of the stack and, above them, the resource's own. */
  tags(own?: Value): Tag[];
  /** Which tags an update has to set and remove, by the resource's own tags before and after. */
  tagChanges(before: Value | undefined, after: Value | undefined): TagChanges;
  /** ARN in the stack's account and region. */
  arn(service: string, resource: string): string;
}

/** A resource that stands. */
export interface ProvidedResource {
  readonly physicalId: string;
  /** Value of `Ref` where it is not the physical id. */
  readonly reference?: string;
  readonly attributes?: ValueMap;
}

/** Makes, changes and removes the resources of one type. Properties are evaluated and conform to the type's schema. */
export interface ResourceProvider {
  create(context: ResourceContext, properties: ValueMap): Promise<ProvidedResource>;
  /** Changes in place. Absent when every change means a replacement. */
  update?(
    context: ResourceContext,
    physicalId: string,
    properties: ValueMap,
    before: ValueMap,
  ): Promise<ProvidedResource | undefined>;
  /** A resource that is gone already counts as deleted. */
  delete(context: ResourceContext, physicalId: string, properties: ValueMap): Promise<void>;
  /** Live values of the properties that can be read; `undefined` when the resource is gone. */
  read?(context: ResourceContext, physicalId: string, properties: ValueMap): Promise<ValueMap | undefined>;
  /** Attributes of a resource that was not created here (imports). */
  adopt?(
    context: ResourceContext,
    identifier: Readonly<Record<string, string>>,
    properties: ValueMap,
  ): Promise<ProvidedResource>;
  /** Changes that need a replacement beside those of create-only properties. */
  replaces?(before: ValueMap, after: ValueMap): boolean;
}
