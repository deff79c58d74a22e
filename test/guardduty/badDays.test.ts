import {
  AcceptAdministratorInvitationCommand,
  CreateMembersCommand,
  DisassociateFromAdministratorAccountCommand,
  InviteMembersCommand,
  ListInvitationsCommand,
} from '@aws-sdk/client-guardduty';
import { AccountSessions, accountSession } from '../../organization/sessions';
import type { SandboxAccount } from '../../sandbox/core/world';
import {
  administratorId,
  detectorId,
  type Grounds,
  managementId,
  openGrounds,
  regions,
  run,
  states,
} from './organization';

let grounds: Grounds;

afterEach(() => grounds.sandbox.close());

async function withDetectors(members: number, accountIds?: readonly string[]): Promise<Grounds> {
  grounds = await openGrounds(members);
  await grounds.detectors(accountIds ?? [administratorId, ...grounds.memberIds]);
  return grounds;
}

/** The same organization with real keys and roles: signatures, clocks and suspended accounts count for these. */
function withRoles(): Grounds {
  const { management, security } = grounds.sandbox;
  const base = accountSession(managementId, 'us-east-1', async () => management);
  const members = new AccountSessions(base, (id) => `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`);
  const administrator = accountSession(administratorId, 'us-east-1', async () => security);
  return { ...grounds, sessions: { administrator, member: (id) => members.of(id) } };
}

/** Runs `work` as soon as the local organization has answered the first call of an operation. */
function afterFirst(operation: string, work: () => Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (grounds.sandbox.calls().some((call) => call.operation === operation)) {
        clearInterval(timer);
        work().then(resolve, reject);
      }
    }, 1);
  });
}

test('an account that is suspended in mid-run is named; the others join, and it harms no later run', async () => {
  const { sandbox, memberIds } = await withDetectors(4);
  const [suspended] = memberIds as [string];
  const account = sandbox.world.accounts.get(suspended) as SandboxAccount;
  const suspension = afterFirst('InviteMembers', async () => {
    account.status = 'SUSPENDED';
  });
  const { outcome } = await run(withRoles(), grounds.desired());
  await suspension;
  expect(new Set(outcome.failed.map(({ accountId }) => accountId))).toEqual(new Set([suspended]));
  expect(outcome.failed.every(({ error }) => error.remedy !== '')).toBe(true);
  const { cells } = await run(withRoles(), grounds.desired());
  expect(cells.filter(({ state }) => state === 'guarded')).toHaveLength(4 * regions.length);
  expect(cells.filter(({ accountId }) => accountId === suspended)).toMatchObject(
    regions.map(() => ({ state: 'not-guarded', reason: expect.stringMatching(/\S/) })),
  );
});

test('an account that GuardDuty leaves out of a batch of 50 is named with its reason; the other 49 join', async () => {
  const { memberIds } = await withDetectors(50);
  const taken = memberIds[20] as string;
  const [other] = memberIds as [string];
  for (const region of regions) {
    const theirs = grounds.client(other, region);
    const DetectorId = await detectorId(theirs);
    const AccountDetails = [{ AccountId: taken, Email: `aws+${taken}@example.com` }];
    await theirs.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
    await theirs.send(new InviteMembersCommand({ DetectorId, AccountIds: [taken], DisableEmailNotification: true }));
    await grounds.sandbox.world.idle();
    const member = grounds.client(taken, region);
    const { Invitations: [invitation] = [] } = await member.send(new ListInvitationsCommand({}));
    await member.send(
      new AcceptAdministratorInvitationCommand({
        DetectorId: await detectorId(member),
        AdministratorId: other,
        InvitationId: invitation?.InvitationId,
      }),
    );
  }
  const members = grounds.desired().members.filter(({ accountId }) => accountId !== other);
  const { cells } = await run(grounds, grounds.desired({ members }));
  expect(states(cells)).toEqual({
    guarded: 49 * regions.length,
    'not-guarded guardduty.member.otherAdministrator': regions.length,
  });
  expect(cells.find(({ accountId }) => accountId === taken)?.reason).toContain(other);
});

test('a batch in which one account is unprocessed between look and call loses that one only', async () => {
  const { sandbox, memberIds } = await withDetectors(3);
  const [wrong] = memberIds as [string];
  const removed = sandbox.world.accounts.get(wrong) as SandboxAccount;
  const desired = grounds.desired({ route: 'organization', inside: new Set([administratorId, ...memberIds]) });
  removed.status = 'SUSPENDED';
  const { outcome, cells } = await run(grounds, desired);
  expect(outcome.failed.map(({ accountId, region, error }) => [accountId, region, error.code])).toEqual(
    expect.arrayContaining(regions.map((region) => [wrong, region, 'guardduty.member.unprocessed'])),
  );
  expect(cells.filter(({ state }) => state === 'guarded')).toHaveLength(3 * regions.length);
});

test('a member that leaves while the run goes on comes back, in this run or the next', async () => {
  const { memberIds } = await withDetectors(6);
  const [leaving] = memberIds as [string];
  await run(grounds, grounds.desired({ members: grounds.desired().members.slice(0, 1) }));
  grounds.sandbox.clearCalls();
  const [region] = regions as [string];
  const left = afterFirst('InviteMembers', async () => {
    const client = grounds.client(leaving, region);
    await client.send(new DisassociateFromAdministratorAccountCommand({ DetectorId: await detectorId(client) }));
  });
  const { again } = await run(grounds, grounds.desired());
  await left;
  expect(again.guarded.has(`${leaving}/${region}`)).toBe(false);
  const { outcome, cells } = await run(grounds, grounds.desired());
  expect(outcome.failed).toEqual([]);
  expect(states(cells)).toEqual({ guarded: 7 * regions.length });
});

test('a clock that is ten minutes off is set by the answers', async () => {
  grounds = await openGrounds(2, {}, { clock: () => new Date(Date.now() + 10 * 60_000) });
  await grounds.detectors([administratorId, ...grounds.memberIds]);
  const { outcome, cells } = await run(withRoles(), grounds.desired());
  expect(outcome.failed).toEqual([]);
  expect(states(cells)).toEqual({ guarded: 3 * regions.length });
});

test('an administrator that is a member of another is the reason in every cell of that region, and nothing is tried', async () => {
  const { sandbox, memberIds } = await withDetectors(2);
  const [other] = memberIds as [string];
  const [region] = regions as [string];
  const theirs = grounds.client(other, region);
  const DetectorId = await detectorId(theirs);
  const AccountDetails = [{ AccountId: administratorId, Email: `aws+${administratorId}@example.com` }];
  await theirs.send(new CreateMembersCommand({ DetectorId, AccountDetails }));
  await theirs.send(new InviteMembersCommand({ DetectorId, AccountIds: [administratorId] }));
  await sandbox.world.idle();
  const ours = grounds.client(administratorId, region);
  const { Invitations: [invitation] = [] } = await ours.send(new ListInvitationsCommand({}));
  await ours.send(
    new AcceptAdministratorInvitationCommand({
      DetectorId: await detectorId(ours),
      AdministratorId: other,
      InvitationId: invitation?.InvitationId,
    }),
  );
  const { planned, cells } = await run(grounds, grounds.desired());
  expect(planned.changes.filter((change) => change.region === region)).toEqual([]);
  expect(states(cells)).toEqual({ guarded: 3, 'not-guarded guardduty.administrator.member': 3 });
  expect(cells.find(({ code }) => code)?.reason).toContain(other);
});

test('connections that are dropped, before and after the call took effect, fail no cell and do nothing twice', async () => {
  await withDetectors(4);
  grounds.sandbox.faults.add({ service: 'guardduty', probability: 0.15, kind: 'drop' });
  grounds.sandbox.faults.add({ service: 'guardduty', probability: 0.1, kind: 'drop', after: true });
  const { outcome } = await run(grounds, grounds.desired());
  expect(outcome.failed).toEqual([]);
  grounds.sandbox.faults.clear();
  const { planned, cells } = await run(grounds, grounds.desired());
  expect(planned.changes).toEqual([]);
  expect(states(cells)).toEqual({ guarded: 5 * regions.length });
});
