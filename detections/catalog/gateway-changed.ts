import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = [
  'CreateCustomerGateway',
  'DeleteCustomerGateway',
  'AttachInternetGateway',
  'CreateInternetGateway',
  'DeleteInternetGateway',
  'DetachInternetGateway',
] as const;

export const gatewayChanged = defineDetection({
  id: 'gateway-changed',
  title: 'A network gateway was changed',
  severity: 'low',
  meaning: 'A way out of a VPC, or into it, was opened or closed.',
  runbook: [
    'See which VPC has a new way to the internet or to a partner’s network.',
    'Detach it if nobody stands by it.',
  ],
  references: { cis: cisMonitoring(12), securityHub: ['CloudWatch.12'], attack: ['T1562.007'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('ec2.amazonaws.com', ...names),
  exact: [{ control: 'CloudWatch.12', pattern: `{${eventNames(names)}}` }],
  fields: ['requestParameters.internetGatewayId', 'requestParameters.vpcId'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'eventName'],
  firing: [example('It happens', apiCall('ec2.amazonaws.com', 'AttachInternetGateway'))],
  quiet: [
    example(
      'It was refused',
      apiCall('ec2.amazonaws.com', 'AttachInternetGateway', { errorCode: 'Client.UnauthorizedOperation' }),
    ),
    example(
      'It was tried out',
      apiCall('ec2.amazonaws.com', 'AttachInternetGateway', { errorCode: 'Client.DryRunOperation' }),
    ),
  ],
});
