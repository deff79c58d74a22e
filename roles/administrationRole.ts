import { PrincipalBase, PrincipalPolicyFragment } from 'aws-cdk-lib/aws-iam';
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
      trusts: new StackSets(administratorAccount(context, pair), context),
      policyName: 'AssumeExecutionRole',
      statements: [allow('AssumeExecutionRole', ['sts:AssumeRole'], [executionRoleArn(context, '*', pair)])],
    });
  }
}

/**
 * CloudFormation, on behalf of stack sets of one account: anything else would be a confused deputy. All in one
 * statement, as trust policies may have 2,048 characters only. Source: IAM quotas.
 */
class StackSets extends PrincipalBase {
  readonly policyFragment: PrincipalPolicyFragment;

  constructor(accountId: string, { partition, optInRegions }: RoleContext) {
    super();
    // Where an account has opted in to a region, the service speaks from there under that region's name.
    const regional = optInRegions.map((region) => `cloudformation.${region}.amazonaws.com`);
    this.policyFragment = new PrincipalPolicyFragment(
      { Service: ['cloudformation.amazonaws.com', ...regional] },
      {
        StringEquals: { 'aws:SourceAccount': accountId },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudformation:*:${accountId}:stackset/*` },
      },
    );
  }

  override dedupeString(): string {
    return `StackSets:${JSON.stringify(this.policyFragment)}`;
  }
}
