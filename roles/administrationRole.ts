import { CompositePrincipal, type PrincipalBase, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { administratorAccount, executionRoleArn, namesOf, type Pair, type RoleContext } from './context';
import { allow } from './permissions/statement';
import { addRole } from './role';

/**
 * The role that CloudFormation takes on to run stack sets: trusted only when it works for a stack set of this very
 * account, and able to do nothing but become the execution role of its pair.
 */
export class AdministrationRole extends Construct {
  constructor(scope: Construct, id: string, context: RoleContext, pair: Pair) {
    super(scope, id);
    const { administration } = namesOf(context)[pair];
    addRole(this, 'Role', context, {
      name: administration,
      description: `CloudFormation runs the ${pair} account's stack sets as this role`,
      trusts: stackSetsOf(administratorAccount(context, pair), context),
      policyName: 'AssumeExecutionRole',
      statements: [allow('AssumeExecutionRole', ['sts:AssumeRole'], [executionRoleArn(context, '*', pair)])],
    });
  }
}

/** CloudFormation, on behalf of stack sets of one account: anything else would be a confused deputy. */
function stackSetsOf(accountId: string, context: RoleContext): PrincipalBase {
  const conditions = {
    StringEquals: { 'aws:SourceAccount': accountId },
    ArnLike: { 'aws:SourceArn': `arn:${context.partition}:cloudformation:*:${accountId}:stackset/*` },
  };
  // Where an account has opted in to a region, the service speaks from there under that region's name.
  const services = [
    'cloudformation.amazonaws.com',
    ...context.optInRegions.map((region) => `cloudformation.${region}.amazonaws.com`),
  ];
  const principals = services.map((service) => new ServicePrincipal(service, { conditions }));
  return new CompositePrincipal(...principals);
}
