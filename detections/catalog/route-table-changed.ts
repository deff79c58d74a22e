import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = [
  'CreateRoute',
  'CreateRouteTable',
  'ReplaceRoute',
  'ReplaceRouteTableAssociation',
  'DeleteRouteTable',
  'DeleteRoute',
  'DisassociateRouteTable',
] as const;

export const routeTableChanged = defineDetection({
  id: 'route-table-changed',
  title: 'A route table was changed',
  severity: 'low',
  meaning: 'Traffic of a VPC takes another way now: perhaps past a firewall, or through somebody’s machine.',
  runbook: ['Compare the routes with your infrastructure code.', 'Set them back if nobody stands by the change.'],
  references: { cis: cisMonitoring(13), securityHub: ['CloudWatch.13'], attack: ['T1562.007'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('ec2.amazonaws.com', ...names),
  exact: [
    { control: 'CloudWatch.13', pattern: `{($.eventSource=ec2.amazonaws.com) && (${eventNames(names)})}` },
    { control: 'CIS 3.13', pattern: `{${eventNames(names)}}` },
    { control: 'CIS 4.13', pattern: `{($.eventSource = ec2.amazonaws.com) && (${eventNames(names)})}` },
  ],
  fields: ['requestParameters.routeTableId', 'requestParameters.destinationCidrBlock', 'requestParameters.gatewayId'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'eventName'],
  firing: [example('It happens', apiCall('ec2.amazonaws.com', 'CreateRoute'))],
  quiet: [
    example(
      'It was refused',
      apiCall('ec2.amazonaws.com', 'CreateRoute', { errorCode: 'Client.UnauthorizedOperation' }),
    ),
    example('It was tried out', apiCall('ec2.amazonaws.com', 'CreateRoute', { errorCode: 'Client.DryRunOperation' })),
  ],
});
