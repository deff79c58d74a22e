/** Events in the shapes that CloudTrail documents, as the rules hand them to the question queue. */
export const account = '100000000003';
export const administrator = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_0123456789abcdef`;
const detection = {
  id: 'privileged-role-used',
  title: 'A privileged role was used',
  severity: 'high',
  runbook: 'docs/detections.md#privileged-role-used',
};

export interface Given {
  readonly id?: string;
  readonly time?: string;
  readonly [member: string]: unknown;
}

let count = 0;

export function body(eventName: string, given: Given, source = 'sts.amazonaws.com') {
  count += 1;
  const { id = `event-${count}`, time = '2026-11-21T10:00:00Z', ...members } = given;
  return {
    detection: given.userIdentity && (given.userIdentity as { type?: string }).type === 'Root' ? root : detection,
    event: {
      id,
      source: 'aws.sts',
      'detail-type': 'AWS API Call via CloudTrail',
      account,
      region: 'us-east-1',
      time,
      detail: {
        eventName,
        eventSource: source,
        eventID: id,
        eventTime: time,
        awsRegion: 'us-east-1',
        recipientAccountId: account,
        sourceIPAddress: '203.0.113.7',
        ...members,
      },
    },
  };
}

const root = { id: 'root-activity', title: 'The root user did something', severity: 'critical' };

export const saml = (who: string, given: Given = {}) =>
  body('AssumeRoleWithSAML', {
    userIdentity: { type: 'SAMLUser', principalId: `abc:${who}`, userName: who, identityProvider: 'abc' },
    requestParameters: {
      roleArn: administrator,
      principalArn: `arn:aws:iam::${account}:saml-provider/idp`,
      roleSessionName: who,
    },
    ...given,
  });

export const asUser = (userName: string, roleSessionName: string, given: Given = {}) =>
  body('AssumeRole', {
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${account}:user/${userName}`, accountId: account, userName },
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/Administrator`, roleSessionName },
    ...given,
  });

export const session = (role: string, name: string, more: object = {}) => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${name}`,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
  accountId: account,
  sessionContext: {
    sessionIssuer: { type: 'Role', userName: role, arn: `arn:aws:iam::${account}:role/${role}` },
    ...more,
  },
});

export const chain = (role: string, name: string, more: object = {}) =>
  body('AssumeRole', {
    userIdentity: session(role, name, more),
    requestParameters: {
      roleArn: `arn:aws:iam::${account}:role/Administrator`,
      roleSessionName: 'whatever@example.com',
    },
  });

export const signIn = (userIdentity: object, given: Given = {}) =>
  body(
    'ConsoleLogin',
    { userIdentity, responseElements: { ConsoleLogin: 'Success' }, ...given },
    'signin.amazonaws.com',
  );

export const rootIdentity = {
  type: 'Root',
  principalId: account,
  arn: `arn:aws:iam::${account}:root`,
  accountId: account,
};

export const rootCall = (eventName = 'CreateUser', given: Given = {}) =>
  body(eventName, { userIdentity: rootIdentity, ...given }, 'iam.amazonaws.com');

export const portal = (userIdentity: object, given: Given = {}) =>
  body(
    'GetRoleCredentials',
    {
      userIdentity: { type: 'IdentityCenterUser', accountId: '100000000001', ...userIdentity },
      eventType: 'AwsServiceEvent',
      serviceEventDetails: { account_id: account, role_name: 'AdministratorAccess' },
      recipientAccountId: '100000000001',
      ...given,
    },
    'sso.amazonaws.com',
  );
