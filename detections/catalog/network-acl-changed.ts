import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = [
  'CreateNetworkAcl',
  'CreateNetworkAclEntry',
  'DeleteNetworkAcl',
  'DeleteNetworkAclEntry',
  'ReplaceNetworkAclEntry',
  'ReplaceNetworkAclAssociation',
] as const;

export const networkAclChanged = defineDetection({
  id: 'network-acl-changed',
  title: 'A network ACL was changed',
  severity: 'low',
  meaning: 'The lists that let traffic into and out of subnets are different now.',
  runbook: ['Compare the list with your infrastructure code.', 'Set it back if nobody stands by it.'],
  references: { cis: cisMonitoring(11), securityHub: ['CloudWatch.11'], attack: ['T1562.007'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('ec2.amazonaws.com', ...names),
  exact: [{ control: 'CloudWatch.11', pattern: `{${eventNames(names)}}` }],
  fields: ['requestParameters.networkAclId', 'requestParameters.cidrBlock', 'requestParameters.ruleAction'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'eventName'],
  firing: [example('It happens', apiCall('ec2.amazonaws.com', 'CreateNetworkAclEntry'))],
  quiet: [
    example(
      'It was refused',
      apiCall('ec2.amazonaws.com', 'CreateNetworkAclEntry', { errorCode: 'Client.UnauthorizedOperation' }),
    ),
    example(
      'It was tried out',
      apiCall('ec2.amazonaws.com', 'CreateNetworkAclEntry', { errorCode: 'Client.DryRunOperation' }),
    ),
  ],
});
