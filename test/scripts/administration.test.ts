import { GuardDutyClient, ListDetectorsCommand, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { asAdministrator } from '../roles/plant';
import { securityId, startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1'];
let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(2, regions);
  await organization.garrison('management', 'bootstrap');
  await organization.garrison('security', 'apply');
}, 30_000);

afterAll(() => organization.sandbox.close());

async function guardDuty(accountId: string, region: string) {
  return new GuardDutyClient({ ...(await asAdministrator(organization.sandbox, accountId)), region });
}

describe('verify --drift', () => {
  test('says that nothing was changed by hand', async () => {
    expect(await organization.garrison('security', 'verify', '--drift')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing was changed by hand'),
    });
  });

  test('names account, region, resource and property of what was', async () => {
    const client = await guardDuty(securityId, 'eu-west-1');
    const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
    const set = (Enable: boolean) => client.send(new UpdateDetectorCommand({ DetectorId, Enable }));
    await set(false);
    const { code, stdout } = await organization.garrison('security', 'verify', '--drift', '--json');
    expect(code).toBe(2);
    const { drift } = JSON.parse(stdout) as { drift: { drifted: unknown[] }[] };
    expect(drift.flatMap(({ drifted }) => drifted)).toEqual([
      expect.objectContaining({
        accountId: securityId,
        region: 'eu-west-1',
        type: 'AWS::GuardDuty::Detector',
        properties: [{ path: '/Enable', expected: 'true', actual: 'false' }],
      }),
    ]);
    await set(true);
  });
});
