import {
  AccountPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  type IPrincipal,
  ManagedPolicy,
  PolicyDocument,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { namesOf, type RoleContext } from './context';
import { operatorFeatures } from './permissions/features';
import { operatorStatements } from './permissions/operator';
import { addRole } from './role';
import { giveReasons } from './wildcards';

/**
 * Who runs `garrison apply` becomes this role in the security account. Member roles trust it, and nothing else: so
 * what it may do is what Garrison may do.
 */
export class OperatorRole extends Construct {
  constructor(scope: Construct, id: string, context: RoleContext) {
    super(scope, id);
    const role = addRole(this, 'Role', context, {
      name: namesOf(context).operator,
      description: 'Garrison plans, applies and verifies from the security account as this role',
      trusts: operators(context),
      policyName: 'Operator',
      statements: operatorStatements(context),
    });
    for (const { name, statements } of operatorFeatures(context)) {
      const policy = new ManagedPolicy(this, name, {
        managedPolicyName: `${namesOf(context).operator}${name}`,
        path: context.roles.path === '/' ? undefined : context.roles.path,
        description: `What Garrison does for the feature ${name.toLowerCase()}`,
        document: new PolicyDocument({ statements: [...statements], minimize: false }),
        roles: [role],
      });
      giveReasons(policy, statements);
    }
  }
}

function operators(context: RoleContext): IPrincipal {
  const arns = context.roles.operators;
  return arns === undefined
    ? new AccountPrincipal(context.securityAccountId)
    : new CompositePrincipal(...arns.map((arn) => new ArnPrincipal(arn)));
}
