import { all, any, is } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const guarddutyDisabled = defineDetection({
  id: 'guardduty-disabled',
  title: 'A GuardDuty detector was deleted or suspended',
  severity: 'critical',
  meaning: 'GuardDuty is blind in this account and region, or its findings reach nobody.',
  runbook: [
    'Enable the detector again: `garrison apply` does it.',
    'Find out who made the call, and what else they did in the region since.',
  ],
  references: { cis: [], attack: ['T1562.001', 'T1562.008'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () =>
    all(
      is('eventSource', 'guardduty.amazonaws.com'),
      any(
        is('eventName', 'DeleteDetector', 'DeletePublishingDestination'),
        all(is('eventName', 'UpdateDetector'), is('requestParameters.enable', false)),
      ),
    ),
  fields: ['requestParameters.detectorId'],
  deduplicationKey: ['recipientAccountId', 'awsRegion'],
  firing: [
    example(
      'A detector is deleted',
      apiCall('guardduty.amazonaws.com', 'DeleteDetector', {
        requestParameters: { detectorId: '12abc34d567e8fa901bc2d34e56789f0' },
      }),
    ),
    example(
      'A detector is suspended',
      apiCall('guardduty.amazonaws.com', 'UpdateDetector', {
        requestParameters: { detectorId: '12abc34d567e8fa901bc2d34e56789f0', enable: false },
      }),
    ),
  ],
  quiet: [
    example(
      'Only the frequency of publishing changes',
      apiCall('guardduty.amazonaws.com', 'UpdateDetector', {
        requestParameters: { detectorId: '12abc34d567e8fa901bc2d34e56789f0', findingPublishingFrequency: 'ONE_HOUR' },
      }),
    ),
    example(
      'A detector is enabled',
      apiCall('guardduty.amazonaws.com', 'UpdateDetector', { requestParameters: { enable: true } }),
    ),
    example('It was refused', apiCall('guardduty.amazonaws.com', 'DeleteDetector', denied)),
  ],
});
