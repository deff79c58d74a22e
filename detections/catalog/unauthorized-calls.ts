import { all, differs, like } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';
import { cisMonitoring } from '../references';

export const unauthorizedCalls = defineDetection({
  id: 'unauthorized-calls',
  title: 'Repeated unauthorized calls',
  severity: 'medium',
  meaning:
    'Somebody, or something, tries what it may not do. One refusal is a slip; many are somebody feeling for what stolen credentials can do.',
  runbook: [
    'Look at which operations were refused, and from where.',
    'If they are not a misconfigured program’s: revoke the credentials.',
  ],
  references: { cis: cisMonitoring(1), securityHub: ['CloudWatch.2'], attack: ['T1580', 'T1526'] },
  parameters: {
    count: { meaning: 'refusals before an alert', default: 10 },
    windowMinutes: { meaning: 'within how many minutes', default: 15 },
  },
  outcome: 'any',
  regions: 'all',
  requires: ['trail', 'read-only events'],
  condition: () =>
    all(
      like('errorCode', '*UnauthorizedOperation', 'AccessDenied*'),
      differs('sourceIPAddress', 'delivery.logs.amazonaws.com'),
      differs('eventName', 'HeadBucket'),
    ),
  threshold: ({ count, windowMinutes }) => ({ count, windowMinutes, per: ['recipientAccountId', 'userIdentity.arn'] }),
  exact: [
    { control: 'CloudWatch.2', pattern: '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}' },
    {
      control: 'CIS 4.1 since 4.0.1',
      pattern:
        '{($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*") && ($.sourceIPAddress!="delivery.logs.amazonaws.com") && ($.eventName!="HeadBucket")}',
    },
  ],
  fields: ['errorCode', 'errorMessage', 'userAgent'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn'],
  secretResponse: true,
  firing: [
    example(
      'A call is refused',
      apiCall('ec2.amazonaws.com', 'RunInstances', { errorCode: 'Client.UnauthorizedOperation' }),
    ),
    example('Another service says it otherwise', apiCall('s3.amazonaws.com', 'GetObject', denied)),
  ],
  quiet: [
    example('A call that succeeds', apiCall('ec2.amazonaws.com', 'DescribeInstances')),
    example(
      'Log delivery tries a bucket',
      apiCall('s3.amazonaws.com', 'PutObject', { ...denied, sourceIPAddress: 'delivery.logs.amazonaws.com' }),
    ),
    example('Clients try whether a bucket is there', apiCall('s3.amazonaws.com', 'HeadBucket', denied)),
  ],
});
