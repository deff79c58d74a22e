import { all, calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example, roleSession } from '../examples';
import { cisMonitoring, eventNames } from '../references';
import { notByRollouts, rolloutRoles } from '../rollouts';

const names = [
  'DeleteGroupPolicy',
  'DeleteRolePolicy',
  'DeleteUserPolicy',
  'PutGroupPolicy',
  'PutRolePolicy',
  'PutUserPolicy',
  'CreatePolicy',
  'DeletePolicy',
  'CreatePolicyVersion',
  'DeletePolicyVersion',
  'AttachRolePolicy',
  'DetachRolePolicy',
  'AttachUserPolicy',
  'DetachUserPolicy',
  'AttachGroupPolicy',
  'DetachGroupPolicy',
] as const;

export const iamPolicyChanged = defineDetection({
  id: 'iam-policy-changed',
  title: 'An IAM policy was changed',
  severity: 'medium',
  meaning: 'Permissions were given or taken: a policy was written, attached, detached or deleted.',
  runbook: [
    'Read the policy: who may do what now?',
    'Set it back if nobody stands by it, and look at what was done with the new permissions.',
  ],
  references: { cis: cisMonitoring(4), securityHub: ['CloudWatch.4'], attack: ['T1098', 'T1098.003'] },
  parameters: { operators: rolloutRoles },
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: ({ operators }) =>
    all(
      notByRollouts(operators),
      calls(
        'iam.amazonaws.com',
        ...names,
        'SetDefaultPolicyVersion',
        'PutRolePermissionsBoundary',
        'DeleteRolePermissionsBoundary',
        'PutUserPermissionsBoundary',
        'DeleteUserPermissionsBoundary',
        'UpdateAssumeRolePolicy',
      ),
    ),
  exact: [
    { control: 'CloudWatch.4', pattern: `{($.eventSource=iam.amazonaws.com) && (${eventNames(names)})}` },
    { control: 'CIS 4.4', pattern: `{${eventNames(names)}}` },
  ],
  fields: [
    'requestParameters.policyArn',
    'requestParameters.policyName',
    'requestParameters.roleName',
    'requestParameters.userName',
    'requestParameters.groupName',
  ],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'eventName'],
  firing: [
    example(
      'A policy is attached to a role',
      apiCall('iam.amazonaws.com', 'AttachRolePolicy', {
        requestParameters: { roleName: 'worker', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
    ),
    example('Another version of a policy takes effect', apiCall('iam.amazonaws.com', 'SetDefaultPolicyVersion')),
  ],
  quiet: [
    example('It was refused', apiCall('iam.amazonaws.com', 'AttachRolePolicy', denied)),
    example(
      'A rollout writes the policy of a role',
      apiCall('iam.amazonaws.com', 'PutRolePolicy', {
        userIdentity: roleSession('AWSCloudFormationStackSetExecutionRole'),
        requestParameters: { roleName: 'GarrisonMember', policyName: 'GuardDutyMember' },
      }),
    ),
    example('Policies are read', apiCall('iam.amazonaws.com', 'ListPolicies', { readOnly: true })),
  ],
});
