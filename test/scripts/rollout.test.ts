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
  expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, summary: '8 of 8 cells guarded' });
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
