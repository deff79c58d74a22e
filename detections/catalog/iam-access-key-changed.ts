import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const iamAccessKeyChanged = defineDetection({
  id: 'iam-access-key-changed',
  title: 'An access key was created or changed',
  severity: 'medium',
  meaning: 'Long-lived keys leak. A new one may also be how somebody means to come back.',
  runbook: [
    'Ask the user whose key it is; prefer roles and Identity Center.',
    'Deactivate the key if nobody stands by it, and look for its use.',
  ],
  references: { cis: [], attack: ['T1098.001'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () =>
    calls(
      'iam.amazonaws.com',
      'CreateAccessKey',
      'UpdateAccessKey',
      'DeleteAccessKey',
      'CreateServiceSpecificCredential',
      'UploadSSHPublicKey',
      'UploadSigningCertificate',
    ),
  fields: [
    'requestParameters.userName',
    'requestParameters.accessKeyId',
    'responseElements.accessKey.accessKeyId',
    'responseElements.accessKey.userName',
  ],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn', 'eventName'],
  firing: [
    example(
      'A key is created',
      apiCall('iam.amazonaws.com', 'CreateAccessKey', {
        requestParameters: { userName: 'alice' },
        responseElements: { accessKey: { userName: 'alice', accessKeyId: 'AKIAEXAMPLE', status: 'Active' } },
      }),
    ),
  ],
  quiet: [
    example('It was refused', apiCall('iam.amazonaws.com', 'CreateAccessKey', denied)),
    example('Keys are listed', apiCall('iam.amazonaws.com', 'ListAccessKeys', { readOnly: true })),
  ],
});
