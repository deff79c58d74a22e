import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type AccountKind, arnOfRole, executionRoleArn, namesOf, type Pair, type RoleContext } from '../context';
import { eventsRoleName, responderRoleName } from '../names';
import { roleManagement } from './roleManagement';
import { allow } from './statement';

// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own notation.
const accountPlaceholder = '${AWS::AccountId}';

/** What an execution role may do in its account: only what the stack sets of its pair hold. */
export function executionStatements(context: RoleContext, pair: Pair, account: AccountKind): PolicyStatement[] {
  return pair === 'management' ? managementPair(context) : securityPair(context, account);
}

/** Stack sets of the management account keep the execution role of the security account's pair up to date. */
function managementPair(context: RoleContext): PolicyStatement[] {
  const role = executionRoleArn(context, Aws.ACCOUNT_ID, 'security');
  return [...stackInstances(context), ...roleManagement('SecurityExecutionRole', [role], context, Aws.ACCOUNT_ID)];
}

/** Stack sets of the security account: detectors everywhere, event rules at home or everywhere, roles elsewhere. */
function securityPair(context: RoleContext, account: AccountKind): PolicyStatement[] {
  const rules = account === 'security' || context.rulesEverywhere ? eventRules(context) : [];
  const roles = rolesOfAccount(context, account);
  return [...stackInstances(context), ...detectors(context), ...rules, ...roles, ...own(context, account)];
}

/** What templates of one's own need, as `garrison.yaml` says. */
function own({ ownPermissions = [] }: RoleContext, account: AccountKind): PolicyStatement[] {
  return ownPermissions
    .filter(({ kinds }) => kinds.has(account))
    .map(({ sid, actions, resources }) =>
      allow(
        sid,
        actions,
        resources.map((resource) => resource.replaceAll(accountPlaceholder, Aws.ACCOUNT_ID)),
      ),
    );
}

function stackInstances(context: RoleContext): PolicyStatement[] {
  const stacks = `arn:${context.partition}:cloudformation:*:${Aws.ACCOUNT_ID}:stack/StackSet-garrison-*`;
  return [
    allow(
      'StackInstances',
      [
        'cloudformation:CreateStack',
        'cloudformation:UpdateStack',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeStacks',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStackResources',
        'cloudformation:GetTemplate',
        'cloudformation:DetectStackDrift',
        'cloudformation:DetectStackResourceDrift',
        'cloudformation:DescribeStackResourceDrifts',
      ],
      [stacks],
    ),
    // These name no stack in their request, so IAM cannot hold them to one.
    allow(
      'StackReads',
      [
        'cloudformation:DescribeStackDriftDetectionStatus',
        'cloudformation:BatchDescribeTypeConfigurations',
        'cloudformation:GetTemplateSummary',
      ],
      ['*'],
    ),
  ];
}

function detectors(context: RoleContext): PolicyStatement[] {
  const detector = `arn:${context.partition}:guardduty:*:${Aws.ACCOUNT_ID}:detector/*`;
  const serviceLinkedRole = (service: string, name: string) =>
    `arn:${context.partition}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/${service}/${name}`;
  return [
    allow('CreateDetectors', ['guardduty:CreateDetector', 'guardduty:ListDetectors'], ['*']),
    allow(
      'Detectors',
      [
        'guardduty:GetDetector',
        'guardduty:UpdateDetector',
        'guardduty:DeleteDetector',
        'guardduty:TagResource',
        'guardduty:ListTagsForResource',
      ],
      [detector],
    ),
    allow(
      'ServiceLinkedRoles',
      ['iam:CreateServiceLinkedRole', 'iam:GetRole'],
      [
        serviceLinkedRole('guardduty.amazonaws.com', 'AWSServiceRoleForAmazonGuardDuty'),
        serviceLinkedRole(
          'malware-protection.guardduty.amazonaws.com',
          'AWSServiceRoleForAmazonGuardDutyMalwareProtection',
        ),
      ],
    ),
  ];
}

function eventRules(context: RoleContext): PolicyStatement[] {
  return [
    allow(
      'EventRules',
      [
        'events:PutRule',
        'events:DescribeRule',
        'events:DeleteRule',
        'events:PutTargets',
        'events:RemoveTargets',
        'events:ListTargetsByRule',
        'events:TagResource',
        'events:ListTagsForResource',
      ],
      [`arn:${context.partition}:events:*:${Aws.ACCOUNT_ID}:rule/garrison-*`],
    ),
    allow('PassEventsRole', ['iam:PassRole'], [arnOfRole(context, Aws.ACCOUNT_ID, eventsRoleName)], {
      StringEquals: { 'iam:PassedToService': 'events.amazonaws.com' },
    }),
  ];
}

/** The member role and the role of the account's event rules; where responders are rolled out, theirs too. */
function rolesOfAccount(context: RoleContext, account: AccountKind): PolicyStatement[] {
  const events = context.rulesEverywhere ? [eventsRoleName] : [];
  const names = [
    ...(account === 'security' ? [] : [namesOf(context).member, ...events]),
    ...(context.responders ? [responderRoleName] : []),
  ];
  const arns = names.map((name) => arnOfRole(context, Aws.ACCOUNT_ID, name));
  return arns.length === 0 ? [] : roleManagement('MemberRole', arns, context, Aws.ACCOUNT_ID);
}
