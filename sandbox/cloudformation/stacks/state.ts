import { randomUUID } from 'node:crypto';
import type { ResourceStatus, RollbackConfiguration, StackStatus } from '@aws-sdk/client-cloudformation';
import { type Site, Store } from '../../common/store';
import type { Tags } from '../../common/tags';
import type { Caller } from '../../core/service';
import type { World } from '../../core/world';
import type { ChangeSet } from '../changesets/model';
import type { Template, Value, ValueMap } from '../template/model';
import type { ResolvedParameters } from '../template/parameters';

/** A resource of a stack as it stands. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  physicalId?: string;
  /** What `Ref` gives; the physical id unless the type says otherwise. */
  reference?: string;
  attributes: ValueMap;
  /** Evaluated properties before references to Parameter Store and Secrets Manager were followed. */
  declared: ValueMap;
  /** As the provider got them. */
  properties: ValueMap;
  metadata?: Value;
  deletionPolicy?: string;
  updateReplacePolicy?: string;
  dependencies: readonly string[];
  status: ResourceStatus;
  statusReason?: string;
  updatedAt: Date;
  drift?: ResourceDrift;
}

export interface ResourceDrift {
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED';
  readonly checkedAt: Date;
  readonly expected?: string;
  readonly actual?: string;
  readonly differences: readonly {
    readonly PropertyPath: string;
    readonly ExpectedValue: string;
    readonly ActualValue: string;
    readonly DifferenceType: 'ADD' | 'REMOVE' | 'NOT_EQUAL';
  }[];
}

export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly timestamp: Date;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: ValueMap;
  readonly clientRequestToken?: string;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** How to take back one step of an operation. */
export type Undo =
  | { readonly kind: 'created'; readonly resource: StackResource }
  | { readonly kind: 'updated'; readonly resource: StackResource; readonly before: StackResource }
  | { readonly kind: 'replaced'; readonly resource: StackResource; readonly before: StackResource };

/** What an operation wants the stack to be. */
export interface StackTarget {
  readonly template: Template;
  readonly parameters: ResolvedParameters;
  readonly tags: Tags;
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly rollback?: RollbackConfiguration;
}

export interface Stack extends Site {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  updatedAt?: Date;
  deletedAt?: Date;
  status: StackStatus;
  statusReason?: string;
  /** Undefined while only a change set that would create the stack exists. */
  current?: StackTarget;
  /** What an update that failed wanted to leave. */
  previous?: StackTarget;
  readonly resources: Map<string, StackResource>;
  readonly events: StackEvent[];
  outputs: readonly StackOutput[];
  roleArn?: string;
  disableRollback: boolean;
  onFailure?: string;
  timeoutMinutes?: number;
  terminationProtection: boolean;
  policy?: string;
  readonly parentId?: string;
  readonly rootId?: string;
  /** Steps of the operation that runs or failed, oldest first. */
  undo: Undo[];
  /** Physical resources that a finished update leaves behind, to be deleted. */
  leftovers: StackResource[];
  /** Exports that this stack imports. */
  imports: Set<string>;
  /** Of the operation that runs. */
  token?: string;
  readonly creationToken?: string;
  cancelled: boolean;
  /** Who runs the current operation. */
  operator?: Caller;
  /** Resolves when the current operation ends. */
  settled: Promise<void>;
  readonly changeSets: Map<string, ChangeSet>;
  /** Change sets that were executed: they can still be looked up by their ids. */
  readonly executed: Map<string, ChangeSet>;
  /** The last change set that was executed, or that waits for it. */
  changeSetId?: string;
  drift: { status: 'NOT_CHECKED' | 'IN_SYNC' | 'DRIFTED'; checkedAt?: Date };
  /** Signals that have come in, by logical id and then by unique id. */
  readonly signals: Map<string, Map<string, 'SUCCESS' | 'FAILURE'>>;
}

export interface Export {
  readonly name: string;
  readonly value: string;
  readonly stack: Stack;
}

/** CloudFormation of one account in one region. */
export interface CloudFormationRegion {
  /** Stacks that are not deleted, by name. */
  readonly live: Map<string, Stack>;
  /** All stacks, by id: deleted ones can still be looked up so. */
  readonly byId: Map<string, Stack>;
  readonly exports: Map<string, Export>;
  readonly importers: Map<string, Set<Stack>>;
  readonly driftDetections: Map<string, DriftDetection>;
  /** ARNs of the functions behind macros, by the macros' names. */
  readonly macros: Map<string, string>;
}

export interface DriftDetection {
  readonly id: string;
  readonly stack: Stack;
  readonly startedAt: Date;
  status: 'DETECTION_IN_PROGRESS' | 'DETECTION_COMPLETE' | 'DETECTION_FAILED';
  reason?: string;
  drifted: number;
  result?: 'DRIFTED' | 'IN_SYNC';
}

export class StackStore {
  readonly regions = new Store<CloudFormationRegion>(() => ({
    live: new Map(),
    byId: new Map(),
    exports: new Map(),
    importers: new Map(),
    driftDetections: new Map(),
    macros: new Map(),
  }));

  constructor(readonly world: World) {}

  /** By name or ARN. Names find only stacks that are not deleted. */
  find(nameOrId: string | undefined, site: Site): Stack | undefined {
    const text = nameOrId ?? '';
    const region = this.regions.at(site);
    return text.startsWith('arn:') ? region.byId.get(text) : region.live.get(text);
  }

  byArn(arn: string): Stack | undefined {
    const [, , , region = '', accountId = ''] = arn.split(':');
    return this.regions.at({ accountId, region }).byId.get(arn);
  }

  arnOf(name: string, site: Site, uuid: string = randomUUID()): string {
    return `arn:${this.world.partition}:cloudformation:${site.region}:${site.accountId}:stack/${name}/${uuid}`;
  }

  add(stack: Stack): void {
    const region = this.regions.at(stack);
    region.live.set(stack.name, stack);
    region.byId.set(stack.id, stack);
  }

  /** The stack is gone: its name is free, its record stays. */
  bury(stack: Stack): void {
    const region = this.regions.at(stack);
    if (region.live.get(stack.name) === stack) {
      region.live.delete(stack.name);
    }
  }

  now(): Date {
    return this.world.now();
  }
}

/** An operation starts: others wait for `settled`, which the answer resolves. */
export function begin(stack: Stack): () => void {
  let settle = () => {};
  stack.settled = new Promise((resolve) => {
    settle = resolve;
  });
  return settle;
}
