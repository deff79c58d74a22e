import type { GarrisonError } from '../../organization/errors';

/** What a policy is attached to: the root, an organizational unit by its path, or an account. */
export type PolicyTarget =
  | { readonly kind: 'root' }
  | { readonly kind: 'unit'; readonly path: string }
  | { readonly kind: 'account'; readonly accountId: string };

/** A GuardDuty policy of AWS Organizations as it is to be, and the one place it is attached to. */
export interface DesiredPolicy {
  readonly name: string;
  readonly target: PolicyTarget;
  /** JSON, in one form: the same settings give the same text. */
  readonly content: string;
}

/** A policy that carries Garrison's tag, or a name that Garrison would give. */
export interface ObservedPolicy {
  readonly id: string;
  readonly name: string;
  readonly ours: boolean;
  /** Read of our own ones alone. */
  readonly content?: string;
  /** Ids of what it is attached to; read of our own ones alone. */
  readonly targetIds: readonly string[];
}

/** What the organization has. */
export interface ObservedPolicies {
  readonly rootId: string;
  /** GuardDuty policies can be attached. */
  readonly enabled: boolean;
  readonly policies: readonly ObservedPolicy[];
  /** Ids of the units that policies are wanted on, by path; those that do not exist are left out. */
  readonly units: ReadonlyMap<string, string>;
}

/** One change, made as the management account. Plain data. */
export type PolicyChange =
  | { readonly kind: 'enable-policy-type'; readonly rootId: string }
  | { readonly kind: 'create-policy'; readonly name: string; readonly content: string }
  | { readonly kind: 'update-policy'; readonly name: string; readonly policyId: string; readonly content: string }
  /** Without `policyId` the policy is created in the same run. */
  | { readonly kind: 'attach-policy'; readonly name: string; readonly policyId?: string; readonly targetId: string }
  | { readonly kind: 'detach-policy'; readonly name: string; readonly policyId: string; readonly targetId: string }
  | { readonly kind: 'delete-policy'; readonly name: string; readonly policyId: string };

/** What is to be done, and what no change of ours can mend. */
export interface PolicyPlan {
  readonly changes: readonly PolicyChange[];
  readonly problems: readonly PolicyProblem[];
}

export interface PolicyProblem {
  /** `guardduty.policy.foreign`, `guardduty.policy.target`, `guardduty.policy.size`, or AWS's own code where they cannot be read. */
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
}

/** What became of a plan. */
export interface PolicyOutcome {
  readonly done: readonly PolicyChange[];
  readonly failed: readonly GarrisonError[];
}
