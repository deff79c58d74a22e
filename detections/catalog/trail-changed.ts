import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging'] as const;

export const trailChanged = defineDetection({
  id: 'trail-changed',
  title: 'A trail was created or changed',
  severity: 'medium',
  meaning: 'Where CloudTrail writes, or whether it records all regions and validates its files, may be different now.',
  runbook: [
    'Compare the trail with what your infrastructure code says.',
    'Set it back if nobody stands by the change.',
  ],
  references: { cis: cisMonitoring(5), securityHub: ['CloudWatch.5'], attack: ['T1562.008'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('cloudtrail.amazonaws.com', ...names),
  exact: [{ control: 'CloudWatch.5', pattern: `{${eventNames(names)}}` }],
  fields: ['requestParameters.name', 'requestParameters.s3BucketName', 'requestParameters.isMultiRegionTrail'],
  deduplicationKey: ['recipientAccountId', 'eventName', 'requestParameters.name'],
  firing: [
    example(
      'A trail is changed',
      apiCall('cloudtrail.amazonaws.com', 'UpdateTrail', {
        requestParameters: { name: 'organization', isMultiRegionTrail: false },
      }),
    ),
    example('A trail is created', apiCall('cloudtrail.amazonaws.com', 'CreateTrail')),
  ],
  quiet: [
    example('It was refused', apiCall('cloudtrail.amazonaws.com', 'UpdateTrail', denied)),
    example('It was only read', apiCall('cloudtrail.amazonaws.com', 'DescribeTrails', { readOnly: true })),
  ],
});
