import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = [
  'CreateVpc',
  'DeleteVpc',
  'ModifyVpcAttribute',
  'AcceptVpcPeeringConnection',
  'CreateVpcPeeringConnection',
  'DeleteVpcPeeringConnection',
  'RejectVpcPeeringConnection',
  'AttachClassicLinkVpc',
  'DetachClassicLinkVpc',
  'DisableVpcClassicLink',
  'EnableVpcClassicLink',
] as const;

export const vpcChanged = defineDetection({
  id: 'vpc-changed',
  title: 'A VPC was changed',
  severity: 'low',
  meaning: 'A network was created, deleted, changed, or joined with another.',
  runbook: ['See which networks can reach each other now.', 'Delete the peering if nobody stands by it.'],
  references: { cis: cisMonitoring(14), securityHub: ['CloudWatch.14'], attack: ['T1562.007'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('ec2.amazonaws.com', ...names),
  exact: [{ control: 'CloudWatch.14', pattern: `{${eventNames(names)}}` }],
  fields: ['requestParameters.vpcId', 'requestParameters.peerVpcId', 'requestParameters.peerOwnerId'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'eventName'],
  firing: [example('It happens', apiCall('ec2.amazonaws.com', 'CreateVpcPeeringConnection'))],
  quiet: [
    example(
      'It was refused',
      apiCall('ec2.amazonaws.com', 'CreateVpcPeeringConnection', { errorCode: 'Client.UnauthorizedOperation' }),
    ),
    example(
      'It was tried out',
      apiCall('ec2.amazonaws.com', 'CreateVpcPeeringConnection', { errorCode: 'Client.DryRunOperation' }),
    ),
  ],
});
