import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  DeleteVirtualMFADeviceCommand,
  DetachRolePolicyCommand,
  EnableMFADeviceCommand,
  GenerateServiceLastAccessedDetailsCommand,
  GetAccessKeyLastUsedCommand,
  GetRoleCommand,
  GetServiceLastAccessedDetailsCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListMFADevicesCommand,
  ListPoliciesGrantingServiceAccessCommand,
  ListRolesCommand,
  ListServiceSpecificCredentialsCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  paginateListPolicies,
  ResetServiceSpecificCredentialCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const trust = (principal: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  });
const lambdaTrust = trust({ Service: 'lambda.amazonaws.com' });
const allow = (action: string, resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });

let sandbox: RunningSandbox;
let iam: IAMClient;

beforeAll(async () => {
  sandbox = await createSandbox({ accounts: [{ id: '111111111111', email: 'a@example.com' }] });
  const settings = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
  // The SDK takes a quota for throttling and would ask again.
  iam = new IAMClient({ ...settings, maxAttempts: 1 });
});
afterAll(() => sandbox.close());

const role = (RoleName: string, more: object = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: lambdaTrust, ...more }));

test('a role comes back as it was made, its trust policy encoded for URLs', async () => {
  await role('made', { Path: '/team/', Description: 'd', Tags: [{ Key: 'k', Value: 'v' }], MaxSessionDuration: 7200 });
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'made' }));
  expect(Role).toMatchObject({
    Arn: 'arn:aws:iam::111111111111:role/team/made',
    Path: '/team/',
    Description: 'd',
    MaxSessionDuration: 7200,
    Tags: [{ Key: 'k', Value: 'v' }],
  });
  expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(lambdaTrust);
});

test('what exists twice or not at all is refused in the words of IAM', async () => {
  await role('twice');
  await expect(role('TWICE')).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
    message: 'Role with name TWICE already exists.',
    $metadata: { httpStatusCode: 409 },
  });
  await expect(iam.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: 'The role with name none cannot be found.',
    $metadata: { httpStatusCode: 404 },
  });
  const PolicyArn = 'arn:aws:iam::aws:policy/NoSuchPolicy';
  await expect(iam.send(new AttachRolePolicyCommand({ RoleName: 'twice', PolicyArn }))).rejects.toThrow(
    `Policy ${PolicyArn} does not exist or is not attachable.`,
  );
});

test.each([
  ['not JSON', '{', 'This policy contains invalid Json'],
  ['no statement', '{}', 'Syntax errors in policy.'],
  ['a principal', lambdaTrust.replace('sts:', 's3:'), 'Policy document should not specify a principal.'],
  [
    'an action without service',
    allow('GetObject'),
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  ],
  ['no ARN', allow('s3:GetObject', 'bucket'), 'Resource bucket must be in ARN format or "*".'],
])('an inline policy with %s is malformed', async (_what, PolicyDocument, message) => {
  await role('inline').catch(() => undefined);
  const put = iam.send(new PutRolePolicyCommand({ RoleName: 'inline', PolicyName: 'p', PolicyDocument }));
  await expect(put).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
});

test('a trust policy must name principals that exist', async () => {
  const missing = 'arn:aws:iam::111111111111:role/not-there';
  await expect(role('trusting', { AssumeRolePolicyDocument: trust({ AWS: missing }) })).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
    message: `Invalid principal in policy: "AWS":"${missing}"`,
  });
  await role('trusting', { AssumeRolePolicyDocument: trust({ AWS: '111111111111' }) });
  const update = new UpdateAssumeRolePolicyCommand({ RoleName: 'trusting', PolicyDocument: allow('s3:*') });
  await expect(iam.send(update)).rejects.toThrow('Has prohibited field Resource');
});

test('a role made anew under an old name is somebody else to the policies that named the old one', async () => {
  const { Role: first } = await role('friend');
  await role('host', { AssumeRolePolicyDocument: trust({ AWS: first?.Arn }) });
  await iam.send(new DeleteRoleCommand({ RoleName: 'friend' }));
  await role('friend');
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'host' }));
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain(first?.RoleId);
});

test('a role with policies cannot be deleted', async () => {
  await role('busy');
  const PolicyArn = 'arn:aws:iam::aws:policy/SecurityAudit';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'busy', PolicyArn }));
  const remove = () => iam.send(new DeleteRoleCommand({ RoleName: 'busy' }));
  await expect(remove()).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must detach all policies first.',
  });
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'busy', PolicyArn }));
  await remove();
});

test('a managed policy has up to five versions, and stays while it is attached', async () => {
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: allow('s3:*') }));
  const PolicyArn = Policy?.Arn;
  const version = () => iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allow('sqs:*') }));
  for (let count = 2; count <= 5; count += 1) {
    expect((await version()).PolicyVersion?.VersionId).toBe(`v${count}`);
  }
  await expect(version()).rejects.toMatchObject({ name: 'LimitExceededException' });
  await role('attached');
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'attached', PolicyArn }));
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toThrow(
    'Cannot delete a policy attached to entities.',
  );
});

test('lists come in pages', async () => {
  const names: string[] = [];
  for await (const page of paginateListPolicies({ client: iam, pageSize: 7 }, { Scope: 'AWS' })) {
    expect(page.Policies?.length).toBeLessThanOrEqual(7);
    names.push(...(page.Policies ?? []).map((policy) => policy.PolicyName ?? ''));
  }
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining(['AdministratorAccess', 'ReadOnlyAccess', 'AWSLambdaBasicExecutionRole']),
  );
});

test('an inactive key is no key', async () => {
  await iam.send(new CreateUserCommand({ UserName: 'kim' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'kim' }));
  const { AccessKeyId = '', SecretAccessKey = '' } = AccessKey ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const sts = new STSClient({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials });
  expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:iam::111111111111:user/kim');
  await iam.send(new UpdateAccessKeyCommand({ UserName: 'kim', AccessKeyId, Status: 'Inactive' }));
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  const { AccessKeyLastUsed, UserName } = await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  expect([UserName, AccessKeyLastUsed?.ServiceName, AccessKeyLastUsed?.Region]).toEqual(['kim', 'sts', 'us-east-1']);
  expect(AccessKeyLastUsed?.LastUsedDate).toBeInstanceOf(Date);
});

test('the root user’s keys are the root user’s own', async () => {
  const accountId = '111111111111';
  const root = { kind: 'root' as const, accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId };
  const as = { caller: root, region: 'us-east-1' };
  const made = await sandbox.world.call<{ AccessKey: { AccessKeyId: string; SecretAccessKey: string } }>(
    'iam',
    'CreateAccessKey',
    {},
    as,
  );
  const { AccessKeyId, SecretAccessKey } = made.AccessKey;
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  const at = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials };
  expect((await new STSClient(at).send(new GetCallerIdentityCommand({}))).Arn).toBe(root.arn);
  const inactive = { AccessKeyId, Status: 'Inactive' as const };
  for (const UserName of [undefined, 'administrator']) {
    await expect(iam.send(new UpdateAccessKeyCommand({ ...inactive, UserName }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
      message: `The Access Key with id ${AccessKeyId} cannot be found.`,
    });
  }
  await new IAMClient(at).send(new UpdateAccessKeyCommand(inactive));
  await expect(new STSClient(at).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
});

test('an MFA device is bound to its user with two codes, let go, and deleted', async () => {
  await iam.send(new CreateUserCommand({ UserName: 'pat' }));
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }));
  const SerialNumber = VirtualMFADevice?.SerialNumber;
  const enable = (AuthenticationCode1: string, AuthenticationCode2: string) =>
    iam.send(new EnableMFADeviceCommand({ UserName: 'pat', SerialNumber, AuthenticationCode1, AuthenticationCode2 }));
  await expect(enable('123456', '123456')).rejects.toMatchObject({ name: 'InvalidAuthenticationCodeException' });
  await expect(enable('123456', 'abcdef')).rejects.toMatchObject({ name: 'ValidationError' });
  await enable('123456', '654321');
  const remove = () => iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));
  await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await iam.send(new DeactivateMFADeviceCommand({ UserName: 'pat', SerialNumber }));
  const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName: 'pat' }));
  expect(MFADevices).toEqual([]);
  await remove();
});

test('a service-linked role belongs to its service', async () => {
  const { Role } = await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'guardduty.amazonaws.com' }));
  expect(Role?.Arn).toBe(
    'arn:aws:iam::111111111111:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty',
  );
  const tag = new TagRoleCommand({ RoleName: Role?.RoleName, Tags: [{ Key: 'a', Value: 'b' }] });
  await expect(iam.send(tag)).rejects.toMatchObject({ name: 'UnmodifiableEntityException' });
});

test('a service has one role under the name that AWS gave it, or several where it may', async () => {
  const linked = (AWSServiceName: string, CustomSuffix?: string) =>
    iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName, CustomSuffix }));
  const { Role } = await linked('waf.amazonaws.com');
  expect(Role?.RoleName).toBe('AWSServiceRoleForWAFLogging');
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: Role?.RoleName }));
  expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['WAFLoggingServiceRolePolicy']);
  expect((await linked('autoscaling.amazonaws.com', 'one')).Role?.RoleName).toBe('AWSServiceRoleForAutoScaling_one');
  await expect(linked('waf.amazonaws.com', 'two')).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: 'Custom suffix is not allowed for waf.amazonaws.com',
  });
});

test('a user has names and passwords for services', async () => {
  const UserName = 'committer';
  await iam.send(new CreateUserCommand({ UserName }));
  const create = (ServiceName = 'codecommit.amazonaws.com') =>
    iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName }));
  const first = (await create()).ServiceSpecificCredential;
  expect(first).toMatchObject({ ServiceUserName: 'committer-at-111111111111', Status: 'Active' });
  const ServiceSpecificCredentialId = first?.ServiceSpecificCredentialId as string;
  const reset = await iam.send(new ResetServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId }));
  expect(reset.ServiceSpecificCredential?.ServicePassword).not.toBe(first?.ServicePassword);
  expect((await create()).ServiceSpecificCredential?.ServiceUserName).toBe('committer+1-at-111111111111');
  await expect(create('lambda.amazonaws.com')).rejects.toMatchObject({
    message: 'No such service lambda.amazonaws.com is supported for Service Specific Credentials',
  });
  const { ServiceSpecificCredentials } = await iam.send(new ListServiceSpecificCredentialsCommand({ UserName }));
  expect(ServiceSpecificCredentials).toHaveLength(2);
  await expect(iam.send(new DeleteUserCommand({ UserName }))).rejects.toMatchObject({
    message: 'Cannot delete entity, must remove referenced objects first.',
  });
});

test('access advisor tells what was used of what is allowed, by whom and when', async () => {
  const user = (await iam.send(new CreateUserCommand({ UserName: 'looker' }))).User;
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['iam:Get*', 'sqs:*'], Resource: '*' }],
  });
  await iam.send(new PutUserPolicyCommand({ UserName: 'looker', PolicyName: 'look', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'looker' }));
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  await new IAMClient({ endpoint: sandbox.endpoint, region: 'us-east-1', credentials }).send(new GetUserCommand({}));
  const { JobId } = await iam.send(
    new GenerateServiceLastAccessedDetailsCommand({ Arn: user?.Arn, Granularity: 'ACTION_LEVEL' }),
  );
  const details = await iam.send(new GetServiceLastAccessedDetailsCommand({ JobId }));
  expect(details.ServicesLastAccessed).toMatchObject([
    {
      ServiceNamespace: 'iam',
      LastAuthenticatedEntity: user?.Arn,
      TotalAuthenticatedEntities: 1,
      TrackedActionsLastAccessed: [{ ActionName: 'GetUser', LastAccessedRegion: 'us-east-1' }],
    },
    { ServiceNamespace: 'sqs', ServiceName: 'Amazon SQS', TotalAuthenticatedEntities: 0 },
  ]);
  const granting = new ListPoliciesGrantingServiceAccessCommand({ Arn: user?.Arn, ServiceNamespaces: ['sqs', 'sns'] });
  expect((await iam.send(granting)).PoliciesGrantingServiceAccess).toEqual([
    {
      ServiceNamespace: 'sqs',
      Policies: [{ PolicyName: 'look', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'looker' }],
    },
    { ServiceNamespace: 'sns', Policies: [] },
  ]);
});

test('the simulator decides as the authoriser does', async () => {
  await role('simulated');
  const put = { RoleName: 'simulated', PolicyName: 'p', PolicyDocument: allow('sqs:*') };
  await iam.send(new PutRolePolicyCommand(put));
  const PolicySourceArn = 'arn:aws:iam::111111111111:role/simulated';
  const ActionNames = ['sqs:SendMessage', 's3:GetObject'];
  const answer = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames }));
  expect(answer.EvaluationResults?.map((result) => result.EvalDecision)).toEqual(['allowed', 'implicitDeny']);
});

const bucket = 'arn:aws:s3:::b';
const one = (statement: object, version: object = { Version: '2012-10-17' }) =>
  JSON.stringify({
    ...version,
    Statement: { Effect: 'Allow', Action: 's3:ListBucket', Resource: bucket, ...statement },
  });

test.each([
  ['Policy document must be version 2012-10-17 or greater.', one({}, {})],
  ['Policy document must be version 2012-10-17 or greater.', one({ Effect: 'denY' }, { Version: '2008-10-17' })],
  ['Syntax errors in policy.', one({}, { Version: '2013-10-17' })],
  ['Syntax errors in policy.', one({ Effect: 'Perhaps' })],
  ['Syntax errors in policy.', one({ NotAction: [] })],
  ['Syntax errors in policy.', one({ Condition: { x: { a: '1' } } })],
  ['Syntax errors in policy.', one({ Condition: { DateGreaterThan: { a: {} } } })],
  ['The policy failed legacy parsing', one({ Effect: 'allow' })],
  ['The policy failed legacy parsing', one({ Resource: 'arn:aws:s3::b' })],
  ['The policy failed legacy parsing', one({ Condition: { DateLessThan: { a: '9223372036854775808' } } })],
  ['Resource sdf must be in ARN format or "*".', one({ Action: 's:3:ListBucket', Resource: 'sdf' })],
  ['Partition "b" is not valid for resource "arn:b:c:*:*:*".', one({ Resource: 'a:b:c' })],
  ['Resource vendor must be fully qualified and cannot contain regexes.', one({ Resource: 'arn:aws' })],
  [
    'IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information.',
    one({ Resource: 'arn:aws:iam:us-east-1::user/x' }),
  ],
  ['Actions/Condition can contain only one colon.', one({ Action: 's3:List:Bucket' })],
  ['Vendor a a is not valid', one({ Action: 'a a:ListBucket' })],
  ['Policy statement must contain actions.', one({ Action: [] })],
])('a managed policy is refused with: %s', async (message, PolicyDocument) => {
  const create = iam.send(new CreatePolicyCommand({ PolicyName: 'refused', PolicyDocument }));
  await expect(create).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException', message });
});

test('what looks odd and is taken: dates of all forms, empty ids, actions that nobody has', async () => {
  const Condition = {
    DateLessThan: { a: ['2016-12-13', '2016-12-13T02:00:00.593Z', '1480000000'] },
    Null: { b: false },
  };
  const Statement = [1, 2].map(() => ({ Sid: '', Effect: 'Allow', Action: 'no.such:Thing', Resource: '*', Condition }));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await expect(iam.send(new CreatePolicyCommand({ PolicyName: 'odd', PolicyDocument }))).resolves.toBeDefined();
});

test('the simulator tells the statements that decided, each resource by itself, and what it was not told', async () => {
  await role('told');
  const Statement = [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::logs/*' },
    { Effect: 'Allow', Action: 'sqs:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'told', PolicyName: 'p', PolicyDocument }));
  const input = { PolicySourceArn: 'arn:aws:iam::111111111111:role/told', ActionNames: ['s3:PutObject'] };
  const ResourceArns = ['arn:aws:s3:::logs/a', 'arn:aws:s3:::mine/a'];
  const named = await iam.send(new SimulatePrincipalPolicyCommand({ ...input, ResourceArns }));
  const at = (index: number) => {
    const text = JSON.stringify(Statement[index]);
    const column = PolicyDocument.indexOf(text) + 1;
    return [
      {
        SourcePolicyId: 'role_told_p',
        SourcePolicyType: 'IAM Policy',
        StartPosition: { Line: 1, Column: column },
        EndPosition: { Line: 1, Column: column + text.length },
      },
    ];
  };
  const MissingContextValues = ['aws:SecureTransport'];
  expect(named.EvaluationResults).toMatchObject([
    {
      EvalActionName: 's3:PutObject',
      EvalDecision: 'explicitDeny',
      ResourceSpecificResults: [
        { EvalResourceName: ResourceArns[0], EvalResourceDecision: 'explicitDeny', MatchedStatements: at(1) },
        {
          EvalResourceName: ResourceArns[1],
          EvalResourceDecision: 'allowed',
          MatchedStatements: at(0),
          MissingContextValues,
        },
      ],
    },
  ]);
  const all = await iam.send(new SimulatePrincipalPolicyCommand({ ...input, ActionNames: ['s3:GetObject'] }));
  expect(all.EvaluationResults).toMatchObject([
    { EvalResourceName: '*', EvalDecision: 'allowed', MatchedStatements: at(0), MissingContextValues },
  ]);
});

test('names and numbers out of bounds are validation errors', async () => {
  await expect(role('a b')).rejects.toMatchObject({ name: 'ValidationError' });
  await expect(role('x', { MaxSessionDuration: 60 })).rejects.toThrow(
    "1 validation error detected: Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600",
  );
  expect((await iam.send(new ListRolesCommand({ PathPrefix: '/nowhere/' }))).Roles).toEqual([]);
});
