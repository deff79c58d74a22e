import { Validations } from 'aws-cdk-lib';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type AccountKind, administrationRoleArn, namesOf, type Pair, type RoleContext } from './context';
import { executionStatements } from './permissions/execution';
import { addRole } from './role';

/**
 * The role through which a pair's administration role works in an account. It trusts that one role, by ARN, and not
 * the account it stands in.
 */
export class ExecutionRole extends Construct {
  constructor(scope: Construct, id: string, context: RoleContext, pair: Pair, account: AccountKind) {
    super(scope, id);
    const everything = context.roles.permissions === 'administrator-access';
    const role = addRole(this, 'Role', context, {
      name: namesOf(context)[pair].execution,
      path: '/',
      description: `The ${pair} account's stack sets work in this account as this role`,
      trusts: new ArnPrincipal(administrationRoleArn(context, pair)),
      policyName: 'StackSets',
      statements: everything ? [] : executionStatements(context, pair, account),
      managedPolicies: everything ? ['AdministratorAccess'] : [],
    });
    if (everything) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM4[Policy::arn:${context.partition}:iam::aws:policy/AdministratorAccess]`,
        reason: 'Chosen in garrison.yaml: `roles.permissions: administrator-access`.',
      });
    }
  }
}
