import { appendFileSync } from 'node:fs';
import { managementId, startOrganization, type TestOrganization } from '../support/localOrganization';

let organization: TestOrganization;

afterEach(() => organization.sandbox.close());

async function rollOut(route: string): Promise<void> {
  organization = await startOrganization(1, ['us-east-1']);
  appendFileSync(organization.files[1] as string, `guardduty: {route: ${route}}\n`);
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
  expect(await organization.garrison('security', 'verify')).toMatchObject({ code: 0 });
}

const callsOf = (operation: string) =>
  organization.sandbox.calls().filter((call) => call.service === 'guardduty' && call.operation === operation);

test.each(['auto', 'organization'])(
  'with the route %s the management account delegates, as GarrisonMember, and nobody is invited',
  async (route) => {
    await rollOut(route);
    expect(callsOf('EnableOrganizationAdminAccount')).toMatchObject([{ account: managementId, count: 1 }]);
    expect(callsOf('InviteMembers')).toEqual([]);
  },
);

test('with the route invitation nothing is asked of the organization', async () => {
  await rollOut('invitation');
  expect(callsOf('EnableOrganizationAdminAccount')).toEqual([]);
  expect(callsOf('InviteMembers')).toHaveLength(1);
});
