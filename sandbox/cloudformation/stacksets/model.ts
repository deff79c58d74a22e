import type {
  StackInstanceDetailedStatus,
  StackInstanceStatus,
  StackSetOperationAction,
  StackSetOperationPreferences,
  StackSetOperationResultStatus,
  StackSetOperationStatus,
} from '@aws-sdk/client-cloudformation';
import type { Site } from '../../common/store';
import type { Tags } from '../../common/tags';
import type { Caller } from '../../core/service';
import type { Template } from '../template/model';
import type { ResolvedParameters } from '../template/parameters';

/** What every instance of a stack set is to be. */
export interface StackSetTarget {
  readonly template: Template;
  readonly parameters: ResolvedParameters;
  readonly tags: Tags;
  readonly capabilities: readonly string[];
  readonly description?: string;
}

export interface AutoDeployment {
  readonly enabled: boolean;
  readonly retainStacks: boolean;
  readonly dependsOn: readonly string[];
}

/** One account and region of a stack set. */
export interface StackInstance {
  readonly accountId: string;
  readonly region: string;
  stackId?: string;
  status: StackInstanceStatus;
  detailedStatus: StackInstanceDetailedStatus;
  statusReason?: string;
  overrides: ReadonlyMap<string, string>;
  organizationalUnitId?: string;
  lastOperationId?: string;
  driftStatus: 'DRIFTED' | 'IN_SYNC' | 'UNKNOWN' | 'NOT_CHECKED';
  driftCheckedAt?: Date;
}

export interface OperationResult {
  readonly accountId: string;
  readonly region: string;
  readonly organizationalUnitId?: string;
  status: StackSetOperationResultStatus;
  reason?: string;
}

export interface Operation {
  readonly id: string;
  readonly action: StackSetOperationAction;
  status: StackSetOperationStatus;
  statusReason?: string;
  readonly createdAt: Date;
  endedAt?: Date;
  readonly preferences: StackSetOperationPreferences;
  readonly retainStacks: boolean;
  readonly deploymentTargets?: DeploymentTarget;
  /** By `account/region`, in the order in which they are worked on. */
  readonly results: Map<string, OperationResult>;
  /** The request, to tell a repetition from another operation under the same id. */
  readonly fingerprint: string;
  stopping: boolean;
  /** The set's drift as a drift detection found it. */
  drift?: DriftDetails;
  /** One session for each account, made when it is first needed. */
  readonly sessions: Map<string, Promise<Caller>>;
}

export interface DeploymentTarget {
  readonly organizationalUnitIds?: readonly string[];
  readonly accounts?: readonly string[];
  readonly accountFilterType?: string;
}

export interface DriftDetails {
  readonly status: 'DRIFTED' | 'IN_SYNC' | 'NOT_CHECKED';
  readonly detection: 'COMPLETED' | 'FAILED' | 'PARTIAL_SUCCESS' | 'IN_PROGRESS' | 'STOPPED';
  readonly checkedAt?: Date;
  readonly total: number;
  readonly drifted: number;
  readonly inSync: number;
  readonly inProgress: number;
  readonly failed: number;
}

/** A stack set. `accountId` and `region` say who owns it. */
export interface StackSet extends Site {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  status: 'ACTIVE' | 'DELETED';
  current: StackSetTarget;
  permissionModel: 'SELF_MANAGED' | 'SERVICE_MANAGED';
  autoDeployment?: AutoDeployment;
  managedExecution: boolean;
  /** Whose role runs the operations; service-managed sets have none. */
  administrationRoleArn?: string;
  executionRoleName?: string;
  /** Who made the set, where the key was unknown to the world even then. */
  readonly stranger?: Caller;
  readonly organizationalUnitIds: Set<string>;
  /** Regions and accounts that auto-deployment follows, by organizational unit. */
  readonly autoTargets: Map<string, Set<string>>;
  readonly token?: string;
  readonly instances: Map<string, StackInstance>;
  readonly operations: Map<string, Operation>;
  /** Operations that wait for those that run (managed execution). */
  readonly queue: { operation: Operation; start: () => void }[];
  drift?: DriftDetails;
}

export function cellKey(accountId: string, region: string): string {
  return `${accountId}/${region}`;
}
