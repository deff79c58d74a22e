import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { administrationRoleArn, arnOfRole, namesOf, type RoleContext } from '../context';
import { operatorResources } from './operatorResources';
import { allow } from './statement';

/** What `garrison plan`, `apply`, `verify` and `drill` do in the security account, and how they reach the others. */
export function operatorStatements(context: RoleContext): PolicyStatement[] {
  return [
    allow('AssumeMemberRole', ['sts:AssumeRole'], [arnOfRole(context, '*', namesOf(context).member)]),
    ...organization(),
    ...guardDuty(context),
    ...stacks(context),
    ...stackSets(context),
    ...operatorResources(context),
  ];
}

function organization(): PolicyStatement[] {
  return [
    allow(
      'Organization',
      [
        'account:ListRegions',
        'organizations:ListAccounts',
        // Paths of units, for `garrison accounts sync`.
        'organizations:ListRoots',
        'organizations:ListOrganizationalUnitsForParent',
        'organizations:ListAccountsForParent',
      ],
      ['*'],
    ),
  ];
}

function guardDuty({ partition, securityAccountId, guardDutyThroughOrganization }: RoleContext): PolicyStatement[] {
  const detectors = [`arn:${partition}:guardduty:*:${securityAccountId}:detector/*`];
  const organization = ['guardduty:DescribeOrganizationConfiguration', 'guardduty:UpdateOrganizationConfiguration'];
  return [
    ...(guardDutyThroughOrganization ? [allow('OrganizationMembers', organization, detectors)] : []),
    allow('FindDetectors', ['guardduty:ListDetectors'], ['*']),
    allow(
      'Members',
      [
        'guardduty:GetDetector',
        'guardduty:UpdateDetector',
        'guardduty:GetAdministratorAccount',
        'guardduty:ListMembers',
        'guardduty:GetMembers',
        'guardduty:CreateMembers',
        'guardduty:InviteMembers',
        'guardduty:DisassociateMembers',
        'guardduty:DeleteMembers',
        'guardduty:StartMonitoringMembers',
        'guardduty:GetMemberDetectors',
        'guardduty:UpdateMemberDetectors',
      ],
      detectors,
    ),
    allow(
      'Settings',
      [
        ...['Filter', 'IPSet', 'ThreatIntelSet'].flatMap((kind) =>
          ['List', 'Get', 'Create', 'Update', 'Delete'].map(
            (verb) => `guardduty:${verb}${kind}${verb === 'List' ? 's' : ''}`,
          ),
        ),
        'guardduty:ListPublishingDestinations',
        ...['Describe', 'Create', 'Update', 'Delete'].map((verb) => `guardduty:${verb}PublishingDestination`),
      ],
      detectors,
    ),
    allow('TagSettings', ['guardduty:TagResource'], detectors, {
      StringEquals: { 'aws:RequestTag/garrison': ['filter', 'list', 'destination'] },
    }),
    // GuardDuty gives its own role access to a list's file on the caller's behalf.
    allow(
      'LetGuardDutyReadLists',
      ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
      [
        `arn:${partition}:iam::${securityAccountId}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
      ],
    ),
    allow('Drill', ['guardduty:CreateSampleFindings', 'guardduty:ListFindings', 'guardduty:GetFindings'], detectors),
  ];
}

function stacks({ partition, homeRegion, securityAccountId }: RoleContext): PolicyStatement[] {
  return [
    allow(
      'Stacks',
      [
        'cloudformation:CreateChangeSet',
        'cloudformation:DescribeChangeSet',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:GetTemplate',
      ],
      [`arn:${partition}:cloudformation:${homeRegion}:${securityAccountId}:stack/garrison-*/*`],
    ),
  ];
}

function stackSets(context: RoleContext): PolicyStatement[] {
  const { partition, homeRegion, securityAccountId } = context;
  const here = `arn:${partition}:cloudformation:${homeRegion}:${securityAccountId}`;
  return [
    allow(
      'StackSets',
      [
        'cloudformation:CreateStackSet',
        'cloudformation:UpdateStackSet',
        'cloudformation:DeleteStackSet',
        'cloudformation:DescribeStackSet',
        'cloudformation:CreateStackInstances',
        'cloudformation:UpdateStackInstances',
        'cloudformation:DeleteStackInstances',
        'cloudformation:ListStackInstances',
        'cloudformation:DescribeStackInstance',
        'cloudformation:ListStackSetOperations',
        'cloudformation:DescribeStackSetOperation',
        'cloudformation:ListStackSetOperationResults',
        'cloudformation:DetectStackSetDrift',
        'cloudformation:ListStackInstanceResourceDrifts',
      ],
      // CloudFormation asks for the stack set, its targets and the types in its template.
      [
        `${here}:stackset/garrison-*`,
        `${here}:stackset-target/garrison-*`,
        `arn:${partition}:cloudformation:*::type/resource/*`,
      ],
    ),
    // Asked by the resource AWS::CloudFormation::StackSet; it names no stack set yet.
    allow('StackSetTemplates', ['cloudformation:GetTemplateSummary'], ['*']),
    allow('UseAdministrationRole', ['iam:PassRole'], [administrationRoleArn(context, 'security')], {
      StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
    }),
  ];
}
