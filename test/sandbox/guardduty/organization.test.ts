import {
  CreateMembersCommand,
  DescribeOrganizationConfigurationCommand,
  DisableOrganizationAdminAccountCommand,
  DisassociateFromAdministratorAccountCommand,
  DisassociateMembersCommand,
  EnableOrganizationAdminAccountCommand,
  GetMemberDetectorsCommand,
  GetOrganizationStatisticsCommand,
  ListDetectorsCommand,
  ListMembersCommand,
  ListOrganizationAdminAccountsCommand,
  UpdateMemberDetectorsCommand,
  UpdateOrganizationConfigurationCommand,
} from '@aws-sdk/client-guardduty';
import {
  AttachPolicyCommand,
  CreateAccountCommand,
  CreatePolicyCommand,
  DescribeCreateAccountStatusCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListDelegatedAdministratorsCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import {
  AccountIds,
  badRequest,
  client,
  detectorIn,
  email,
  inAccount,
  join,
  management,
  member,
  other,
  pair,
  sandbox,
  security,
  status,
} from './scene';

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
    // The management account comes in only when it has been asked: with a detector, or with GuardDuty's role.
    const AccountDetails = [{ AccountId: management, Email: email(management) }];
    expect(await administrator.send(new CreateMembersCommand({ DetectorId, AccountDetails }))).toMatchObject({
      UnprocessedAccounts: [{ AccountId: management, Result: expect.stringContaining('must first enable GuardDuty') }],
    });
    await detectorIn(client(sandbox.management));
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

  test('a GuardDuty policy enables accounts and holds its plans; what it does not name stays free', async () => {
    const { administrator, DetectorId } = await delegated();
    const config = { endpoint: sandbox.endpoint, region: 'us-east-1', credentials: sandbox.management };
    const organizations = new OrganizationsClient(config);
    const { Roots } = await organizations.send(new ListRootsCommand({}));
    const RootId = Roots?.[0]?.Id;
    await organizations.send(new EnablePolicyTypeCommand({ RootId, PolicyType: 'GUARDDUTY_POLICY' }));
    const status = (value: string) => ({ status: { '@@assign': value } });
    const create = (block: object) =>
      organizations.send(
        new CreatePolicyCommand({
          Name: 'guardduty',
          Description: '',
          Type: 'GUARDDUTY_POLICY',
          Content: JSON.stringify({ guardduty: { enablement: { default: block } } }),
        }),
      );
    await expect(create({ s3_data_events: status('enabled') })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    const { Policy } = await create({ foundational: status('enabled'), s3_data_events: status('enabled') });
    const PolicyId = Policy?.PolicySummary?.Id;
    await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId: member }));
    await sandbox.world.idle();
    const { Members } = await administrator.send(new ListMembersCommand({ DetectorId }));
    expect(Members).toMatchObject([{ AccountId: member, RelationshipStatus: 'Enabled' }]);
    const change = (Name: 'S3_DATA_EVENTS' | 'EKS_AUDIT_LOGS', Status: 'ENABLED' | 'DISABLED') =>
      administrator.send(
        new UpdateMemberDetectorsCommand({ DetectorId, AccountIds: [member], Features: [{ Name, Status }] }),
      );
    expect((await change('S3_DATA_EVENTS', 'DISABLED')).UnprocessedAccounts).toMatchObject([{ AccountId: member }]);
    expect((await change('EKS_AUDIT_LOGS', 'ENABLED')).UnprocessedAccounts).toEqual([]);
    const plans = async () => {
      const found = await administrator.send(new GetMemberDetectorsCommand({ DetectorId, AccountIds: [member] }));
      return found.MemberDataSourceConfigurations?.[0]?.Features;
    };
    expect(await plans()).toMatchObject([
      { Name: 'S3_DATA_EVENTS', Status: 'ENABLED', ManagedBy: 'GUARDDUTY_POLICY' },
      { Name: 'EKS_AUDIT_LOGS', Status: 'ENABLED' },
      ...Array(5).fill({ Status: 'DISABLED' }),
    ]);
    await organizations.send(new DetachPolicyCommand({ PolicyId, TargetId: member }));
    await sandbox.world.idle();
    expect((await plans())?.some(({ ManagedBy }) => ManagedBy)).toBe(false);
  });
});
