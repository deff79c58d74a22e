import { absent, all, differs, is } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example, root } from '../examples';
import { cisMonitoring } from '../references';

export const rootActivity = defineDetection({
  id: 'root-activity',
  title: 'The root user did something',
  severity: 'high',
  meaning:
    'A call with the credentials of the root user. What AWS services do in the name of the root user is left out.',
  runbook: [
    'See who is signed in as root (detection root-sign-in), or whether the root user has access keys: it should have none.',
    'Undo what was done if nobody stands by it; remove the keys.',
  ],
  references: {
    cis: [...cisMonitoring(3), '1.2:1.1', '1.4:1.7'],
    securityHub: ['CloudWatch.1'],
    attack: ['T1078.004'],
  },
  parameters: {},
  outcome: 'any',
  regions: 'all',
  requires: ['trail', 'read-only events'],
  condition: () =>
    all(is('userIdentity.type', 'Root'), absent('userIdentity.invokedBy'), differs('eventType', 'AwsServiceEvent')),
  exact: [
    {
      control: 'CloudWatch.1',
      pattern: '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
    },
  ],
  fields: ['userIdentity.accessKeyId', 'errorCode', 'userAgent'],
  deduplicationKey: ['recipientAccountId', 'eventName'],
  secretResponse: true,
  firing: [
    example(
      'The root user lists buckets',
      apiCall('s3.amazonaws.com', 'ListBuckets', { userIdentity: root, readOnly: true }),
    ),
    example(
      'A call of the root user was refused',
      apiCall('iam.amazonaws.com', 'CreateUser', { userIdentity: root, errorCode: 'AccessDenied' }),
    ),
  ],
  quiet: [
    example(
      'AWS acts for the root user',
      apiCall('kms.amazonaws.com', 'Decrypt', { userIdentity: { ...root, invokedBy: 'AWS Internal' } }),
    ),
    example(
      'An event of a service',
      apiCall('kms.amazonaws.com', 'RotateKey', { userIdentity: root, eventType: 'AwsServiceEvent' }),
    ),
    example('A user does the same', apiCall('s3.amazonaws.com', 'ListBuckets', { readOnly: true })),
  ],
});
