import { AccountPrincipal, ArnPrincipal, CompositePrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { namesOf, type RoleContext } from './context';
import { operatorStatements } from './permissions/operator';
import { addRole } from './role';

/**
 * Who runs `garrison apply` becomes this role in the security account. Member roles trust it, and nothing else: so
 * what it may do is what Garrison may do.
 */
export class OperatorRole extends Construct {
  constructor(scope: Construct, id: string, context: RoleContext) {
    super(scope, id);
    addRole(this, 'Role', context, {
      name: namesOf(context).operator,
      description: 'Garrison plans, applies and verifies from the security account as this role',
      trusts: operators(context),
      policyName: 'Operator',
      statements: operatorStatements(context),
    });
  }
}

function operators(context: RoleContext): IPrincipal {
  const arns = context.roles.operators;
  return arns === undefined
    ? new AccountPrincipal(context.securityAccountId)
    : new CompositePrincipal(...arns.map((arn) => new ArnPrincipal(arn)));
}
