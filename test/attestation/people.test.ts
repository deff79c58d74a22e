import { readUse } from '../../attestation/people/use';
import { wildcard } from '../../attestation/people/wildcard';
import { account, asUser, body, chain, portal, rootCall, rootIdentity, saml, session, signIn } from './events';

const people = [
  { identity: 'arn:aws:iam::*:user/deploy-*', email: 'platform@example.com' },
  { identity: 'f4c8-user-id', email: 'Erin@Example.com' },
  { identity: 'legacy-admin', slackUser: 'U0LEGACY01' },
];
const settings = { people, accounts: [{ id: account }, { id: '100000000001' }] };
const who = (event: unknown) => {
  const use = readUse(event, settings);
  return 'leftOut' in use ? `left out: ${use.leftOut}` : use.nameless ? `nameless ${use.person.key}` : use.person.key;
};
const web = (identityProvider: string, userName: string, roleSessionName: string) =>
  body('AssumeRoleWithWebIdentity', {
    userIdentity: {
      type: 'WebIdentityUser',
      principalId: `${identityProvider}:${userName}`,
      userName,
      identityProvider,
    },
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/Administrator`, roleSessionName },
  });
const sso = { userIdentity: { type: 'AWSService', invokedBy: 'sso.amazonaws.com' } };

test.each<[string, unknown, string]>([
  ['SAML: session name', saml('Alice@Example.com'), 'alice@example.com'],
  [
    'SAML: subject, where the session name is no address',
    saml('alice', { responseElements: { subject: 'alice@example.com' } }),
    'alice@example.com',
  ],
  ['SAML: a name that is no address', saml('alice'), 'alice'],
  [
    'Identity Center, in the console',
    signIn(session('AWSReservedSSO_Admin_0123456789abcdef', 'bob@example.com')),
    'bob@example.com',
  ],
  ['Identity Center, by its service', saml('bob@example.com', sso), 'bob@example.com'],
  ['Identity Center, in the portal, with a name', portal({ userName: 'bob@example.com' }), 'bob@example.com'],
  [
    'Identity Center, in the portal, with an id that is mapped',
    portal({ onBehalfOf: { userId: 'f4c8-user-id' } }),
    'erin@example.com',
  ],
  [
    'Identity Center, in the portal, with an id',
    portal({ onBehalfOf: { userId: '9067-other' } }),
    'nameless 9067-other',
  ],
  ['a user', asUser('carol', 'x'), `arn:aws:iam::${account}:user/carol`],
  ['a user whose name is an address', asUser('carol@example.com', 'x'), 'carol@example.com'],
  ['a user that is mapped by its ARN', asUser('deploy-7', 'x'), 'platform@example.com'],
  [
    'a user who names the session like somebody else',
    asUser('mallory', 'alice@example.com'),
    `arn:aws:iam::${account}:user/mallory`,
  ],
  [
    'a user in the console',
    signIn({ type: 'IAMUser', arn: `arn:aws:iam::${account}:user/dave`, userName: 'dave' }),
    `arn:aws:iam::${account}:user/dave`,
  ],
  [
    'a session of Identity Center takes on a role',
    chain('AWSReservedSSO_Power_0123456789abcdef', 'bob@example.com'),
    'bob@example.com',
  ],
  [
    'a role session with a source identity',
    chain('Jump', 'job', { sourceIdentity: 'bob@example.com' }),
    'bob@example.com',
  ],
  ['another role takes on the role', chain('pipeline', 'build-7'), 'left out: roleChain'],
  [
    'a service takes on the role',
    body('AssumeRole', { ...sso, userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } }),
    'left out: service',
  ],
  [
    'seen in the account of the role',
    body('AssumeRole', { userIdentity: { type: 'AWSAccount', principalId: 'AIDAX', accountId: '100000000001' } }),
    'left out: seenAtCaller',
  ],
  [
    'from outside of the organization',
    body('AssumeRole', { userIdentity: { type: 'AWSAccount', principalId: 'AIDAX', accountId: '999999999999' } }),
    'AIDAX',
  ],
  [
    'web identity: a person',
    web('accounts.google.com', 'frank@example.com', 'somebody@example.com'),
    'frank@example.com',
  ],
  [
    'web identity: a pipeline',
    web(`arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`, 'repo:a/b', 'ci'),
    'left out: workload',
  ],
  [
    'web identity: a pod',
    web(`arn:aws:iam::${account}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC`, 'system:x', 'ci'),
    'left out: workload',
  ],
  ['root signs in', signIn(rootIdentity), `root:${account}`],
  ['root calls', rootCall(), `root:${account}`],
  ['root was refused', rootCall('CreateUser', { errorCode: 'AccessDenied' }), `root:${account}`],
  ['refused', saml('alice@example.com', { errorCode: 'AccessDenied' }), 'left out: failed'],
  ['a failed sign-in', signIn(rootIdentity, { responseElements: { ConsoleLogin: 'Failure' } }), 'left out: failed'],
  ['nothing in it', { detection: { id: 'x' }, event: { detail: {} } }, 'left out: unreadable'],
  ['no object', null, 'left out: unreadable'],
])('%s', (_, event, expected) => {
  expect(who(event)).toBe(expected);
});

test('a name that no e-mail address belongs to is found in Slack by the mapping', () => {
  expect(readUse(saml('legacy-admin'), settings)).toMatchObject({
    person: { key: 'legacy-admin', slackUser: 'U0LEGACY01' },
  });
});

test('the account is the role’s own, whoever reports it', () => {
  const use = readUse(saml('a@example.com', { recipientAccountId: '100000000001' }), settings);
  expect(use).toMatchObject({ account, role: 'AWSReservedSSO_AdministratorAccess_0123456789abcdef' });
  expect(readUse(portal({ userName: 'b@example.com' }), settings)).toMatchObject({
    account,
    role: 'AdministratorAccess',
  });
});

test('no credential and no token is kept', () => {
  const event = saml('alice@example.com', {
    responseElements: { credentials: { sessionToken: 'SECRET-1', secretAccessKey: 'SECRET-2' } },
    requestParameters: { sAMLAssertion: 'SECRET-3', webIdentityToken: 'SECRET-4', nested: [{ password: 'SECRET-5' }] },
  });
  expect(JSON.stringify(readUse(event, settings))).not.toContain('SECRET');
});

test('hostile names are one visible line, and an address only if it is one', () => {
  const use = readUse(saml('<!channel>\n*alice*\u202E@example.com\u0007'), settings);
  expect(use).toMatchObject({ person: { name: '<!channel> *alice*\uFFFD@example.com\uFFFD' } });
  expect(use).not.toHaveProperty('person.email');
  expect(who(saml(`${'a'.repeat(400)}@example.com`))).toHaveLength(256);
});

test('wildcards take whole texts, in any case, and time that grows with the text only', () => {
  expect(wildcard('arn:aws:iam::*:user/*').test('arn:aws:iam::123456789012:user/x/Y')).toBe(true);
  expect(wildcard('*@EXAMPLE.com').test('a@example.COM')).toBe(true);
  expect(wildcard('a*a').test('a')).toBe(false);
  expect(wildcard('alice').test('alice2')).toBe(false);
  expect(wildcard('a*b*c').test('a-b-b-c')).toBe(true);
  const started = Date.now();
  expect(wildcard(`${'*a'.repeat(200)}*b`).test('a'.repeat(50_000))).toBe(false);
  expect(Date.now() - started).toBeLessThan(500);
});
