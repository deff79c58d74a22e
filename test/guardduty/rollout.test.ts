import {
  DeclineInvitationsCommand,
  DeleteMembersCommand,
  DescribeOrganizationConfigurationCommand,
  DisassociateMembersCommand,
  EnableOrganizationAdminAccountCommand,
  GetDetectorCommand,
  GetMemberDetectorsCommand,
  StopMonitoringMembersCommand,
  UpdateDetectorCommand,
  UpdateOrganizationConfigurationCommand,
} from '@aws-sdk/client-guardduty';
import {
  administratorId,
  detectorId,
  type Grounds,
  managementId,
  openGrounds,
  openGroundsWithDetectors,
  regions,
  run,
  states,
} from './organization';

let grounds: Grounds;

afterEach(async () => {
  await grounds.sandbox.close();
});

async function withDetectors(members: number): Promise<Grounds> {
  grounds = await openGroundsWithDetectors(members);
  return grounds;
}

function countOf(calls: { account: string; count: number; operation: string }[], ...operations: string[]): number {
  return calls
    .filter(({ operation }) => operations.length === 0 || operations.includes(operation))
    .reduce((sum, { count }) => sum + count, 0);
}

describe('by invitation', () => {
  test('every account becomes a member in every region, within the promised calls, and a second run does nothing', async () => {
    const { sandbox, memberIds } = await withDetectors(60);
    const first = await run(grounds, grounds.desired());
    expect(first.outcome.failed).toEqual([]);
    expect(states(first.cells)).toEqual({ guarded: 61 * regions.length });
    const inMembers = first.calls.filter(({ account }) => account !== administratorId);
    expect(countOf(inMembers)).toBeLessThanOrEqual(4 * memberIds.length * regions.length);
    expect(countOf(first.calls, 'CreateMembers', 'InviteMembers')).toBe(2 * 2 * regions.length);

    sandbox.clearCalls();
    const second = await run(grounds, grounds.desired());
    expect(second.planned.changes).toEqual([]);
    const bound = regions.length * (4 + 2 * Math.ceil(memberIds.length / 50));
    expect(countOf(second.calls)).toBeLessThanOrEqual(bound);
    expect(second.calls.filter(({ account }) => account !== administratorId)).toEqual([]);
  });

  test('members that left, were removed, stopped or declined come back', async () => {
    const { memberIds } = await withDetectors(5);
    await run(grounds, grounds.desired());
    const [region] = regions as [string];
    const client = grounds.client(administratorId, region);
    const DetectorId = await detectorId(client);
    const [removed, stopped, deleted, declined] = memberIds.map((id) => [id]) as [
      string[],
      string[],
      string[],
      string[],
    ];
    await client.send(
      new DisassociateMembersCommand({ DetectorId, AccountIds: [...removed, ...deleted, ...declined] }),
    );
    await client.send(new StopMonitoringMembersCommand({ DetectorId, AccountIds: stopped }));
    await client.send(new DeleteMembersCommand({ DetectorId, AccountIds: deleted }));
    const declining = grounds.client(declined[0] as string, region);
    await declining.send(new DeclineInvitationsCommand({ AccountIds: [administratorId] }));
    const again = await run(grounds, grounds.desired());
    expect(again.outcome.failed).toEqual([]);
    expect(Object.values(await grounds.statuses())).toEqual(Array(5).fill('Enabled'));
    expect(again.again.changes).toEqual([]);
  });

  test('a wrong e-mail is the reason for that account alone; corrected, it joins', async () => {
    const { memberIds } = await withDetectors(3);
    const right = grounds.desired();
    const wrong = {
      ...right,
      members: right.members.map((member, index) => (index ? member : { ...member, email: 'x@example.com' })),
    };
    const first = await run(grounds, wrong);
    expect(first.outcome.failed.map(({ accountId, error }) => `${accountId} ${error.code}`)).toEqual(
      regions.map(() => `${memberIds[0]} guardduty.member.email`),
    );
    expect(states(first.cells)).toEqual({
      guarded: 3 * regions.length,
      'not-guarded guardduty.member.email': regions.length,
    });
    expect((await run(grounds, right)).again).toMatchObject({ changes: [], blocked: [] });
  });

  test('a detector that was switched off by hand is on in the end', async () => {
    const { memberIds } = await withDetectors(2);
    const off = grounds.client(memberIds[0] as string);
    const DetectorId = await detectorId(off);
    await off.send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
    const { cells } = await run(grounds, grounds.desired());
    expect(states(cells)).toEqual({ guarded: 3 * regions.length });
    expect((await off.send(new GetDetectorCommand({ DetectorId }))).Status).toBe('ENABLED');
  });

  test('an account without a detector is named; the others join', async () => {
    grounds = await openGrounds(2);
    await grounds.detectors([administratorId, grounds.memberIds[0] as string]);
    const { cells } = await run(grounds, grounds.desired());
    expect(states(cells)).toEqual({
      guarded: 2 * regions.length,
      'not-guarded guardduty.member.detector': regions.length,
    });
  });
});

describe('through the organization', () => {
  test('the administration is delegated and every account joins, without a call in any member', async () => {
    await withDetectors(3);
    const inside = new Set([managementId, administratorId, ...grounds.memberIds]);
    const desired = grounds.desired({ route: 'organization', inside, autoEnable: 'ALL' });
    const first = await run(grounds, desired);
    expect(first.outcome.failed).toEqual([]);
    expect(states(first.cells)).toEqual({ guarded: 4 * regions.length });
    expect(first.calls.filter(({ account }) => grounds.memberIds.includes(account))).toEqual([]);
    expect((await run(grounds, desired)).planned.changes).toEqual([]);
  });

  test('members by invitation move over and keep their detectors', async () => {
    const { memberIds } = await withDetectors(2);
    await run(grounds, grounds.desired());
    const before = await Promise.all(memberIds.map((id) => detectorId(grounds.client(id))));
    const inside = new Set([managementId, administratorId, ...memberIds]);
    const moved = await run(grounds, grounds.desired({ route: 'auto', inside }));
    expect(moved.planned.changes.map(({ kind }) => kind)).toEqual(regions.map(() => 'delegate-administrator'));
    expect(states(moved.cells)).toEqual({ guarded: 3 * regions.length });
    expect(await Promise.all(memberIds.map((id) => detectorId(grounds.client(id))))).toEqual(before);
  });

  test('where it is in force, accounts join through it even when invitations are configured', async () => {
    const { memberIds } = await withDetectors(2);
    const inside = new Set([managementId, administratorId, ...memberIds]);
    await run(grounds, { ...grounds.desired({ route: 'auto', inside }), members: [] });
    const { planned, cells } = await run(grounds, grounds.desired());
    expect(planned.changes.map(({ kind }) => kind)).toEqual(regions.map(() => 'create-members'));
    expect(states(cells)).toEqual({ guarded: 3 * regions.length });
  });
});

test('where another account administers GuardDuty for the organization, that is the reason, and nothing is tried', async () => {
  grounds = await openGrounds(3);
  await grounds.detectors([administratorId, ...grounds.memberIds]);
  const [other, inside, outside] = grounds.memberIds as [string, string, string];
  const [region] = regions as [string];
  const management = grounds.client(managementId, region);
  await management.send(new EnableOrganizationAdminAccountCommand({ AdminAccountId: other }));
  const members = grounds.desired().members.filter(({ accountId }) => accountId !== other);
  const known = new Set([managementId, administratorId, other, inside]);
  const { planned, outcome, cells } = await run(grounds, grounds.desired({ route: 'auto', inside: known, members }));
  expect(outcome.failed.filter((cell) => cell.accountId !== outside && cell.region === region)).toEqual([]);
  // Organizations knows one administrator: elsewhere the delegation itself is refused, and what depends on it not tried.
  const elsewhere = outcome.failed.filter((cell) => cell.accountId === inside);
  expect(elsewhere.map(({ error }) => error.message)).toEqual([expect.stringContaining('another account is already')]);
  expect(planned.changes.filter(({ kind }) => kind === 'delegate-administrator')).toMatchObject(
    regions.slice(1).map((each) => ({ region: each })),
  );
  expect(cells.find((cell) => cell.accountId === inside && cell.region === region)).toMatchObject({
    state: 'not-guarded',
    code: 'guardduty.administrator.other',
    reason: expect.stringContaining(other),
  });
});

test('GuardDuty switches on by itself what the configuration says, plan by plan, and drift is mended', async () => {
  grounds = await openGrounds(2);
  await grounds.detectors([administratorId, ...grounds.memberIds]);
  const inside = new Set([managementId, administratorId, ...grounds.memberIds]);
  const autoEnablePlans = {
    S3_DATA_EVENTS: 'ALL',
    RUNTIME_MONITORING: 'NEW',
    'RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT': 'NEW',
    RDS_LOGIN_EVENTS: 'NONE',
  } as const;
  const desired = grounds.desired({ route: 'auto', inside, autoEnable: 'NEW', autoEnablePlans });
  expect((await run(grounds, desired)).again.changes).toEqual([]);
  const client = grounds.client(administratorId);
  const DetectorId = await detectorId(client);
  const configured = async () => {
    const answer = await client.send(new DescribeOrganizationConfigurationCommand({ DetectorId }));
    const named = (answer.Features ?? []).map(({ Name, AutoEnable }) => [Name, AutoEnable]);
    return { members: answer.AutoEnableOrganizationMembers, ...Object.fromEntries(named) };
  };
  const wanted = { members: 'NEW', S3_DATA_EVENTS: 'ALL', RUNTIME_MONITORING: 'NEW', RDS_LOGIN_EVENTS: 'NONE' };
  expect(await configured()).toMatchObject(wanted);
  // By hand: one plan. What is not configured stays as it is.
  const Features = [
    { Name: 'S3_DATA_EVENTS', AutoEnable: 'NONE' },
    { Name: 'LAMBDA_NETWORK_LOGS', AutoEnable: 'ALL' },
  ] as const;
  const request = { DetectorId, AutoEnableOrganizationMembers: 'NEW' } as const;
  await client.send(new UpdateOrganizationConfigurationCommand({ ...request, Features: [...Features] }));
  const mended = await run(grounds, desired);
  expect(mended.planned.changes).toMatchObject([
    { kind: 'set-auto-enable', region: regions[0], to: 'NEW', plans: { S3_DATA_EVENTS: 'ALL' } },
  ]);
  expect(mended.again.changes).toEqual([]);
  expect(await configured()).toMatchObject({ ...wanted, LAMBDA_NETWORK_LOGS: 'ALL' });
});

describe('protection plans', () => {
  test('are switched on and off in every detector, differ where rules say so, and drift is mended', async () => {
    const { memberIds } = await withDetectors(3);
    const [special] = memberIds as [string];
    const desired = grounds.desired({
      planRules: [
        {
          plans: {
            S3_DATA_EVENTS: 'DISABLED',
            RUNTIME_MONITORING: 'ENABLED',
            'RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT': 'ENABLED',
          },
        },
        { accounts: [special], plans: { S3_DATA_EVENTS: 'ENABLED' } },
      ],
    });
    const first = await run(grounds, desired);
    expect(first.outcome.failed).toEqual([]);
    expect(first.again.changes).toEqual([]);

    const client = grounds.client(administratorId);
    const DetectorId = await detectorId(client);
    const answer = await client.send(new GetMemberDetectorsCommand({ DetectorId, AccountIds: [...memberIds] }));
    const s3 = answer.MemberDataSourceConfigurations?.map(
      ({ Features = [] }) => Features.find(({ Name }) => Name === 'S3_DATA_EVENTS')?.Status,
    );
    expect(s3).toEqual(['ENABLED', 'DISABLED', 'DISABLED']);

    await client.send(
      new UpdateDetectorCommand({ DetectorId, Features: [{ Name: 'S3_DATA_EVENTS', Status: 'ENABLED' }] }),
    );
    const drift = await run(grounds, desired);
    expect(drift.planned.changes).toMatchObject([{ kind: 'set-plans', plans: { S3_DATA_EVENTS: 'DISABLED' } }]);
    expect(drift.again.changes).toEqual([]);
  });
});
