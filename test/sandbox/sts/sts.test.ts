import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  CreateSAMLProviderCommand,
  EnableOutboundWebIdentityFederationCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithSAMLCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  GetWebIdentityTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const [management, member, suspended] = ['111111111111', '222222222222', '333333333333'];
const accessRole = `arn:aws:iam::${member}:role/OrganizationAccountAccessRole`;

let sandbox: RunningSandbox;
let sts: STSClient;

const settings = (credentials: object) => ({
  endpoint: sandbox.endpoint,
  region: 'us-east-1',
  credentials: credentials as never,
});
const keys = (given: Credentials | undefined) => ({
  accessKeyId: given?.AccessKeyId ?? '',
  secretAccessKey: given?.SecretAccessKey ?? '',
  sessionToken: given?.SessionToken,
});
const assume = (RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}, client = sts) =>
  client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session', ...more }));

async function roleIn(
  account: 'management' | 'member',
  name: string,
  principal: object,
  more: object = {},
): Promise<string> {
  const credentials = account === 'management' ? sandbox.management : keys((await assume(accessRole)).Credentials);
  const iam = new IAMClient(settings(credentials));
  const statement = { Effect: 'Allow', Principal: principal, Action: ['sts:AssumeRole', 'sts:TagSession'], ...more };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['iam:*', 'sts:*'], Resource: '*' }] };
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument: JSON.stringify(policy) }));
  return Role?.Arn ?? '';
}

beforeAll(async () => {
  sandbox = await createSandbox({
    accounts: [
      { id: management, email: 'a@example.com' },
      { id: member, email: 'b@example.com' },
      { id: suspended, email: 'c@example.com', status: 'SUSPENDED' },
    ],
  });
  sts = new STSClient(settings(sandbox.management));
});
afterAll(() => sandbox.close());

test('a session is known by its role and name', async () => {
  const answer = await assume(accessRole);
  const session = new STSClient(settings(keys(answer.Credentials)));
  const identity = await session.send(new GetCallerIdentityCommand({}));
  expect(identity.Arn).toBe(`arn:aws:sts::${member}:assumed-role/OrganizationAccountAccessRole/session`);
  expect(identity.UserId).toBe(answer.AssumedRoleUser?.AssumedRoleId);
  const hour = (answer.Credentials?.Expiration?.getTime() ?? 0) - Date.now();
  expect(Math.round(hour / 60_000)).toBe(60);
});

test('roles that are not there, not trusting or in a suspended account are denied alike', async () => {
  for (const arn of [`arn:aws:iam::${member}:role/none`, accessRole.replace(member, suspended)]) {
    await expect(assume(arn)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${management}:user/administrator is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      $metadata: { httpStatusCode: 403 },
    });
  }
});

test('conditions of the trust policy hold: the external id', async () => {
  const condition = { Condition: { StringEquals: { 'sts:ExternalId': 'secret' } } };
  const arn = await roleIn('member', 'external', { AWS: management }, condition);
  await expect(assume(arn)).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(assume(arn, { ExternalId: 'other' })).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(assume(arn, { ExternalId: 'secret' })).resolves.toBeDefined();
});

test('session policies narrow a session', async () => {
  const arn = await roleIn('management', 'narrow', { AWS: management });
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }],
  });
  const { Credentials, PackedPolicySize } = await assume(arn, { Policy });
  expect(PackedPolicySize).toBeGreaterThan(0);
  const create = new CreateRoleCommand({ RoleName: 'never', AssumeRolePolicyDocument: '{}' });
  await expect(new IAMClient(settings(keys(Credentials))).send(create)).rejects.toThrow(
    /because no session policy allows the iam:CreateRole action$/,
  );
});

test('a session of a session lasts an hour, and tags that are transitive come along', async () => {
  const first = await roleIn('management', 'first', { AWS: management });
  const tagged = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } };
  const second = await roleIn('member', 'second', { AWS: management }, tagged);
  const third = await roleIn('member', 'third', { AWS: member }, tagged);
  const Tags = [{ Key: 'team', Value: 'red' }];
  const one = await assume(first, { Tags, TransitiveTagKeys: ['team'] });
  const client = new STSClient(settings(keys(one.Credentials)));
  await expect(assume(second, { DurationSeconds: 7200 }, client)).rejects.toThrow(
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  );
  const two = await assume(second, {}, client);
  await expect(assume(third, {}, new STSClient(settings(keys(two.Credentials))))).resolves.toBeDefined();
  const plain = new STSClient(settings(keys((await assume(first, { Tags })).Credentials)));
  const lost = new STSClient(settings(keys((await assume(second, {}, plain)).Credentials)));
  await expect(assume(third, {}, lost)).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('requests out of bounds are validation errors', async () => {
  await expect(assume(accessRole, { DurationSeconds: 10_000 })).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  });
  await expect(assume(accessRole, { RoleSessionName: 'a b' })).rejects.toThrow(
    /Member must satisfy regular expression/,
  );
  await expect(assume(accessRole, { RoleSessionName: 'a:', DurationSeconds: 1 })).rejects.toMatchObject({
    message:
      "2 validation errors detected: Value 'a:' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*; Value '1' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  });
  const Tags = [{ Key: 'a', Value: '' }];
  const tagging = await roleIn('management', 'tagging', { AWS: management });
  await expect(assume(tagging, { Tags, TransitiveTagKeys: ['b'] })).rejects.toThrow(/must be included/);
  await expect(assume(accessRole, { TokenCode: '123456', SerialNumber: 'arn:aws:iam::1:mfa/x' })).rejects.toThrow(
    /^MultiFactorAuthentication failed/,
  );
  await expect(assume(accessRole, { Policy: 'no' })).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
  });
});

test('an access key tells its account, and a session token its user', async () => {
  const AccessKeyId = sandbox.security.accessKeyId;
  expect((await sts.send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account).toBe(management);
  const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
  const again = new STSClient(settings(keys(Credentials)));
  expect((await again.send(new GetCallerIdentityCommand({}))).Arn).toBe(
    `arn:aws:iam::${management}:user/administrator`,
  );
  const without = new STSClient(settings({ ...keys(Credentials), sessionToken: undefined }));
  await expect(without.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('federated identities come in through their provider', async () => {
  const iam = new IAMClient(settings(sandbox.management));
  const SAMLMetadataDocument = `<EntityDescriptor>${' '.repeat(1000)}</EntityDescriptor>`;
  const { SAMLProviderArn } = await iam.send(new CreateSAMLProviderCommand({ Name: 'idp', SAMLMetadataDocument }));
  const create = (RoleName: string, Federated: string | undefined, Action: string) => {
    const Statement = [{ Effect: 'Allow', Principal: { Federated }, Action }];
    return iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
  };
  await create('saml', SAMLProviderArn, 'sts:AssumeRoleWithSAML');
  const RoleArn = `arn:aws:iam::${management}:role/saml`;
  const value = (name: string, text: string) =>
    `<Attribute Name="https://aws.amazon.com/SAML/Attributes/${name}"><AttributeValue>${text}</AttributeValue></Attribute>`;
  const xml = `<Response><Assertion><Subject><NameID>kim</NameID></Subject>${value('Role', `${RoleArn},${SAMLProviderArn}`)}${value('RoleSessionName', 'kim')}</Assertion></Response>`;
  const SAMLAssertion = Buffer.from(xml).toString('base64');
  const saml = await sts.send(new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn: SAMLProviderArn, SAMLAssertion }));
  expect(saml.AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${management}:assumed-role/saml/kim`);

  const provider = { Url: 'https://token.example.com', ClientIDList: ['sts.amazonaws.com'] };
  const { OpenIDConnectProviderArn } = await iam.send(new CreateOpenIDConnectProviderCommand(provider));
  await create('web', OpenIDConnectProviderArn, 'sts:AssumeRoleWithWebIdentity');
  const claims = { iss: provider.Url, sub: 'repo:x', aud: 'sts.amazonaws.com', exp: Date.now() / 1000 + 60 };
  const token = (given: object) => `e30.${Buffer.from(JSON.stringify(given)).toString('base64url')}.x`;
  const web = (given: object) =>
    sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: RoleArn.replace('saml', 'web'),
        RoleSessionName: 'ci',
        WebIdentityToken: token(given),
      }),
    );
  expect((await web(claims)).SubjectFromWebIdentityToken).toBe('repo:x');
  await expect(web({ ...claims, exp: 1 })).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  await expect(web({ ...claims, aud: 'other' })).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
});

test('a web identity token says who calls, and its issuer shows the keys that prove it', async () => {
  const ask = () => sts.send(new GetWebIdentityTokenCommand({ Audience: ['there'], SigningAlgorithm: 'ES384' }));
  await expect(ask()).rejects.toMatchObject({ name: 'OutboundWebIdentityFederationDisabledException' });
  const enable = new EnableOutboundWebIdentityFederationCommand({});
  const { IssuerIdentifier = '' } = await new IAMClient(settings(sandbox.management)).send(enable);
  const [header = '', claims = '', signature = ''] = ((await ask()).WebIdentityToken ?? '').split('.');
  const parsed = JSON.parse(Buffer.from(claims, 'base64url').toString());
  expect(parsed).toMatchObject({ iss: IssuerIdentifier, aud: 'there' });
  expect(parsed['https://sts.amazonaws.com/']).toMatchObject({ aws_account: management, org_id: expect.any(String) });
  const [issuer = ''] = IssuerIdentifier.replace('https://', '').split('.');
  const response = await fetch(`${sandbox.endpoint}/_sts/${issuer}/.well-known/jwks.json`);
  const { keys: published } = (await response.json()) as { keys: (JsonWebKey & { alg: string })[] };
  const key = createPublicKey({ key: published.find(({ alg }) => alg === 'ES384') as JsonWebKey, format: 'jwk' });
  const signed = Buffer.from(`${header}.${claims}`);
  const proof = Buffer.from(signature, 'base64url');
  expect(verify('sha384', signed, { key, dsaEncoding: 'ieee-p1363' }, proof)).toBe(true);
});
