import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  AcceptHandshakeCommand,
  AttachPolicyCommand,
  CancelHandshakeCommand,
  CloseAccountCommand,
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  DeleteOrganizationalUnitCommand,
  DeleteOrganizationCommand,
  DeletePolicyCommand,
  DeregisterDelegatedAdministratorCommand,
  DescribeAccountCommand,
  DescribeCreateAccountStatusCommand,
  DescribeEffectivePolicyCommand,
  DescribeOrganizationCommand,
  DetachPolicyCommand,
  EnableAWSServiceAccessCommand,
  EnablePolicyTypeCommand,
  InviteAccountToOrganizationCommand,
  InviteOrganizationToTransferResponsibilityCommand,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListAWSServiceAccessForOrganizationCommand,
  ListChildrenCommand,
  ListDelegatedAdministratorsCommand,
  ListHandshakesForAccountCommand,
  ListOutboundResponsibilityTransfersCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
  MoveAccountCommand,
  OrganizationsClient,
  paginateListAccounts,
  RegisterDelegatedAdministratorCommand,
  RemoveAccountFromOrganizationCommand,
  TagResourceCommand,
  TerminateResponsibilityTransferCommand,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSandbox, type RunningSandbox } from '../../../sandbox';

const management = '100000000001';
const security = '100000000002';
const worker = '100000000005';
const region = 'us-east-1';

let sandbox: RunningSandbox;
let organizations: OrganizationsClient;
let securityAccount: OrganizationsClient;

beforeAll(async () => {
  const accounts = Array.from({ length: 22 }, (_, index) => {
    const id = String(100_000_000_001 + index);
    return { id, email: `root+${id}@example.com`, ouPath: id === worker ? 'Workloads/Production' : undefined };
  });
  sandbox = await createSandbox({ accounts, securityAccount: security });
  organizations = client(sandbox.management);
  securityAccount = client(sandbox.security);
});
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function client(credentials: object): OrganizationsClient {
  return new OrganizationsClient({ endpoint: sandbox.endpoint, region, credentials: credentials as never });
}

async function keysIn(id: string) {
  const config = { endpoint: sandbox.endpoint, region, credentials: sandbox.management };
  const RoleArn = `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await new STSClient(config).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return {
    accessKeyId: Credentials?.AccessKeyId as string,
    secretAccessKey: Credentials?.SecretAccessKey as string,
    sessionToken: Credentials?.SessionToken as string,
  };
}

async function rootId(): Promise<string> {
  return (await organizations.send(new ListRootsCommand({}))).Roots?.[0]?.Id as string;
}

async function unit(ParentId: string, Name: string): Promise<string> {
  const made = await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name }));
  return made.OrganizationalUnit?.Id as string;
}

async function policy(Type: 'SERVICE_CONTROL_POLICY' | 'TAG_POLICY', document: object, Name = 'policy') {
  const input = { Type, Name, Description: '', Content: JSON.stringify(document) };
  return (await organizations.send(new CreatePolicyCommand(input))).Policy?.PolicySummary?.Id as string;
}

const deny = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action, Resource: '*' }],
});

test('the organization that stands from the start has the accounts in their units, 20 on a page', async () => {
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
  expect(Organization).toMatchObject({
    Id: expect.stringMatching(/^o-[a-z0-9]{10}$/),
    Arn: `arn:aws:organizations::${management}:organization/${Organization?.Id}`,
    FeatureSet: 'ALL',
    MasterAccountId: management,
  });
  const pages: number[] = [];
  for await (const page of paginateListAccounts({ client: organizations }, {})) {
    pages.push(page.Accounts?.length ?? 0);
  }
  expect(pages).toEqual([20, 2]);
  const { Parents } = await organizations.send(new ListParentsCommand({ ChildId: worker }));
  const ParentId = Parents?.[0]?.Id as string;
  expect(ParentId).toMatch(/^ou-[0-9a-z]{4}-[a-z0-9]{8}$/);
  const { Accounts } = await organizations.send(new ListAccountsForParentCommand({ ParentId }));
  expect(Accounts).toMatchObject([
    {
      Id: worker,
      Arn: `arn:aws:organizations::${management}:account/${Organization?.Id}/${worker}`,
      Status: 'ACTIVE',
      State: 'ACTIVE',
      JoinedMethod: 'CREATED',
    },
  ]);
});

test('units have names of their own under one parent, five levels, and go when they are empty', async () => {
  const root = await rootId();
  let ParentId = root;
  for (const Name of ['1', '2', '3', '4', '5']) {
    ParentId = await unit(ParentId, Name);
  }
  await expect(unit(ParentId, '6')).rejects.toMatchObject({
    name: 'ConstraintViolationException',
    Reason: 'OU_DEPTH_LIMIT_EXCEEDED',
  });
  await expect(unit(root, '1')).rejects.toMatchObject({
    name: 'DuplicateOrganizationalUnitException',
    message: 'An OU with the same name already exists.',
  });
  await organizations.send(
    new MoveAccountCommand({ AccountId: security, SourceParentId: root, DestinationParentId: ParentId }),
  );
  const children = await organizations.send(new ListChildrenCommand({ ParentId, ChildType: 'ACCOUNT' }));
  expect(children.Children).toEqual([{ Id: security, Type: 'ACCOUNT' }]);
  await expect(
    organizations.send(new DeleteOrganizationalUnitCommand({ OrganizationalUnitId: ParentId })),
  ).rejects.toMatchObject({ name: 'OrganizationalUnitNotEmptyException' });
  await expect(
    organizations.send(
      new MoveAccountCommand({ AccountId: security, SourceParentId: root, DestinationParentId: ParentId }),
    ),
  ).rejects.toMatchObject({ name: 'SourceParentNotFoundException' });
});

test('an account comes into being with its access role; an address in use does not', async () => {
  const request = (Email: string) => organizations.send(new CreateAccountCommand({ AccountName: 'new', Email }));
  const described = async (id: string | undefined) =>
    (await organizations.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: id })))
      .CreateAccountStatus;
  const first = (await request('new@example.com')).CreateAccountStatus;
  const second = (await request('new@example.com')).CreateAccountStatus;
  expect(first).toMatchObject({ State: 'IN_PROGRESS', Id: expect.stringMatching(/^car-/) });
  await sandbox.world.idle();
  expect(await described(second?.Id)).toMatchObject({ State: 'FAILED', FailureReason: 'EMAIL_ALREADY_EXISTS' });
  const done = await described(first?.Id);
  expect(done).toMatchObject({ State: 'SUCCEEDED', AccountId: expect.stringMatching(/^\d{12}$/) });
  const id = done?.AccountId as string;
  const iam = new IAMClient({ endpoint: sandbox.endpoint, region, credentials: await keysIn(id) });
  const { Roles } = await iam.send(new ListRolesCommand({}));
  expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['OrganizationAccountAccessRole']);
  await organizations.send(new CloseAccountCommand({ AccountId: id }));
  await sandbox.world.idle();
  const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: id }));
  expect(Account).toMatchObject({ Status: 'SUSPENDED', State: 'SUSPENDED' });
});

test('a service control policy guards the accounts beneath what it is attached to', async () => {
  const root = await rootId();
  const id = await policy('SERVICE_CONTROL_POLICY', deny('iam:ListRoles'));
  const list = async () => {
    const iam = new IAMClient({ endpoint: sandbox.endpoint, region, credentials: await keysIn(worker) });
    return iam.send(new ListRolesCommand({}));
  };
  await expect(list()).resolves.toBeDefined();
  const workloads = (
    await organizations.send(new ListChildrenCommand({ ParentId: root, ChildType: 'ORGANIZATIONAL_UNIT' }))
  ).Children?.[0]?.Id as string;
  await organizations.send(new AttachPolicyCommand({ PolicyId: id, TargetId: workloads }));
  await expect(list()).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('with an explicit deny in a service control policy'),
  });
  const { Targets } = await organizations.send(new ListTargetsForPolicyCommand({ PolicyId: id }));
  expect(Targets).toMatchObject([{ TargetId: workloads, Name: 'Workloads', Type: 'ORGANIZATIONAL_UNIT' }]);
  await expect(organizations.send(new DeletePolicyCommand({ PolicyId: id }))).rejects.toMatchObject({
    name: 'PolicyInUseException',
  });
  await organizations.send(new DetachPolicyCommand({ PolicyId: id, TargetId: workloads }));
  await expect(
    organizations.send(new DetachPolicyCommand({ PolicyId: 'p-FullAWSAccess', TargetId: workloads })),
  ).rejects.toMatchObject({ Reason: 'MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' });
  const left = { TargetId: workloads, Filter: 'SERVICE_CONTROL_POLICY' as const };
  expect((await organizations.send(new ListPoliciesForTargetCommand(left))).Policies).toMatchObject([
    {
      Id: 'p-FullAWSAccess',
      Arn: 'arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess',
      AwsManaged: true,
    },
  ]);
});

test('management policies are inherited by their operators, once their type is enabled', async () => {
  const root = await rootId();
  const tag = (values: object) => ({ tags: { stage: { tag_key: { '@@assign': 'Stage' }, tag_value: values } } });
  const above = await policy('TAG_POLICY', tag({ '@@assign': ['test'] }), 'above');
  const below = await policy('TAG_POLICY', tag({ '@@append': ['production'] }), 'below');
  const attach = (PolicyId: string, TargetId: string) =>
    organizations.send(new AttachPolicyCommand({ PolicyId, TargetId }));
  await expect(attach(above, root)).rejects.toMatchObject({ name: 'PolicyTypeNotEnabledException' });
  await organizations.send(new EnablePolicyTypeCommand({ RootId: root, PolicyType: 'TAG_POLICY' }));
  await attach(above, root);
  await attach(below, security);
  const { EffectivePolicy } = await securityAccount.send(
    new DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY' }),
  );
  expect(JSON.parse(EffectivePolicy?.PolicyContent ?? '')).toEqual({
    tags: { stage: { tag_key: 'Stage', tag_value: ['test', 'production'] } },
  });
  await expect(attach(above, 'ou-zzzz-zzzzzzzz')).rejects.toMatchObject({ name: 'TargetNotFoundException' });
  await expect(policy('TAG_POLICY', tag({}), 'above')).rejects.toMatchObject({ name: 'DuplicatePolicyException' });
});

test('members may not look around until they administer something for the organization', async () => {
  await expect(securityAccount.send(new ListAccountsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: "You don't have permissions to access this resource.",
  });
  await organizations.send(new EnableAWSServiceAccessCommand({ ServicePrincipal: 'guardduty.amazonaws.com' }));
  const delegation = { AccountId: security, ServicePrincipal: 'guardduty.amazonaws.com' };
  await organizations.send(new RegisterDelegatedAdministratorCommand(delegation));
  const { Accounts } = await securityAccount.send(new ListAccountsCommand({}));
  expect(Accounts).toHaveLength(20);
  const listed = await organizations.send(new ListDelegatedAdministratorsCommand({}));
  expect(listed.DelegatedAdministrators).toMatchObject([{ Id: security }]);
  const services = await organizations.send(new ListAWSServiceAccessForOrganizationCommand({}));
  expect(services.EnabledServicePrincipals).toMatchObject([{ ServicePrincipal: 'guardduty.amazonaws.com' }]);
  await expect(
    organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId: security })),
  ).rejects.toMatchObject({ Reason: 'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG' });
  await organizations.send(new DeregisterDelegatedAdministratorCommand(delegation));
  await expect(securityAccount.send(new ListAccountsCommand({}))).rejects.toMatchObject({
    name: 'AccessDeniedException',
  });
});

test('an account leaves, and comes back by invitation', async () => {
  await organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId: security }));
  await expect(securityAccount.send(new DescribeOrganizationCommand({}))).rejects.toMatchObject({
    name: 'AWSOrganizationsNotInUseException',
    message: 'Your account is not a member of an organization.',
  });
  const invite = () =>
    organizations.send(new InviteAccountToOrganizationCommand({ Target: { Id: security, Type: 'ACCOUNT' } }));
  const canceled = await invite();
  await expect(invite()).rejects.toMatchObject({ name: 'DuplicateHandshakeException' });
  await organizations.send(new CancelHandshakeCommand({ HandshakeId: canceled.Handshake?.Id }));
  await invite();
  const { Handshakes } = await securityAccount.send(new ListHandshakesForAccountCommand({}));
  const open = Handshakes?.find(({ State }) => State === 'OPEN');
  const accepted = await securityAccount.send(new AcceptHandshakeCommand({ HandshakeId: open?.Id }));
  expect(accepted.Handshake).toMatchObject({ State: 'ACCEPTED', Action: 'INVITE' });
  const { Account } = await organizations.send(new DescribeAccountCommand({ AccountId: security }));
  expect(Account).toMatchObject({ JoinedMethod: 'INVITED' });
});

/** The management account takes the billing of the other organization over, and gives it back. */
async function transferBilling() {
  const invite = (StartTimestamp: Date) => {
    const Target = { Id: security, Type: 'ACCOUNT' as const };
    const input = { Type: 'BILLING' as const, Target, SourceName: 'billing', StartTimestamp };
    return organizations.send(new InviteOrganizationToTransferResponsibilityCommand(input));
  };
  const now = new Date();
  const soon = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 2));
  await expect(invite(soon)).rejects.toMatchObject({ Reason: 'START_DATE_NOT_BEGINNING_OF_MONTH' });
  const { Handshake } = await invite(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)));
  await securityAccount.send(new AcceptHandshakeCommand({ HandshakeId: Handshake?.Id }));
  const list = new ListOutboundResponsibilityTransfersCommand({ Type: 'BILLING' });
  const { ResponsibilityTransfers: [transfer] = [] } = await securityAccount.send(list);
  expect(transfer).toMatchObject({ Status: 'ACCEPTED', Target: { ManagementAccountId: management } });
  const ended = await organizations.send(new TerminateResponsibilityTransferCommand({ Id: transfer?.Id }));
  expect(ended.ResponsibilityTransfer?.Status).toBe('WITHDRAWN');
}

test('an organization is made and deleted by an account that is in none', async () => {
  await organizations.send(new RemoveAccountFromOrganizationCommand({ AccountId: security }));
  const { Organization } = await securityAccount.send(new CreateOrganizationCommand({}));
  expect(Organization).toMatchObject({ FeatureSet: 'ALL', MasterAccountId: security });
  await expect(securityAccount.send(new CreateOrganizationCommand({}))).rejects.toMatchObject({
    name: 'AlreadyInOrganizationException',
  });
  await transferBilling();
  await securityAccount.send(new DeleteOrganizationCommand({}));
  await expect(organizations.send(new DeleteOrganizationCommand({}))).rejects.toMatchObject({
    name: 'OrganizationNotEmptyException',
    $metadata: { httpStatusCode: 400 },
  });
});

test('accounts, units, roots and policies carry tags', async () => {
  const tags = [{ Key: 'stage', Value: 'test' }];
  for (const ResourceId of [await rootId(), worker, await policy('SERVICE_CONTROL_POLICY', deny('s3:*'))]) {
    await organizations.send(new TagResourceCommand({ ResourceId, Tags: tags }));
    expect((await organizations.send(new ListTagsForResourceCommand({ ResourceId }))).Tags).toEqual(tags);
  }
  await expect(
    organizations.send(new TagResourceCommand({ ResourceId: '0A000000X000', Tags: tags })),
  ).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: 'You provided a value that does not match the required pattern.',
  });
});
