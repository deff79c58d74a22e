import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = [
  'AuthorizeSecurityGroupIngress',
  'AuthorizeSecurityGroupEgress',
  'RevokeSecurityGroupIngress',
  'RevokeSecurityGroupEgress',
  'CreateSecurityGroup',
  'DeleteSecurityGroup',
] as const;

export const securityGroupChanged = defineDetection({
  id: 'security-group-changed',
  title: 'A security group was changed',
  severity: 'low',
  meaning:
    'Who may reach what over the network is different now. Worth an alert only where groups are managed by code alone.',
  runbook: ['Compare the group with your infrastructure code.', 'Revoke the rule if nobody stands by it.'],
  references: { cis: cisMonitoring(10), securityHub: ['CloudWatch.10'], attack: ['T1562.007'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('ec2.amazonaws.com', ...names, 'ModifySecurityGroupRules'),
  exact: [
    { control: 'CloudWatch.10', pattern: `{${eventNames(names)}}` },
    { control: 'CIS 4.10 since 5.0', pattern: `{${eventNames([...names, 'ModifySecurityGroupRules'])}}` },
  ],
  fields: ['requestParameters.groupId', 'requestParameters.groupName'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'eventName'],
  firing: [
    example(
      'A rule is added',
      apiCall('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', {
        requestParameters: { groupId: 'sg-0123456789abcdef0' },
      }),
    ),
    example('A rule is changed', apiCall('ec2.amazonaws.com', 'ModifySecurityGroupRules')),
  ],
  quiet: [
    example(
      'It was refused',
      apiCall('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', { errorCode: 'Client.UnauthorizedOperation' }),
    ),
    example('Groups are read', apiCall('ec2.amazonaws.com', 'DescribeSecurityGroups', { readOnly: true })),
  ],
});
