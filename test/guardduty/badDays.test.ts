import { DisassociateFromAdministratorAccountCommand } from '@aws-sdk/client-guardduty';
import { coverage, observe, plan } from '../../guardduty';
import { AccountSessions, accountSession } from '../../organization/sessions';
import type { SandboxAccount } from '../../sandbox/core/world';
import {
  administratorId,
  detectorId,
  type Grounds,
  joinAnother,
  managementId,
  openGrounds,
  openGroundsWithDetectors,
  regions,
  run,
  states,
} from './organization';

let grounds: Grounds;

afterEach(() => grounds.sandbox.close());

async function withDetectors(members: number, requestTimeout?: number): Promise<Grounds> {
  grounds = await openGroundsWithDetectors(members, requestTimeout);
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
    await joinAnother(grounds, { accountId: taken, administratorId: other, region });
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
  const { memberIds } = await withDetectors(2);
  const [other] = memberIds as [string];
  const [region] = regions as [string];
  await joinAnother(grounds, { accountId: administratorId, administratorId: other, region });
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

test('throttling and server errors slow down and fail no cell', async () => {
  await withDetectors(4);
  const { faults } = grounds.sandbox;
  faults.add({ service: 'guardduty', probability: 0.2, kind: 'error', code: 'TooManyRequestsException' });
  faults.add({ service: 'guardduty', probability: 0.05, kind: 'status', status: 500 });
  faults.add({ service: 'guardduty', probability: 0.05, kind: 'drop', after: true });
  const { outcome, cells } = await run(grounds, grounds.desired());
  expect(outcome.failed).toEqual([]);
  expect(states(cells)).toEqual({ guarded: 5 * regions.length });
});

test('credentials that end in the middle are renewed', async () => {
  await withDetectors(2);
  grounds.sandbox.faults.add({ service: 'guardduty', kind: 'error', code: 'ExpiredTokenException', count: 1 });
  expect((await run(grounds, grounds.desired())).outcome.failed).toEqual([]);
});

test('two operators at once do no harm', async () => {
  await withDetectors(4);
  await Promise.all([run(grounds, grounds.desired()), run(grounds, grounds.desired())]);
  const { planned, cells } = await run(grounds, grounds.desired());
  expect(planned.changes).toEqual([]);
  expect(states(cells)).toEqual({ guarded: 5 * regions.length });
});

test('a member that is denied is named with operation and code; the others join', async () => {
  const { memberIds } = await withDetectors(3);
  const denied = {
    service: 'guardduty',
    account: memberIds[0] as string,
    kind: 'error' as const,
    code: 'AccessDeniedException',
    status: 403,
  };
  grounds.sandbox.faults.add({ ...denied, message: 'with an explicit deny in a service control policy' });
  const { cells } = await run(grounds, grounds.desired());
  expect(states(cells)).toEqual({
    guarded: 3 * regions.length,
    'not-guarded aws.AccessDeniedException': regions.length,
  });
  expect(cells.find(({ code }) => code)?.remedy).toMatch(/service control policy/);
});

test('a region that hangs is given up and unknown, and the others are guarded', async () => {
  // Sooner than in earnest, but later than a busy machine takes.
  await withDetectors(2, 1_500);
  const region = regions[0] as string;
  const desired = grounds.desired();
  await run(grounds, { ...desired, regions: regions.slice(1) });
  grounds.sandbox.faults.add({ service: 'guardduty', region, kind: 'hang' });
  const options = { concurrency: 16, outOfReach: new Map<string, string>(), host: { emit: () => undefined } };
  const observed = await observe(desired, grounds.sessions, options);
  const cells = coverage(desired, plan(desired, observed, options.outOfReach));
  expect(states(cells)).toEqual({ guarded: 3, 'unknown aws.TimeoutError': 3 });
});

test('an acceptance that is refused is named with its operation, and made up for by the next run', async () => {
  const { memberIds } = await withDetectors(2);
  const [leaving] = memberIds as [string];
  const code = 'BadRequestException';
  grounds.sandbox.faults.add({
    service: 'guardduty',
    account: leaving,
    operation: 'AcceptAdministratorInvitation',
    kind: 'error',
    code,
    status: 400,
    count: 1,
  });
  const { outcome } = await run(grounds, grounds.desired());
  expect(outcome.failed).toMatchObject([
    {
      accountId: leaving,
      error: { code: 'aws.BadRequestException', place: { operation: 'guardduty:AcceptAdministratorInvitation' } },
    },
  ]);
  expect(states((await run(grounds, grounds.desired())).cells)).toEqual({ guarded: 3 * regions.length });
});

test('a region of the administrator that cannot be read is unknown, and the others are guarded', async () => {
  await withDetectors(2);
  await run(grounds, grounds.desired());
  const region = regions[0] as string;
  grounds.sandbox.faults.add({
    service: 'guardduty',
    region,
    kind: 'error',
    code: 'AccessDeniedException',
    status: 403,
  });
  const { cells } = await run(grounds, grounds.desired());
  expect(states(cells)).toEqual({ guarded: 3, 'unknown aws.AccessDeniedException': 3 });
});
