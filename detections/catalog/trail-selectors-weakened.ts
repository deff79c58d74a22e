import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const trailSelectorsWeakened = defineDetection({
  id: 'trail-selectors-weakened',
  title: 'What a trail records was changed',
  severity: 'high',
  meaning:
    'The selectors decide which events a trail keeps. Taking management events out blinds it without stopping it.',
  runbook: [
    'Read the selectors: management events of reads and writes must be in.',
    'Set them back if nobody stands by the change.',
  ],
  references: { cis: [], attack: ['T1562.008'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('cloudtrail.amazonaws.com', 'PutEventSelectors', 'PutInsightSelectors'),
  fields: ['requestParameters.trailName'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.trailName'],
  firing: [example('It happens', apiCall('cloudtrail.amazonaws.com', 'PutEventSelectors'))],
  quiet: [
    example('It was refused', apiCall('cloudtrail.amazonaws.com', 'PutEventSelectors', denied)),
    example('It was only read', apiCall('cloudtrail.amazonaws.com', 'DescribeEventSelectors', { readOnly: true })),
  ],
});
