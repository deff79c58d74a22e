import {
  AcceptAdministratorInvitationCommand,
  AcceptInvitationCommand,
  CreateMembersCommand,
  DeclineInvitationsCommand,
  DeleteDetectorCommand,
  DeleteInvitationsCommand,
  DeleteMembersCommand,
  DisassociateFromAdministratorAccountCommand,
  DisassociateMembersCommand,
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GetInvitationsCountCommand,
  GetMasterAccountCommand,
  GetMemberDetectorsCommand,
  InviteMembersCommand,
  ListInvitationsCommand,
  ListMembersCommand,
  paginateListMembers,
  StartMonitoringMembersCommand,
  StopMonitoringMembersCommand,
  UpdateDetectorCommand,
  UpdateMemberDetectorsCommand,
} from '@aws-sdk/client-guardduty';
import {
  AccountIds,
  badRequest,
  client,
  detectorIn,
  email,
  invite,
  join,
  member,
  other,
  pair,
  sandbox,
  security,
  status,
} from './scene';

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
        'The request failed because the length provided for the accountDetails array was 51. Max allowed length is 50.',
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
