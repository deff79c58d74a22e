import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example } from '../examples';
import { cisMonitoring, eventNames } from '../references';

const names = ['DisableKey', 'ScheduleKeyDeletion'] as const;

export const kmsKeyDisabled = defineDetection({
  id: 'kms-key-disabled',
  title: 'A KMS key was disabled or scheduled for deletion',
  severity: 'high',
  meaning: 'What the key encrypts cannot be read while it is disabled, and never again once it is deleted.',
  runbook: [
    'Cancel the deletion or enable the key: `aws kms cancel-key-deletion`, `aws kms enable-key`.',
    'Ask who made the call; an attacker does this to hold data for ransom.',
  ],
  references: { cis: cisMonitoring(7), securityHub: ['CloudWatch.7'], attack: ['T1485', 'T1486'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('kms.amazonaws.com', ...names),
  exact: [{ control: 'CloudWatch.7', pattern: `{($.eventSource=kms.amazonaws.com) && (${eventNames(names)})}` }],
  fields: ['requestParameters.keyId', 'requestParameters.pendingWindowInDays'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.keyId'],
  firing: [
    example(
      'A key is to be deleted',
      apiCall('kms.amazonaws.com', 'ScheduleKeyDeletion', {
        requestParameters: { keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', pendingWindowInDays: 7 },
      }),
    ),
  ],
  quiet: [
    example('The deletion is cancelled', apiCall('kms.amazonaws.com', 'CancelKeyDeletion')),
    example('There is no such key', apiCall('kms.amazonaws.com', 'DisableKey', { errorCode: 'NotFoundException' })),
  ],
});
