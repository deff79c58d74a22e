import { Aws, Tags } from 'aws-cdk-lib';
import { type IPrincipal, ManagedPolicy, PolicyDocument, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { permissionsBoundaryArn } from '../organization/config/roles';
import type { RoleContext } from './context';
import { giveReasons } from './wildcards';

/** A role as all of Garrison's are: named, with one inline policy, and with path, boundary and tags as configured. */
export interface RoleProperties {
  readonly name: string;
  /** The configured path unless given. */
  readonly path?: string;
  readonly description: string;
  readonly trusts: IPrincipal;
  /** Name of the inline policy. */
  readonly policyName: string;
  readonly statements: readonly PolicyStatement[];
  /** Managed policies of AWS, such as `AdministratorAccess`. */
  readonly managedPolicies?: readonly string[];
}

/** Adds a role to a stack. Roles are inline on purpose: one resource, one review, no policy left behind. */
export function addRole(scope: Construct, id: string, context: RoleContext, properties: RoleProperties): Role {
  const boundary = permissionsBoundaryArn({ partition: context.partition, accountId: Aws.ACCOUNT_ID }, context.roles);
  const path = properties.path ?? context.roles.path;
  const role = new Role(scope, id, {
    roleName: properties.name,
    path: path === '/' ? undefined : path,
    description: properties.description,
    assumedBy: properties.trusts,
    inlinePolicies:
      properties.statements.length === 0
        ? undefined
        : { [properties.policyName]: new PolicyDocument({ statements: [...properties.statements], minimize: false }) },
    permissionsBoundary:
      boundary === undefined ? undefined : ManagedPolicy.fromManagedPolicyArn(scope, `${id}Boundary`, boundary),
    managedPolicies: properties.managedPolicies?.map((policy) =>
      ManagedPolicy.fromManagedPolicyArn(scope, `${id}${policy}`, `arn:${context.partition}:iam::aws:policy/${policy}`),
    ),
  });
  giveReasons(role, properties.statements);
  for (const [key, value] of Object.entries({ garrison: 'role', ...context.roles.tags })) {
    Tags.of(role).add(key, value);
  }
  return role;
}
