import { appendFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'];
const members = 30;
let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(members, regions);
  const config = organization.files[1] as string;
  writeFileSync(join(dirname(config), 'offices.txt'), '192.0.2.0/24\n');
  appendFileSync(config, settings);
  await organization.garrison('management', 'bootstrap');
  await organization.garrison('security', 'apply');
});

afterAll(() => organization.sandbox.close());

const settings = `guardduty:
  plans: { S3_DATA_EVENTS: ENABLED }
  filters: [{ name: known-scanner, criteria: { severity: { lessThan: 4 } } }]
  trustedIpLists: [{ name: offices, file: offices.txt }]
  publishingDestinations: [{ create: true }]
`;

/** Issue 4, "Speed and calls": what a run that has nothing to do may ask, with three settings a region. */
function bound(accounts: number): number {
  const perRegion = 4 + 2 * Math.ceil(accounts / 50) + 3;
  return regions.length * perRegion + Math.ceil((accounts * regions.length) / 100) + Math.ceil(accounts / 20) + 20;
}

test.each(['apply', 'plan', 'verify'])(
  '%s with nothing to do stays within the calls that it may make',
  async (command) => {
    organization.sandbox.clearCalls();
    const { code, stdout } = await organization.garrison('security', command, '--json');
    expect({ code, stdout }).toMatchObject({ code: 0 });
    const calls = organization.sandbox.calls();
    const made = calls.reduce((sum, { count }) => sum + count, 0);
    const told = calls.map(
      ({ service, operation, region, account, count }) => `${count} ${service}:${operation} ${region} ${account}`,
    );
    expect({ made, told, fits: made <= bound(members) }).toMatchObject({ fits: true });
    // The history of each stack set proves that its instances stand: nobody lists them.
    expect(told.filter((line) => line.includes('ListStackInstances'))).toEqual([]);
    expect(calls.filter(({ account }) => account !== '100000000002' && account !== '100000000001')).toEqual([]);
  },
);

test('removal leaves the findings that were exported, unless told otherwise', async () => {
  const remove = (...more: string[]) => organization.garrison('security', 'remove', '--yes', ...more);
  const refused = await remove('--keep-guardduty', '--delete-findings');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('exclude each other') });
  const kept = await remove();
  expect(kept).toMatchObject({ code: 0, stderr: expect.stringContaining('stays    stack garrison-findings') });
  const gone = await remove('--delete-findings');
  expect(gone).toMatchObject({ code: 0, stderr: expect.stringContaining('destroy  stack garrison-findings') });
  expect((await remove('--delete-findings')).stdout).toContain('Nothing is left');
});
