import type { Change, ChangeSetStatus, ExecutionStatus } from '@aws-sdk/client-cloudformation';
import type { Caller } from '../../core/service';
import type { StackTarget } from '../stacks/state';

/** A change set of a stack. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  readonly description?: string;
  readonly createdAt: Date;
  readonly target: StackTarget;
  readonly roleArn?: string;
  readonly onFailure?: string;
  readonly importExisting: boolean;
  /** For imports: physical identifiers by logical id. */
  readonly imports: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly caller: Caller;
  readonly includeNested: boolean;
  readonly token?: string;
  status: ChangeSetStatus;
  statusReason?: string;
  executionStatus: ExecutionStatus;
  /** The token of the request that executed it. */
  executionToken?: string;
  changes: Change[];
  /** Changes that those may bring about: of resources whose properties are attributes of changed ones. */
  dependents: Change[];
}
