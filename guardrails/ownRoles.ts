import type { Config } from '../organization/config';
import { permissionsBoundaryArn, roleArn, roleNames } from '../organization/config/roles';

/** Garrison's own roles by what they do, as ARNs with `*` for any account where they stand in many. */
export interface OwnRoles {
  /** Plans, applies, verifies and drills, in the security account. */
  readonly operator: string;
  /** Reads detectors and accepts invitations, in every other account. */
  readonly member: string;
  /** Runs the security account's stack sets. */
  readonly administration: string;
  /** What the security account's stack sets work as: detectors, member roles, rules. */
  readonly execution: string;
  /** What plants, changes and removes the roles themselves, from the management account. */
  readonly planting: readonly string[];
  /** Undoes what somebody did, in every account. */
  readonly responder: string;
  /** What Garrison's functions and rules work as, in the security account and for rules in every account. */
  readonly services: readonly string[];
}

/** Names of roles/names.ts, which this folder may not import: a test compares them with the templates. */
const responderName = 'GarrisonResponder';
const serviceNames = ['garrison-*'];

/** Source: CloudFormation user guide, "Activate trusted access for stack sets with AWS Organizations". */
const organizationStackSets = 'stacksets-exec-*';

/** The roles through which Garrison works: what they have to do, no guardrail may stop. */
export function ownRoles({ partition, roles, securityAccount, bootstrap }: Config): OwnRoles {
  const names = roleNames(roles);
  const arn = (name: string, accountId = '*') => roleArn({ partition, accountId, name }, roles);
  const withoutPath = (name: string) => roleArn({ partition, accountId: '*', name }, { path: '/' });
  const { method, organizationalUnits, accounts } = bootstrap;
  const methods = [method, ...Object.values(organizationalUnits), ...Object.values(accounts)];
  return {
    operator: arn(names.operator, securityAccount),
    member: arn(names.member),
    administration: arn(names.security.administration, securityAccount),
    execution: withoutPath(names.security.execution),
    planting: [
      withoutPath(names.management.execution),
      withoutPath(roles.accountAccessRole),
      ...(methods.includes('organization') ? [withoutPath(organizationStackSets)] : []),
    ],
    responder: arn(responderName),
    services: serviceNames.map((name) => arn(name)),
  };
}

/** Policies that say what Garrison's roles may do, as ARNs: those of the operator's features, and the boundary of all. */
export function ownPolicies({ partition, roles, securityAccount }: Config): string[] {
  const boundary = permissionsBoundaryArn({ partition, accountId: '*' }, roles);
  return [
    `arn:${partition}:iam::${securityAccount}:policy${roles.path}${roleNames(roles).operator}*`,
    ...(boundary && !boundary.includes('::aws:') ? [boundary] : []),
  ];
}

/** All of them, sorted. */
export function allOf({ planting, services, ...single }: OwnRoles): string[] {
  return [...Object.values(single), ...planting, ...services].sort();
}
