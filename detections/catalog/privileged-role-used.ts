import { all, any, calls, differs, is, like } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, documented, example, roleSession, signIn } from '../examples';

const account = '111122223333';
const administrator = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_AdministratorAccess_0123456789abcdef`;

const saml = (roleArn: string) =>
  apiCall('sts.amazonaws.com', 'AssumeRoleWithSAML', {
    userIdentity: {
      type: 'SAMLUser',
      principalId: 'abcdef:bob@example.com',
      userName: 'bob@example.com',
      identityProvider: 'abcdef',
    },
    requestParameters: {
      roleArn,
      principalArn: `arn:aws:iam::${account}:saml-provider/idp`,
      roleSessionName: 'bob@example.com',
      durationSeconds: 3600,
    },
    readOnly: true,
  });

/** A name is the last part of an ARN, whatever path stands before it. */
function roleArnForms(roles: readonly string[]): string[] {
  return roles.map((role) => (role.startsWith('arn:') ? role : `*/${role}`));
}

function roleNames(roles: readonly string[]): string[] {
  return roles.map((role) => role.replace(/^arn:.*\//, ''));
}

/** IAM Identity Center names the permission set, not the role that it makes of it. */
function permissionSets(roles: readonly string[]): string[] {
  const sets = roleNames(roles).map((name) => name.replace(/^AWSReservedSSO_(.+?)(?:_[0-9a-f]{16}|_?\*?)$/, '$1'));
  return [...new Set(sets)];
}

export const privilegedRoleUsed = defineDetection({
  id: 'privileged-role-used',
  title: 'A privileged role was used',
  severity: 'high',
  meaning:
    'Somebody took on a role that can change nearly everything: through SAML, by AssumeRole, or through IAM Identity Center. AWS services taking on such a role are left out.',
  runbook: [
    'Ask the person named for the reason, and for the ticket if there is one.',
    'If nobody stands by it: revoke the role’s active sessions, and read what the session did.',
  ],
  references: { cis: [], attack: ['T1078.004', 'T1548.005'] },
  parameters: {
    roles: {
      meaning: 'names or ARNs of the roles, * for any characters',
      default: [
        'AWSReservedSSO_AdministratorAccess_*',
        'AWSReservedSSO_AWSAdministratorAccess_*',
        'OrganizationAccountAccessRole',
        'AWSControlTowerExecution',
        'Administrator',
        'AdministratorAccess',
      ] as readonly string[],
    },
    administratorPolicies: {
      meaning:
        'ARNs of policies, such as arn:aws:iam::aws:policy/AdministratorAccess: roles that have one attached count as well. `plan` and `apply` ask each account for them; elsewhere give `--administrator-policy`',
      default: [] as readonly string[],
    },
    calls: {
      meaning:
        'calls of STS that count; AssumeRoleWithWebIdentity, which pipelines make, is not among them unless named',
      default: ['AssumeRole', 'AssumeRoleWithSAML'] as readonly string[],
    },
  },
  needs: ({ roles, calls: counted }) => (roles.length === 0 ? 'roles' : counted.length === 0 ? 'calls' : undefined),
  outcome: 'success',
  regions: 'all',
  requires: ['trail', 'read-only events'],
  condition: ({ roles, calls: counted }) =>
    all(
      differs('userIdentity.type', 'AWSService'),
      any(
        all(calls('sts.amazonaws.com', ...counted), like('requestParameters.roleArn', ...roleArnForms(roles))),
        all(
          calls('sso.amazonaws.com', 'Federate', 'GetRoleCredentials'),
          like('serviceEventDetails.role_name', ...permissionSets(roles)),
        ),
        all(
          calls('signin.amazonaws.com', 'ConsoleLogin'),
          is('responseElements.ConsoleLogin', 'Success'),
          like('userIdentity.sessionContext.sessionIssuer.userName', ...roleNames(roles)),
        ),
      ),
    ),
  fields: [
    'requestParameters.roleArn',
    'requestParameters.roleSessionName',
    'requestParameters.principalArn',
    'serviceEventDetails.role_name',
    'serviceEventDetails.account_id',
    'userAgent',
  ],
  deduplicationKey: ['recipientAccountId', 'userIdentity.userName', 'userIdentity.arn', 'requestParameters.roleArn'],
  secretResponse: true,
  firing: [
    example('Through SAML, as Identity Center does it', saml(administrator), documented),
    example(
      'In the portal of Identity Center',
      apiCall('sso.amazonaws.com', 'Federate', {
        userIdentity: {
          type: 'IdentityCenterUser',
          accountId: account,
          onBehalfOf: {
            userId: '1234',
            identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1234567890',
          },
        },
        eventType: 'AwsServiceEvent',
        serviceEventDetails: { account_id: account, role_name: 'AdministratorAccess' },
      }),
      documented,
    ),
    example(
      'By AssumeRole',
      apiCall('sts.amazonaws.com', 'AssumeRole', {
        requestParameters: {
          roleArn: `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`,
          roleSessionName: 'alice',
        },
        responseElements: {
          credentials: {
            accessKeyId: 'ASIAEXAMPLE',
            sessionToken: 'not-a-token',
            expiration: 'Nov 20, 2026, 10:30:00 AM',
          },
        },
        readOnly: true,
      }),
    ),
    example(
      'In the console',
      signIn({ userIdentity: roleSession('AWSReservedSSO_AdministratorAccess_0123456789abcdef') }, 'Success', 'No'),
    ),
  ],
  quiet: [
    example(
      'Another role',
      saml(
        `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_ReadOnlyAccess_0123456789abcdef`,
      ),
    ),
    example(
      'Refused',
      apiCall('sts.amazonaws.com', 'AssumeRole', {
        requestParameters: { roleArn: `arn:aws:iam::${account}:role/Administrator`, roleSessionName: 'alice' },
        errorCode: 'AccessDenied',
      }),
    ),
    example(
      'A service takes on the role',
      apiCall('sts.amazonaws.com', 'AssumeRole', {
        userIdentity: { type: 'AWSService', invokedBy: 'cloudformation.amazonaws.com' },
        requestParameters: {
          roleArn: `arn:aws:iam::${account}:role/Administrator`,
          roleSessionName: 'AWSCloudFormation',
        },
      }),
    ),
  ],
});
