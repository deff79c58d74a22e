import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const mfaDeactivated = defineDetection({
  id: 'mfa-deactivated',
  title: 'An MFA device was taken away',
  severity: 'high',
  meaning: 'A user has lost a second factor. Who takes over an account does this to stay in, and to let others in.',
  runbook: [
    'Ask the user and whoever made the call.',
    'If it was not a lost device being replaced: block the user, and look for keys and login profiles made since.',
  ],
  references: { cis: [], attack: ['T1556.006'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () => calls('iam.amazonaws.com', 'DeactivateMFADevice', 'DeleteVirtualMFADevice'),
  fields: ['requestParameters.userName', 'requestParameters.serialNumber'],
  deduplicationKey: ['recipientAccountId', 'requestParameters.userName', 'requestParameters.serialNumber'],
  firing: [
    example(
      'A device is deactivated',
      apiCall('iam.amazonaws.com', 'DeactivateMFADevice', {
        requestParameters: { userName: 'alice', serialNumber: 'arn:aws:iam::111122223333:mfa/alice' },
      }),
    ),
    example('A virtual device is deleted', apiCall('iam.amazonaws.com', 'DeleteVirtualMFADevice')),
  ],
  quiet: [
    example('A device is registered', apiCall('iam.amazonaws.com', 'EnableMFADevice')),
    example('It was refused', apiCall('iam.amazonaws.com', 'DeactivateMFADevice', denied)),
  ],
});
