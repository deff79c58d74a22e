import type { RolesConfiguration } from '../organization/config/roles';
import { type RoleNames, roleArn, roleNames } from '../organization/config/roles';

/** What every role and policy has to know of the organization. All values are literals: no CloudFormation references. */
export interface RoleContext {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly managementAccountId: string;
  readonly securityAccountId: string;
  readonly homeRegion: string;
  /** Regions in use that accounts have to opt in to: each has a service principal of its own. */
  readonly optInRegions: readonly string[];
  readonly roles: RolesConfiguration;
  /** Accounts become members of GuardDuty through the organization, not by invitation alone. */
  readonly guardDutyThroughOrganization: boolean;
  /** GuardDuty policies of AWS Organizations are written and attached. */
  readonly guardDutyPolicies?: boolean;
  /** Policies whose roles count as privileged: each account is asked who has them. */
  readonly administratorPolicies?: readonly string[];
  /** Every account has event rules of its own, for the detections. */
  readonly rulesEverywhere: boolean;
  /** People are asked what they used a privilege for: queue, functions and a record of their own. */
  readonly attestation?: boolean;
  /** Slack calls a function, behind a URL of its own. */
  readonly bot?: boolean;
  /** Responders are rolled out: queue, function and table of their own, and a role in every account. */
  readonly responders?: boolean;
  /** Detections look through delivered log files: queue, function and table of their own. */
  readonly logFiles?: {
    /** The topic that announces them, where it is the security account's own. */
    readonly topicArn?: string;
  };
  /** Where GuardDuty exports findings to. */
  readonly findingsExport?: {
    /** A bucket and a key of ours, in a stack of their own. */
    readonly own: boolean;
    /** Prefixes of others' buckets, as ARNs: GuardDuty asks whoever names one whether it is there. */
    readonly prefixes: readonly string[];
  };
  /** What the security account's pair may do besides, for templates of one's own. */
  readonly ownPermissions?: readonly OwnPermission[];
}

/** A statement of `stackSets.<name>.permissions` in `garrison.yaml`. */
export interface OwnPermission {
  readonly sid: string;
  readonly actions: readonly string[];
  /** ARNs; `${AWS::AccountId}` stands for the account. */
  readonly resources: readonly string[];
  /** Where the template is rolled out to. */
  readonly kinds: ReadonlySet<AccountKind>;
}

/** Which account's administration role leads a pair. */
export type Pair = 'management' | 'security';

/** Where a role stands, as far as its permissions differ. */
export type AccountKind = 'management' | 'security' | 'member';

/** Names, from the configuration. */
export function namesOf(context: RoleContext): RoleNames {
  return roleNames(context.roles);
}

/** The account in which a pair's administration role stands. */
export function administratorAccount(context: RoleContext, pair: Pair): string {
  return pair === 'management' ? context.managementAccountId : context.securityAccountId;
}

/** ARN of a pair's administration role. */
export function administrationRoleArn(context: RoleContext, pair: Pair): string {
  return roleArn(
    {
      partition: context.partition,
      accountId: administratorAccount(context, pair),
      name: namesOf(context)[pair].administration,
    },
    context.roles,
  );
}

/** ARN of a role of Garrison's in any account; `accountId` may be `*` or a CloudFormation reference. */
export function arnOfRole(context: RoleContext, accountId: string, name: string): string {
  return roleArn({ partition: context.partition, accountId, name }, context.roles);
}

/**
 * ARN of a pair's execution role in an account; `accountId` may be `*` or a CloudFormation reference. Always without a
 * path: StackSets know execution roles by their name alone.
 */
export function executionRoleArn(context: RoleContext, accountId: string, pair: Pair): string {
  return roleArn({ partition: context.partition, accountId, name: namesOf(context)[pair].execution }, { path: '/' });
}
