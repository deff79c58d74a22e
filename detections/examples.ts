import type { Example } from './detection';
import type { CloudTrailRecord } from './record';

type Fields = Readonly<Record<string, unknown>>;

const account = '111122223333';

/** A user whose sign-in and calls the examples show. */
const user = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLE',
  arn: `arn:aws:iam::${account}:user/alice`,
  accountId: account,
  userName: 'alice',
} as const;

export const root = {
  type: 'Root',
  principalId: account,
  arn: `arn:aws:iam::${account}:root`,
  accountId: account,
} as const;

/** A session of a role, as of a person who came through IAM Identity Center. */
export const roleSession = (role = 'AWSReservedSSO_ReadOnlyAccess_0123456789abcdef', session = 'bob@example.com') => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${session}`,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
  accountId: account,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLE',
      arn: `arn:aws:iam::${account}:role/${role}`,
      accountId: account,
      userName: role,
    },
    attributes: { mfaAuthenticated: 'false', creationDate: '2026-11-20T09:00:00Z' },
  },
});

/** The record of an API call. */
export function apiCall(eventSource: string, eventName: string, more: Fields = {}): CloudTrailRecord {
  return {
    eventVersion: '1.09',
    userIdentity: user,
    eventTime: '2026-11-20T09:30:00Z',
    eventSource,
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: null,
    responseElements: null,
    requestID: '3f1b5f5e-0000-4000-8000-000000000001',
    eventID: '3f1b5f5e-0000-4000-8000-000000000002',
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...more,
  };
}

/** The record of a sign-in to the console. */
export function signIn(
  more: Fields = {},
  outcome: 'Success' | 'Failure' = 'Success',
  mfaUsed = 'Yes',
): CloudTrailRecord {
  return apiCall('signin.amazonaws.com', 'ConsoleLogin', {
    eventType: 'AwsConsoleSignIn',
    awsRegion: 'us-east-1',
    userAgent: 'Mozilla/5.0',
    responseElements: { ConsoleLogin: outcome },
    additionalEventData: {
      LoginTo: 'https://console.aws.amazon.com/console/home',
      MobileVersion: 'No',
      MFAUsed: mfaUsed,
    },
    ...(outcome === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
    ...more,
  });
}

export const denied = {
  errorCode: 'AccessDenied',
  errorMessage: 'User is not authorized to perform this operation',
} as const;

/** An example whose record is made after the shape of recorded ones. */
export function example(
  title: string,
  record: CloudTrailRecord,
  provenance = 'made after the shape of recorded events',
): Example {
  return { title, provenance, record };
}

export const documented = 'made after AWS documentation';
