import { ArnPrincipal, PolicyStatement, PrincipalWithConditions } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { arnOfRole, type RoleContext } from './context';
import { responderFunctionRoleName, responderRoleName } from './names';
import { addRole } from './role';

/** What the role needs to know beside the context. */
export interface ResponderRoleProperties {
  /** All that the responders which are on may do, as IAM writes it; each session is narrowed to one of them. */
  readonly statements: readonly object[];
  /** Id of the AWS organization, where it is known. */
  readonly organizationId?: string;
}

/**
 * What responders act as in an account. It trusts the role of the function `garrison-responder` alone, in sessions
 * that say which responder acts: their names stand in the account's CloudTrail.
 */
export class ResponderRole extends Construct {
  constructor(
    scope: Construct,
    id: string,
    context: RoleContext,
    { statements, organizationId }: ResponderRoleProperties,
  ) {
    super(scope, id);
    const trusted = new ArnPrincipal(arnOfRole(context, context.securityAccountId, responderFunctionRoleName));
    addRole(this, 'Role', context, {
      name: responderRoleName,
      description: 'Garrison answers to events in this account as this role',
      trusts: new PrincipalWithConditions(trusted, {
        StringLike: { 'sts:RoleSessionName': 'garrison-*' },
        ...(organizationId && { StringEquals: { 'aws:PrincipalOrgID': organizationId } }),
      }),
      policyName: 'Responders',
      statements: statements.map((statement) => PolicyStatement.fromJson(statement)),
    });
  }
}
