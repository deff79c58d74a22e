import { appendFileSync } from 'node:fs';
import { verifySchema } from '../../scripts/verify/schema';
import { startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1'];
let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(2, regions);
});

afterAll(() => organization.sandbox.close());

test('bootstrap, apply and verify guard every cell, and a second apply changes nothing', async () => {
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
  const planned = await organization.garrison('security', 'plan', '--json');
  expect(planned.code).toBe(2);
  expect(await organization.garrison('security', 'apply', '--json')).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining('error'),
  });
  const verified = await organization.garrison('security', 'verify', '--json');
  expect(verifySchema.parse(JSON.parse(verified.stdout))).toMatchObject({ ok: true, summary: '8 of 8 cells guarded' });
  expect(verified.code).toBe(0);

  organization.sandbox.clearCalls();
  const again = await organization.garrison('security', 'apply', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, changed: false });
  expect(
    organization.sandbox
      .calls()
      .filter(({ operation }) => /^(Create|Update|Delete|Invite|Accept|Put|Execute)/.test(operation)),
  ).toEqual([]);
});

// Through the organization GuardDuty enrols an account by its own role, which service control policies leave alone.
describe.each([
  { route: 'auto', open: [] },
  { route: 'invitation', open: regions.map((region) => `100000000011 ${region} not-guarded`) },
])('with one account denied by a policy, one region not opted in and one account suspended, route $route', (given) => {
  const [denied, closed, suspended] = ['100000000011', '100000000012', '100000000013'] as const;
  let troubled: TestOrganization;

  beforeAll(async () => {
    troubled = await startOrganization(3, regions, { optedOut: { [closed]: ['eu-west-1'] }, suspended: [suspended] });
    appendFileSync(troubled.files[1] as string, `guardduty: {route: ${given.route}}\n`);
    await troubled.garrison('management', 'bootstrap');
    await troubled.denyByServiceControlPolicy(denied, ['guardduty:*']);
  });

  afterAll(() => troubled.sandbox.close());

  test('apply guards everything else, says precisely why those cells are not, and exits with 1', async () => {
    const applied = await troubled.garrison('security', 'apply', '--json');
    expect(applied.code).toBe(1);
    const { errors } = JSON.parse(applied.stdout) as {
      errors: { accountId: string; region: string; message: string }[];
    };
    expect(new Set(errors.map(({ accountId }) => accountId))).toEqual(new Set([denied]));
    expect(new Set(errors.map(({ region }) => region))).toEqual(new Set(regions));
    for (const { message } of errors) {
      expect(message).toMatch(/service control policy/);
    }
    const verified = await troubled.garrison('security', 'verify', '--json');
    expect(verified.code).toBe(2);
    const { cells } = verifySchema.parse(JSON.parse(verified.stdout)) as {
      cells: { accountId: string; region: string; state: string; reason?: string }[];
    };
    const open = cells.filter(({ state }) => state !== 'guarded');
    expect(open.map(({ accountId, region, state }) => `${accountId} ${region} ${state}`).sort()).toEqual(
      [
        ...given.open,
        `${closed} eu-west-1 out-of-reach`,
        `${suspended} eu-west-1 out-of-reach`,
        `${suspended} us-east-1 out-of-reach`,
      ].sort(),
    );
    expect(open.find(({ accountId }) => accountId === closed)?.reason).toMatch(/region is not enabled/);
    expect(open.find(({ accountId }) => accountId === suspended)?.reason).toMatch(/suspended/);
  });

  test('once the policy is gone, apply does what is left, and only that', async () => {
    await troubled.allowAgain();
    troubled.sandbox.clearCalls();
    const applied = await troubled.garrison('security', 'apply', '--json');
    expect({ code: applied.code, stderr: applied.stderr }).toMatchObject({ code: 0 });
    const created = troubled.sandbox.calls().filter(({ operation }) => operation === 'CreateDetector');
    expect(created.every(({ account }) => account === denied)).toBe(true);
    expect((await troubled.garrison('security', 'verify')).code).toBe(0);
  });
});
