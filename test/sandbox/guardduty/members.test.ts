import {
  AcceptAdministratorInvitationCommand,
  AcceptInvitationCommand,
  CreateDetectorCommand,
  CreateMembersCommand,
  DeclineInvitationsCommand,
  DeleteDetectorCommand,
  DeleteInvitationsCommand,
  DeleteMembersCommand,
  DescribeOrganizationConfigurationCommand,
  DisableOrganizationAdminAccountCommand,
  DisassociateFromAdministratorAccountCommand,
  DisassociateMembersCommand,
  EnableOrganizationAdminAccountCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GetInvitationsCountCommand,
  GetMasterAccountCommand,
  GetMemberDetectorsCommand,
  GetMembersCommand,
  GetOrganizationStatisticsCommand,
  GuardDutyClient,
  InviteMembersCommand,
  ListDetectorsCommand,
  ListInvitationsCommand,
  ListMembersCommand,
  ListOrganizationAdminAccountsCommand,
  paginateListMembers,
  StartMonitoringMembersCommand,
  StopMonitoringMembersCommand,
  UpdateDetectorCommand,
  UpdateMemberDetectorsCommand,
  UpdateOrganizationConfigurationCommand,
} from '@aws-sdk/client-guardduty';
import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  ListDelegatedAdministratorsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type AccessKeys, createSandbox, type RunningSandbox } from '../../../sandbox';

const management = '100000000001';
const security = '100000000002';
const member = '100000000003';
const other = '100000000004';
const email = (id: string) => `root+${id}@example.com`;

let sandbox: RunningSandbox;

beforeAll(async () => {
  const accounts = [management, security, member, other].map((id) => ({ id, email: email(id) }));
  sandbox = await createSandbox({ accounts, securityAccount: security });
});

afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

function client(keys: AccessKeys & { sessionToken?: string }): GuardDutyClient {
  return new GuardDutyClient({ endpoint: sandbox.endpoint, region: 'eu-central-1', credentials: keys });
}

/** A client in an account, through its access role. */
async function inAccount(id: string): Promise<GuardDutyClient> {
  const config = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
  const RoleArn = `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`;
  const { Credentials } = await new STSClient(config).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return client({
    accessKeyId: Credentials?.AccessKeyId as string,
    secretAccessKey: Credentials?.SecretAccessKey as string,
    sessionToken: Credentials?.SessionToken,
  });
}

async function detectorIn(guardduty: GuardDutyClient): Promise<string> {
  const { DetectorId } = await guardduty.send(new CreateDetectorCommand({ Enable: true }));
  return DetectorId as string;
}

const AccountIds = [member];

/** An administrator that has created a member, and the member with a detector of its own. */
async function pair(address = email(member)) {
  const administrator = client(sandbox.security);
  const theirs = await inAccount(member);
  const DetectorId = await detectorIn(administrator);
  const memberDetectorId = await detectorIn(theirs);
  const AccountDetails = [{ AccountId: member, Email: address }];
  const { UnprocessedAccounts } = await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
  expect(UnprocessedAccounts).toEqual([]);
  return { administrator, theirs, DetectorId, memberDetectorId };
}

type Pair = Awaited<ReturnType<typeof pair>>;

async function status({ administrator, DetectorId }: Pair): Promise<string | undefined> {
  const { Members } = await administrator.send(new GetMembersCommand({ DetectorId, AccountIds }));
  return Members?.[0]?.RelationshipStatus;
}

async function invite({ administrator, DetectorId }: Pair): Promise<void> {
  const input = { DetectorId, AccountIds, DisableEmailNotification: true };
  const { UnprocessedAccounts } = await administrator.send(new InviteMembersCommand(input));
  expect(UnprocessedAccounts).toEqual([]);
  await sandbox.world.idle();
}

async function join(both: Pair): Promise<void> {
  await invite(both);
  const { Invitations } = await both.theirs.send(new ListInvitationsCommand({}));
  const InvitationId = Invitations?.[0]?.InvitationId;
  const input = { DetectorId: both.memberDetectorId, AdministratorId: security, InvitationId };
  await both.theirs.send(new AcceptAdministratorInvitationCommand(input));
}

const badRequest = (message: string) => ({ name: 'BadRequestException', Type: 'InvalidInputException', message });

describe('by invitation', () => {
  test('an invited account becomes a member when it accepts', async () => {
    const both = await pair();
    expect(await status(both)).toBe('Created');
    await both.administrator.send(new InviteMembersCommand({ DetectorId: both.DetectorId, AccountIds }));
    expect(await status(both)).toBe('EmailVerificationInProgress');
    await sandbox.world.idle();
    expect(await status(both)).toBe('Invited');
    const { Invitations = [] } = await both.theirs.send(new ListInvitationsCommand({}));
    expect(Invitations).toEqual([
      {
        AccountId: security,
        InvitationId: expect.stringMatching(/^[0-9a-f]{32}$/),
        RelationshipStatus: 'Invited',
        InvitedAt: expect.any(String),
      },
    ]);
    expect(await both.theirs.send(new GetInvitationsCountCommand({}))).toMatchObject({ InvitationsCount: 1 });
    const accept = {
      DetectorId: both.memberDetectorId,
      MasterId: security,
      InvitationId: Invitations[0]?.InvitationId,
    };
    await both.theirs.send(new AcceptInvitationCommand(accept));
    const { Members } = await both.administrator.send(new ListMembersCommand({ DetectorId: both.DetectorId }));
    expect(Members).toEqual([
      expect.objectContaining({
        AccountId: member,
        DetectorId: both.memberDetectorId,
        Email: email(member),
        MasterId: security,
        AdministratorId: security,
        RelationshipStatus: 'Enabled',
      }),
    ]);
    const own = { DetectorId: both.memberDetectorId };
    const { Administrator } = await both.theirs.send(new GetAdministratorAccountCommand(own));
    const { Master } = await both.theirs.send(new GetMasterAccountCommand(own));
    expect(Administrator).toEqual(Master);
    expect(Administrator).toMatchObject({ AccountId: security, RelationshipStatus: 'Enabled' });
    expect(await both.theirs.send(new GetInvitationsCountCommand({}))).toMatchObject({ InvitationsCount: 0 });
  });

  test('a wrong e-mail address ends in EmailVerificationFailed until the member is created anew', async () => {
    const both = await pair('somebody@example.org');
    const { administrator, DetectorId } = both;
    await invite(both);
    expect(await status(both)).toBe('EmailVerificationFailed');
    expect((await both.theirs.send(new ListInvitationsCommand({}))).Invitations).toEqual([]);
    await administrator.send(new DisassociateMembersCommand({ DetectorId, AccountIds }));
    await administrator.send(new DeleteMembersCommand({ DetectorId, AccountIds }));
    const AccountDetails = [{ AccountId: member, Email: email(member) }];
    await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
    await invite(both);
    expect(await status(both)).toBe('Invited');
  });

  test('accounts that cannot be processed are told one by one, with the reason', async () => {
    const { administrator, DetectorId } = await pair();
    const AccountDetails = [security, member, other].map((AccountId) => ({ AccountId, Email: email(AccountId) }));
    expect(await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails }))).toMatchObject({
      UnprocessedAccounts: [
        {
          AccountId: security,
          Result: 'The request is rejected because an account cannot become a member of itself.',
        },
        {
          AccountId: member,
          Result:
            'The request is rejected because the given account ID is already a member or associated member of the current account.',
        },
      ],
    });
    await administrator.send(new InviteMembersCommand({ DetectorId, AccountIds }));
    expect(await administrator.send(new InviteMembersCommand({ DetectorId, AccountIds }))).toMatchObject({
      UnprocessedAccounts: [
        {
          AccountId: member,
          Result:
            'The request is rejected because the current account has already invited or is already the GuardDuty master of the given member account ID.',
        },
      ],
    });
  });

  test('a batch takes 50 accounts', async () => {
    const administrator = client(sandbox.security);
    const DetectorId = await detectorIn(administrator);
    const details = Array.from({ length: 51 }, (_, index) => {
      const AccountId = String(200_000_000_000 + index);
      return { AccountId, Email: email(AccountId) };
    });
    await expect(
      administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails: details })),
    ).rejects.toMatchObject(
      badRequest(
        'The request is rejected because an invalid or out-of-range value is specified as an input parameter.',
      ),
    );
    await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails: details.slice(0, 50) }));
    await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails: details.slice(50) }));
    const pages: number[] = [];
    for await (const page of paginateListMembers({ client: administrator }, { DetectorId, OnlyAssociated: 'false' })) {
      pages.push(page.Members?.length ?? 0);
    }
    expect(pages).toEqual([50, 1]);
    expect((await administrator.send(new ListMembersCommand({ DetectorId }))).Members).toEqual([]);
  });

  test('a member is paused, resumed, removed and deleted by its administrator', async () => {
    const both = await pair();
    const { administrator, DetectorId } = both;
    const input = { DetectorId, AccountIds };
    await join(both);
    await administrator.send(new StopMonitoringMembersCommand(input));
    expect(await status(both)).toBe('Disabled');
    const own = { DetectorId: both.memberDetectorId };
    expect(await both.theirs.send(new GetDetectorCommand(own))).toMatchObject({ Status: 'DISABLED' });
    await administrator.send(new StartMonitoringMembersCommand(input));
    expect(await status(both)).toBe('Enabled');
    expect(await administrator.send(new DeleteMembersCommand(input))).toMatchObject({
      UnprocessedAccounts: [{ AccountId: member, Result: expect.stringContaining('still associated to it') }],
    });
    await administrator.send(new DisassociateMembersCommand(input));
    expect(await status(both)).toBe('Removed');
    expect((await administrator.send(new ListMembersCommand({ DetectorId }))).Members).toEqual([]);
    await invite(both);
    expect(await status(both)).toBe('Invited');
    await administrator.send(new DeleteMembersCommand(input));
    expect(await status(both)).toBeUndefined();
  });

  test('a member resigns, and can be a member again by the same invitation', async () => {
    const both = await pair();
    await join(both);
    const own = { DetectorId: both.memberDetectorId };
    await both.theirs.send(new DisassociateFromAdministratorAccountCommand(own));
    expect(await status(both)).toBe('Resigned');
    const { Invitations } = await both.theirs.send(new ListInvitationsCommand({}));
    const again = { ...own, AdministratorId: security, InvitationId: Invitations?.[0]?.InvitationId };
    await both.theirs.send(new AcceptAdministratorInvitationCommand(again));
    expect(await status(both)).toBe('Enabled');
  });

  test('an invitation is declined, and only then deleted', async () => {
    const both = await pair();
    await invite(both);
    const from = { AccountIds: [security] };
    expect(await both.theirs.send(new DeleteInvitationsCommand(from))).toMatchObject({
      UnprocessedAccounts: [{ AccountId: security, Result: expect.stringContaining('has not declined') }],
    });
    await both.theirs.send(new DeclineInvitationsCommand(from));
    expect(await status(both)).toBe('Resigned');
    await both.theirs.send(new DeleteInvitationsCommand(from));
    expect((await both.theirs.send(new ListInvitationsCommand({}))).Invitations).toEqual([]);
  });

  test('members cannot suspend, change or delete their detector; administrators cannot delete theirs', async () => {
    const both = await pair();
    await join(both);
    const own = { DetectorId: both.memberDetectorId };
    const refused = badRequest(
      'The request is rejected because member accounts cannot manage specified resources or properties.',
    );
    await expect(both.theirs.send(new UpdateDetectorCommand({ ...own, Enable: false }))).rejects.toMatchObject(refused);
    await expect(both.theirs.send(new DeleteDetectorCommand(own))).rejects.toMatchObject(refused);
    await expect(
      both.administrator.send(new DeleteDetectorCommand({ DetectorId: both.DetectorId })),
    ).rejects.toMatchObject(
      badRequest(
        'The request is rejected because the current account cannot delete detector while it has invited or associated members.',
      ),
    );
  });

  test('an account with members accepts no invitation, and an invitation id of another is none', async () => {
    const both = await pair();
    await invite(both);
    const accept = { DetectorId: both.memberDetectorId, AdministratorId: security, InvitationId: '0'.repeat(32) };
    await expect(both.theirs.send(new AcceptAdministratorInvitationCommand(accept))).rejects.toMatchObject(
      badRequest(
        'The request is rejected because the current account does not have an invitation from the requested master account.',
      ),
    );
    const AccountDetails = [{ AccountId: other, Email: email(other) }];
    await both.theirs.send(new CreateMembersCommand({ DetectorId: both.memberDetectorId, AccountDetails }));
    await expect(both.theirs.send(new AcceptAdministratorInvitationCommand(accept))).rejects.toMatchObject(
      badRequest(
        'The request is rejected because the current account cannot accept invitations since it still has created, invited or associated members.',
      ),
    );
  });

  test("an administrator reads and changes its members' plans", async () => {
    const both = await pair();
    const { administrator, DetectorId } = both;
    const input = { DetectorId, AccountIds: [member, other] };
    await join(both);
    const Features = [{ Name: 'S3_DATA_EVENTS' as const, Status: 'DISABLED' as const }];
    const unprocessed = [
      {
        AccountId: other,
        Result:
          'The request is rejected because the given account ID is not an associated member of account the current account.',
      },
    ];
    expect(await administrator.send(new UpdateMemberDetectorsCommand({ ...input, Features }))).toMatchObject({
      UnprocessedAccounts: unprocessed,
    });
    const found = await administrator.send(new GetMemberDetectorsCommand(input));
    expect(found.UnprocessedAccounts).toEqual(unprocessed);
    expect(found.MemberDataSourceConfigurations?.[0]?.Features).toContainEqual(
      expect.objectContaining({ Name: 'S3_DATA_EVENTS', Status: 'DISABLED' }),
    );
    expect(found.MemberDataSourceConfigurations?.[0]?.DataSources?.S3Logs).toEqual({ Status: 'DISABLED' });
  });
});

describe('through the organization', () => {
  async function delegated() {
    const root = client(sandbox.management);
    await root.send(new EnableOrganizationAdminAccountCommand({ AdminAccountId: security }));
    const administrator = client(sandbox.security);
    const { DetectorIds } = await administrator.send(new ListDetectorsCommand({}));
    return { root, administrator, DetectorId: DetectorIds?.[0] as string };
  }

  test('the management account delegates, which enables GuardDuty in the administrator account', async () => {
    const { root, administrator, DetectorId } = await delegated();
    expect(DetectorId).toMatch(/^[0-9a-f]{32}$/);
    expect((await root.send(new ListOrganizationAdminAccountsCommand({}))).AdminAccounts).toEqual([
      { AdminAccountId: security, AdminStatus: 'ENABLED' },
    ]);
    const config = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
    const listed = await new OrganizationsClient(config).send(
      new ListDelegatedAdministratorsCommand({ ServicePrincipal: 'guardduty.amazonaws.com' }),
    );
    expect(listed.DelegatedAdministrators?.map(({ Id }) => Id)).toEqual([security]);
    await expect(administrator.send(new ListOrganizationAdminAccountsCommand({}))).rejects.toMatchObject(
      badRequest('The request failed because you are not the master account for your AWS Organization.'),
    );
    await expect(
      root.send(new EnableOrganizationAdminAccountCommand({ AdminAccountId: security })),
    ).rejects.toMatchObject(
      badRequest(
        'The request failed because the account is already enabled as the GuardDuty delegated administrator for the organization.',
      ),
    );
    await expect(root.send(new EnableOrganizationAdminAccountCommand({ AdminAccountId: other }))).rejects.toMatchObject(
      badRequest(
        'The request failed because another account is already enabled as GuardDuty delegated administrator for the organization.',
      ),
    );
  });

  test('an account of the organization is a member at once, with a detector', async () => {
    const { administrator, DetectorId } = await delegated();
    const AccountDetails = [{ AccountId: member, Email: email(member) }];
    await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
    const { Members } = await administrator.send(new ListMembersCommand({ DetectorId }));
    expect(Members).toMatchObject([{ AccountId: member, RelationshipStatus: 'Enabled' }]);
    const theirs = await inAccount(member);
    const { DetectorIds } = await theirs.send(new ListDetectorsCommand({}));
    expect(DetectorIds).toEqual([Members?.[0]?.DetectorId]);
    await expect(
      theirs.send(new DisassociateFromAdministratorAccountCommand({ DetectorId: DetectorIds?.[0] })),
    ).rejects.toMatchObject({ name: 'BadRequestException' });
  });

  test('auto-enable for all reaches the accounts there are, and new ones get the plans for new ones', async () => {
    const { administrator, DetectorId } = await delegated();
    await administrator.send(
      new UpdateOrganizationConfigurationCommand({
        DetectorId,
        AutoEnableOrganizationMembers: 'ALL',
        Features: [
          { Name: 'S3_DATA_EVENTS', AutoEnable: 'ALL' },
          {
            Name: 'RUNTIME_MONITORING',
            AutoEnable: 'NEW',
            AdditionalConfiguration: [{ Name: 'EC2_AGENT_MANAGEMENT', AutoEnable: 'NEW' }],
          },
        ],
      }),
    );
    await sandbox.world.idle();
    const { Members } = await administrator.send(new ListMembersCommand({ DetectorId }));
    expect(Members?.map(({ AccountId }) => AccountId)).toEqual([management, member, other]);
    const config = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
    const organizations = new OrganizationsClient(config);
    const request = new CreateAccountCommand({ AccountName: 'new', Email: 'new@example.com' });
    const { CreateAccountStatus } = await organizations.send(request);
    await sandbox.world.idle();
    const done = await organizations.send(
      new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: CreateAccountStatus?.Id }),
    );
    const id = done.CreateAccountStatus?.AccountId as string;
    const { MemberDataSourceConfigurations = [] } = await administrator.send(
      new GetMemberDetectorsCommand({ DetectorId, AccountIds: [member, id] }),
    );
    const plans = MemberDataSourceConfigurations.map(({ Features = [] }) =>
      Features.filter(({ Status }) => Status === 'ENABLED').map(({ Name }) => Name),
    );
    expect(plans).toEqual([['S3_DATA_EVENTS'], ['S3_DATA_EVENTS', 'RUNTIME_MONITORING']]);
    const { OrganizationDetails } = await administrator.send(new GetOrganizationStatisticsCommand({}));
    expect(OrganizationDetails?.OrganizationStatistics).toMatchObject({
      TotalAccountsCount: 5,
      MemberAccountsCount: 4,
      ActiveAccountsCount: 4,
      EnabledAccountsCount: 5,
    });
    expect(await administrator.send(new DisassociateMembersCommand({ DetectorId, AccountIds }))).toMatchObject({
      UnprocessedAccounts: [{ AccountId: member }],
    });
  });

  test('the configuration is described as it was set, for the administrator only', async () => {
    const { administrator, DetectorId } = await delegated();
    const described = () => administrator.send(new DescribeOrganizationConfigurationCommand({ DetectorId }));
    expect(await described()).toMatchObject({ AutoEnable: false, AutoEnableOrganizationMembers: 'NONE' });
    await administrator.send(new UpdateOrganizationConfigurationCommand({ DetectorId, AutoEnable: true }));
    expect(await described()).toMatchObject({
      AutoEnable: true,
      AutoEnableOrganizationMembers: 'NEW',
      MemberAccountLimitReached: false,
    });
    const theirs = await inAccount(other);
    const own = await detectorIn(theirs);
    await expect(theirs.send(new DescribeOrganizationConfigurationCommand({ DetectorId: own }))).rejects.toMatchObject(
      badRequest('The request failed because you do not have required AWS Organization master permission.'),
    );
  });

  test('members by invitation stay members when their administrator becomes the organization’s', async () => {
    const both = await pair();
    await join(both);
    const { root } = await delegated();
    expect(await status(both)).toBe('Enabled');
    await expect(
      both.theirs.send(new DisassociateFromAdministratorAccountCommand({ DetectorId: both.memberDetectorId })),
    ).rejects.toMatchObject({ name: 'BadRequestException' });
    await root.send(new DisableOrganizationAdminAccountCommand({ AdminAccountId: security }));
    expect((await root.send(new ListOrganizationAdminAccountsCommand({}))).AdminAccounts).toEqual([]);
    expect(await status(both)).toBeUndefined();
    expect((await both.theirs.send(new ListDetectorsCommand({}))).DetectorIds).toEqual([both.memberDetectorId]);
  });
});
