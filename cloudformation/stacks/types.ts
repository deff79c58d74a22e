import type { Template } from '../assembly';

/** A stack as it is to be. */
export interface StackInput {
  readonly stackName: string;
  readonly templateBody: string;
  /** Where the template lies, for templates that are too large to go inline (51,200 bytes). */
  readonly templateUrl?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A stack as it is. */
export interface ObservedStack {
  readonly stackId: string;
  readonly status: string;
  readonly statusReason?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly template: Template;
}

/** One resource of a stack that is going to change. */
export interface ResourceChange {
  readonly logicalId: string;
  /** Its name in AWS, where the template gives one. */
  readonly name?: string;
  readonly type: string;
  readonly change: 'add' | 'modify' | 'remove';
  /** Names of the properties that differ, for `modify`. */
  readonly properties?: readonly string[];
  /** For a role: what its policies gain (`+`), lose (`-`) or have otherwise (`~`), a line each. */
  readonly policies?: readonly string[];
  /** The stack lets go of it, and it stays (`DeletionPolicy: Retain`). */
  readonly retained?: boolean;
}

/** What is to be done about one stack: plain data. */
export interface StackPlan {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  /** `recreate`: a first creation failed and left a stack that can only be deleted. */
  readonly action: 'create' | 'update' | 'recreate' | 'none';
  readonly resources: readonly ResourceChange[];
  /** Names of parameters whose values differ. */
  readonly parameters: readonly string[];
}

/** What became of one stack. */
export interface StackOutcome {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly outputs: Readonly<Record<string, string>>;
}
