import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { GuardDutyClient, ListDetectorsCommand, ListOrganizationAdminAccountsCommand } from '@aws-sdk/client-guardduty';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { ListDelegatedAdministratorsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { asAdministrator } from '../roles/plant';
import { managementId, securityId, startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1'];
const [denied, leaver] = ['100000000011', '100000000012'] as const;
let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(2, regions);
  appendFileSync(
    organization.files[1] as string,
    'bootstrap: {method: organization}\nguardduty: {route: organization}\noperations: {removedAccounts: retain}\n',
  );
});
afterAll(() => organization.sandbox.close());

const as = async (accountId: string, region = 'us-east-1') => ({
  ...(await asAdministrator(organization.sandbox, accountId)),
  region,
});

async function hasRole(accountId: string): Promise<boolean> {
  const iam = new IAMClient(await as(accountId));
  return iam.send(new GetRoleCommand({ RoleName: 'AWSCloudFormationStackSetExecutionRoleForSecurity' })).then(
    () => true,
    () => false,
  );
}

test('an account in which the organization’s stack set failed is named, and tried again once the cause is gone', async () => {
  await organization.denyByServiceControlPolicy(denied, ['iam:CreateRole']);
  const failed = await organization.garrison('management', 'bootstrap', '--json');
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({ errors: [{ accountId: denied }] });
  expect(await Promise.all([denied, leaver].map(hasRole))).toEqual([false, true]);
  await organization.allowAgain();
  const mended = await organization.garrison('management', 'bootstrap', '--json');
  expect(mended.code).toBe(0);
  expect(await hasRole(denied)).toBe(true);
});

test('an account that left accounts.csv is let go of where the configuration says so: its detectors stay', async () => {
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
  const file = organization.files[3] as string;
  const rows = readFileSync(file, 'utf8');
  writeFileSync(file, rows.replace(new RegExp(`^${leaver}.*\n`, 'm'), ''));
  const planned = await organization.garrison('security', 'plan');
  expect(planned.stdout).toContain('let go of, and what they made stays');
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
  for (const region of regions) {
    const { DetectorIds } = await new GuardDutyClient(await as(leaver, region)).send(new ListDetectorsCommand({}));
    expect(DetectorIds).toHaveLength(1);
  }
  expect(await organization.garrison('security', 'plan')).toMatchObject({ code: 0 });
  writeFileSync(file, rows);
  const back = await organization.garrison('security', 'apply');
  expect(back).toMatchObject({ code: 1, stderr: expect.stringContaining('a stack that was let go of') });
  writeFileSync(file, rows.replace(new RegExp(`^${leaver}.*\n`, 'm'), ''));
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
});

test('at a terminal only yes removes anything, and members that nobody lists hold the administrator’s detector', async () => {
  const declined = await organization.garrisonAtTerminal('no', 'security', 'remove');
  expect(declined).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was changed') });
  expect(await organization.garrison('security', 'plan')).toMatchObject({ code: 0 });
  const held = await organization.garrisonAtTerminal('yes', 'security', 'remove');
  expect(held).toMatchObject({ code: 1, stderr: expect.stringContaining('give them a row there') });
  const file = organization.files[3] as string;
  writeFileSync(file, `${readFileSync(file, 'utf8')}${leaver},aws+${leaver}@example.com,back\n`);
  const gone = await organization.garrisonAtTerminal('yes', 'security', 'remove');
  // What GuardDuty has not let go of yet is named, and the same command goes on from there.
  const left = gone.code === 0 ? gone : await organization.garrison('security', 'remove', '--yes');
  expect({ code: left.code, first: gone.stderr, stderr: left.stderr }).toMatchObject({ code: 0 });
});

test('what the organization was told goes with the roles: both delegations, and the stack set of the organization', async () => {
  const asked = await organization.garrison('management', 'remove');
  expect(asked.code).toBe(1);
  expect(asked.stderr).toContain("GuardDuty's delegated administrator in us-east-1 eu-west-1");
  expect(await organization.garrison('management', 'remove', '--yes')).toMatchObject({ code: 0 });
  for (const region of regions) {
    const client = new GuardDutyClient(await as(managementId, region));
    const { AdminAccounts } = await client.send(new ListOrganizationAdminAccountsCommand({}));
    expect(AdminAccounts).toEqual([]);
  }
  const client = new OrganizationsClient(await as(managementId));
  const { DelegatedAdministrators } = await client.send(new ListDelegatedAdministratorsCommand({}));
  expect(DelegatedAdministrators).toEqual([]);
  expect(await Promise.all([denied, leaver, securityId].map(hasRole))).toEqual([false, false, false]);
  expect(await organization.garrison('management', 'remove', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing is left'),
  });
});
