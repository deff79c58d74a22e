import { absent, all, calls, differs, is } from '../condition';
import { defineDetection } from '../detection';
import { example, roleSession, root, signIn } from '../examples';
import { cisMonitoring } from '../references';

export const signInWithoutMfa = defineDetection({
  id: 'sign-in-without-mfa',
  title: 'Console sign-in without MFA',
  severity: 'high',
  meaning:
    'A user of the account, or the root user, signed in with a password alone. Federated and Identity Center sessions are left out: AWS does not know whether their identity provider asked for a second factor.',
  runbook: [
    'Tell the user to register an MFA device today.',
    'See that a policy denies everything but that to users without MFA.',
    'If the user does not know of the sign-in, treat the password as stolen.',
  ],
  references: { cis: cisMonitoring(2), securityHub: ['CloudWatch.3'], attack: ['T1078.004', 'T1556.006'] },
  parameters: {},
  outcome: 'success',
  regions: 'sign-in',
  requires: ['trail'],
  condition: () =>
    all(
      calls('signin.amazonaws.com', 'ConsoleLogin'),
      is('userIdentity.type', 'IAMUser', 'Root'),
      is('responseElements.ConsoleLogin', 'Success'),
      differs('additionalEventData.MFAUsed', 'Yes'),
      differs('userIdentity.sessionContext.attributes.mfaAuthenticated', 'true'),
      absent('additionalEventData.SamlProviderArn'),
    ),
  exact: [
    {
      control: 'CloudWatch.3',
      pattern:
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    },
    { control: 'CIS 4.2', pattern: '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }' },
  ],
  fields: ['additionalEventData.MFAUsed', 'userAgent'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn'],
  firing: [
    example('A user without MFA', signIn({}, 'Success', 'No')),
    example('The root user without MFA', signIn({ userIdentity: root }, 'Success', 'No')),
    example('The field is missing', signIn({ additionalEventData: { MobileVersion: 'No' } })),
  ],
  quiet: [
    example('With MFA', signIn()),
    example('A federated session', signIn({ userIdentity: roleSession() }, 'Success', 'No')),
    example(
      'Through SAML',
      signIn({
        additionalEventData: { MFAUsed: 'No', SamlProviderArn: 'arn:aws:iam::111122223333:saml-provider/idp' },
      }),
    ),
    example('A wrong password', signIn({}, 'Failure', 'No')),
  ],
});
