import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, example, roleSession, signIn } from '../examples';

export const consoleSignIn = defineDetection({
  id: 'console-sign-in',
  title: 'Somebody signed in to the console',
  severity: 'low',
  meaning:
    'A person, or somebody with a person’s password, opened the AWS console. Where people are expected to work through pipelines, every sign-in deserves a look.',
  runbook: [
    'Ask the person named whether the sign-in was theirs.',
    'If not: delete the login profile or the session, rotate the password and keys, and read what the session did.',
  ],
  references: { cis: [], attack: ['T1078.004'] },
  parameters: {},
  outcome: 'success',
  regions: 'sign-in',
  requires: ['trail'],
  condition: () => ({
    kind: 'all',
    of: [
      calls('signin.amazonaws.com', 'ConsoleLogin'),
      { kind: 'is', field: 'responseElements.ConsoleLogin', values: ['Success'] },
    ],
  }),
  fields: ['additionalEventData.MFAUsed', 'additionalEventData.LoginTo', 'userAgent'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn'],
  firing: [
    example('A user signs in', signIn()),
    example(
      'A session of IAM Identity Center signs in',
      signIn({ userIdentity: roleSession(), awsRegion: 'eu-central-1' }, 'Success', 'No'),
    ),
  ],
  quiet: [
    example('A wrong password', signIn({}, 'Failure')),
    example(
      'Something else at the same service',
      apiCall('signin.amazonaws.com', 'CheckMfa', { eventType: 'AwsConsoleSignIn' }),
    ),
  ],
});
