import { Aws } from 'aws-cdk-lib';
import { ArnPrincipal, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { arnOfRole, namesOf, type RoleContext } from './context';
import { administratorStatements } from './permissions/administrators';
import { allow } from './permissions/statement';
import { addRole } from './role';

/** What the operator does in a member account: look at its detectors, accept the administrator's invitation, drill. */
export class MemberRole extends Construct {
  constructor(scope: Construct, id: string, context: RoleContext) {
    super(scope, id);
    const names = namesOf(context);
    const detector = `arn:${context.partition}:guardduty:*:${Aws.ACCOUNT_ID}:detector/*`;
    addRole(this, 'Role', context, {
      name: names.member,
      description: 'Garrison reads detectors and accepts invitations in this account as this role',
      trusts: new ArnPrincipal(arnOfRole(context, context.securityAccountId, names.operator)),
      policyName: 'GuardDutyMember',
      statements: [
        // The request names no detector.
        allow('FindDetectors', ['guardduty:ListDetectors', 'guardduty:ListInvitations'], ['*']),
        allow(
          'Membership',
          [
            'guardduty:GetDetector',
            'guardduty:UpdateDetector',
            'guardduty:GetAdministratorAccount',
            'guardduty:AcceptAdministratorInvitation',
          ],
          [detector],
        ),
        // A drill here: a sample finding, and its id.
        allow('Drill', ['guardduty:CreateSampleFindings', 'guardduty:ListFindings'], [detector]),
        allow('EnabledRegions', ['account:ListRegions'], ['*']),
        ...administratorStatements(context),
        ...(context.guardDutyThroughOrganization ? delegation(context) : []),
        ...(context.guardDutyPolicies ? policies(context) : []),
      ],
    });
  }
}

/**
 * Makes the security account GuardDuty's delegated administrator. Only the management account can: in every other
 * account, where the same template stands, the condition leaves nothing of it. GuardDuty asks Organizations as the caller.
 * Source: GuardDuty user guide, "Permissions required to designate a delegated GuardDuty administrator account".
 */
function delegation({ managementAccountId }: RoleContext): PolicyStatement[] {
  const inManagement = { StringEquals: { 'aws:PrincipalAccount': managementAccountId } };
  return [
    allow(
      'DelegateGuardDuty',
      [
        'guardduty:EnableOrganizationAdminAccount',
        'guardduty:ListOrganizationAdminAccounts',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribeAccount',
        'organizations:ListAccounts',
        'organizations:ListAWSServiceAccessForOrganization',
        'organizations:ListDelegatedAdministrators',
      ],
      ['*'],
      inManagement,
    ),
    allow(
      'RegisterGuardDuty',
      ['organizations:EnableAWSServiceAccess', 'organizations:RegisterDelegatedAdministrator'],
      ['*'],
      { StringEquals: { ...inManagement.StringEquals, 'organizations:ServicePrincipal': 'guardduty.amazonaws.com' } },
    ),
  ];
}

/**
 * GuardDuty policies of the organization: others' are read and left alone, ours carry a tag. Only the management account
 * can, and in every other account the conditions leave nothing of it.
 */
function policies({ managementAccountId }: RoleContext): PolicyStatement[] {
  const inManagement = { 'aws:PrincipalAccount': managementAccountId };
  const ofType = { ...inManagement, 'organizations:PolicyType': 'GUARDDUTY_POLICY' };
  const tagging = { 'aws:RequestTag/garrison': 'policy' };
  return [
    allow(
      'FindGuardDutyPolicies',
      [
        'organizations:ListRoots',
        'organizations:ListOrganizationalUnitsForParent',
        'organizations:ListTagsForResource',
      ],
      ['*'],
      { StringEquals: inManagement },
    ),
    allow(
      'GuardDutyPolicies',
      [
        'organizations:ListPolicies',
        'organizations:DescribePolicy',
        'organizations:ListTargetsForPolicy',
        'organizations:EnablePolicyType',
        'organizations:AttachPolicy',
        'organizations:DetachPolicy',
      ],
      ['*'],
      { StringEquals: ofType },
    ),
    allow('CreateGuardDutyPolicies', ['organizations:CreatePolicy'], ['*'], {
      StringEquals: { ...ofType, ...tagging },
    }),
    allow('TagGuardDutyPolicies', ['organizations:TagResource'], ['*'], {
      StringEquals: { ...inManagement, ...tagging },
    }),
    allow('OwnGuardDutyPolicies', ['organizations:UpdatePolicy', 'organizations:DeletePolicy'], ['*'], {
      StringEquals: { ...ofType, 'aws:ResourceTag/garrison': 'policy' },
    }),
  ];
}
