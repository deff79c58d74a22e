import type { Cell } from '../../organization/accounts';

/** A stack set's instances as they are to be. */
export interface DesiredInstances {
  readonly stackSet: string;
  readonly cells: readonly Cell[];
  /** Accounts that may be touched at all: instances in others stay as they are. All unless given. */
  readonly only?: ReadonlySet<string>;
  /** Parameter values that differ for an account, by account id. */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Cells in which nothing can be done now, and why. Their instances, if any, are left alone. */
  readonly blocked?: readonly BlockedCell[];
  /**
   * Cells that already have by other means what the stack set would create: nothing is created there, and an instance
   * that failed is taken out.
   */
  readonly adopted?: readonly Cell[];
  /** Instances that are no longer wanted: what they made is deleted, or stays and is let go of. */
  readonly removal?: 'delete' | 'retain';
}

export interface BlockedCell extends Cell {
  readonly reason: string;
  readonly remedy: string;
}

/** A stack instance as it is. */
export interface ObservedInstance extends Cell {
  /** `CURRENT`, `OUTDATED` or `INOPERABLE`. */
  readonly status: string;
  /** `SUCCEEDED`, `FAILED`, `PENDING`, `RUNNING`, `CANCELLED`, … */
  readonly detailedStatus?: string;
  /** Of one that is not `CURRENT`. */
  readonly reason?: string;
  /** Of one that is not `CURRENT`; absent when no stack could be created. */
  readonly stackId?: string;
}

/** A stack set as it is. */
export interface ObservedStackSet {
  readonly stackSet: string;
  readonly exists: boolean;
  /** Ids of operations under way: another run's, or a killed one's. */
  readonly running: readonly string[];
  readonly instances: readonly ObservedInstance[];
  /** The history proves that they are all in order: none was listed. */
  readonly proven?: boolean;
  /** Id of the newest operation that may have changed instances. */
  readonly lastOperation?: string;
  /** Values of parameters that instances override, by `accountId/region`; only where asked for. */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What is to be done in one cell. */
export type CellAction = 'create' | 'update' | 'delete' | 'none' | 'adopted' | 'blocked';

export interface CellPlan extends Cell {
  readonly action: CellAction;
  /** For `create`: what stands there can only be deleted, and is, first. */
  readonly afterDeletion?: boolean;
  /** Of an instance that failed, what its stack made: `nothing` for certain, or only the resources themselves tell. */
  readonly made?: 'nothing' | 'unknown';
  /** Why it is updated or blocked. */
  readonly reason?: string;
  readonly remedy?: string;
}

/** One call that changes instances in every region of the list in every account of the list. */
export interface OperationPlan {
  readonly kind: 'create' | 'update' | 'delete';
  readonly accountIds: readonly string[];
  readonly regions: readonly string[];
  readonly parameterOverrides?: Readonly<Record<string, string>>;
  /** For `delete`: stacks and what they made stay, and are let go of. */
  readonly retainStacks?: boolean;
}

/** What is to be done about a stack set's instances: plain data. */
export interface StackSetPlan {
  readonly stackSet: string;
  /** False: the stack set has to be created first, with its stack. */
  readonly exists: boolean;
  readonly operations: readonly OperationPlan[];
  readonly cells: readonly CellPlan[];
  /** Operations that are under way and will be waited for. */
  readonly running: readonly string[];
  /** What the last of the operations can be named after: see `marks.ts`. */
  readonly mark?: {
    /** Of all instances, once every operation has succeeded; absent when some will not be in order even then. */
    readonly digest?: string;
    /** The operation before the first one. */
    readonly after?: string;
  };
}

/** What became of one cell. */
export interface CellOutcome extends Cell {
  readonly action: CellAction;
  readonly outcome: 'done' | 'failed' | 'unchanged' | 'blocked';
  readonly reason?: string;
  readonly remedy?: string;
}

/** How operations go about their work. */
export interface OperationPreferences {
  readonly accountPercentage: number;
  readonly regionConcurrency: 'PARALLEL' | 'SEQUENTIAL';
  readonly regionOrder: readonly string[];
}
