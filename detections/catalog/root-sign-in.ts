import { all, calls, is } from '../condition';
import { defineDetection } from '../detection';
import { example, root, signIn } from '../examples';

export const rootSignIn = defineDetection({
  id: 'root-sign-in',
  title: 'The root user signed in',
  severity: 'critical',
  meaning:
    'The root user can do everything in its account and no policy of the account restrains it. Nobody should need it from day to day.',
  runbook: [
    'Find out who holds the root credentials of the account, and whether this was a planned use.',
    'If not: change the password through the e-mail address, remove unknown MFA devices and access keys, and read everything the session did.',
    'Consider removing root credentials of member accounts altogether.',
  ],
  references: { cis: ['1.4:1.7', '3.0:1.7', '5.0:1.6'], attack: ['T1078.004'] },
  parameters: {},
  outcome: 'success',
  regions: 'us-east-1',
  requires: ['trail'],
  condition: () =>
    all(
      calls('signin.amazonaws.com', 'ConsoleLogin'),
      is('userIdentity.type', 'Root'),
      is('responseElements.ConsoleLogin', 'Success'),
    ),
  fields: ['additionalEventData.MFAUsed', 'userAgent'],
  deduplicationKey: ['recipientAccountId'],
  firing: [example('The root user signs in', signIn({ userIdentity: root }))],
  quiet: [
    example('A user signs in', signIn()),
    example('The root user’s password was wrong', signIn({ userIdentity: root }, 'Failure')),
  ],
});
