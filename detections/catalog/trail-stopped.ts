import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const trailStopped = defineDetection({
  id: 'trail-stopped',
  title: 'A trail was stopped or deleted',
  severity: 'critical',
  meaning:
    'CloudTrail no longer records what happens. Nearly every other detection depends on it, so this comes before the rest.',
  runbook: [
    'Start the trail again, or create it anew.',
    'Read what the caller did before and, from other sources, after.',
    'See that a service control policy keeps trails from being stopped.',
  ],
  references: { cis: [], attack: ['T1562.008'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () =>
    calls(
      'cloudtrail.amazonaws.com',
      'StopLogging',
      'DeleteTrail',
      'DeleteEventDataStore',
      'StopEventDataStoreIngestion',
    ),
  fields: ['requestParameters.name'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.name'],
  firing: [example('It happens', apiCall('cloudtrail.amazonaws.com', 'StopLogging'))],
  quiet: [
    example('It was refused', apiCall('cloudtrail.amazonaws.com', 'StopLogging', denied)),
    example('It was only read', apiCall('cloudtrail.amazonaws.com', 'DescribeLogging', { readOnly: true })),
  ],
});
