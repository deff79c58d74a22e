import { all, calls, is } from '../condition';
import { defineDetection } from '../detection';
import { example, signIn } from '../examples';
import { cisMonitoring } from '../references';

export const failedSignIns = defineDetection({
  id: 'failed-sign-ins',
  title: 'Repeated failed sign-ins',
  severity: 'medium',
  meaning:
    'Somebody tries passwords on the console. A name that does not exist counts too: CIS’s own filter misses those.',
  runbook: [
    'Look at the source addresses: an office, or many places at once?',
    'If a sign-in succeeded afterwards, treat the user as taken over.',
    'Otherwise see that the user has MFA, and tell the user.',
  ],
  references: { cis: cisMonitoring(6), securityHub: ['CloudWatch.6'], attack: ['T1110'] },
  parameters: {
    count: { meaning: 'failures before an alert', default: 5 },
    windowMinutes: { meaning: 'within how many minutes', default: 15 },
  },
  outcome: 'any',
  regions: 'sign-in',
  requires: ['trail'],
  condition: () => all(calls('signin.amazonaws.com', 'ConsoleLogin'), is('responseElements.ConsoleLogin', 'Failure')),
  threshold: ({ count, windowMinutes }) => ({
    count,
    windowMinutes,
    per: ['recipientAccountId', 'userIdentity.userName'],
  }),
  exact: [
    { control: 'CloudWatch.6', pattern: '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}' },
  ],
  fields: ['errorMessage', 'additionalEventData.MFAUsed', 'userAgent'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.userName'],
  firing: [
    example('A wrong password', signIn({}, 'Failure')),
    example(
      'A user that does not exist',
      signIn(
        {
          userIdentity: { type: 'IAMUser', accountId: '111122223333', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
          errorMessage: 'No username found in supplied account',
        },
        'Failure',
      ),
    ),
  ],
  quiet: [example('A sign-in that succeeds', signIn())],
});
