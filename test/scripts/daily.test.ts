import { readFileSync, writeFileSync } from 'node:fs';
import { CreateSampleFindingsCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1'];
const second = '100000000012';
let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(2, regions);
  await organization.garrison('management', 'bootstrap');
  await organization.garrison('security', 'apply');
});

afterAll(() => organization.sandbox.close());

const accountsFile = () => organization.files[3] as string;
const json = (text: string) => JSON.parse(text);

describe('findings', () => {
  test('are listed from all regions, the gravest first, as the filters ask', async () => {
    await sample(regions[0] as string, ['Recon:EC2/PortProbeUnprotectedPort']);
    await sample(regions[1] as string, ['UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS']);
    const all = await organization.garrison('security', 'findings', '--json');
    expect({ code: all.code, ...json(all.stdout) }).toMatchObject({
      code: 0,
      ok: true,
      findings: [{ region: regions[1], severity: 8 }, { region: regions[0] }],
    });
    const high = await organization.garrison('security', 'findings', '--severity', 'High', '--json');
    expect(json(high.stdout).findings).toHaveLength(1);
    const table = await organization.garrison('security', 'findings', '--region', regions[0] as string);
    expect(table.stdout).toMatch(/Low 2 .* us-east-1 .* Recon:EC2\/PortProbeUnprotectedPort \(sample\)/);
    expect(table.stdout).not.toContain('Exfiltration');
  });

  test.each([
    ['--severity', 'Worst'],
    ['--account', '999999999999'],
    ['--region', 'eu-north-1'],
    ['--limit', '0'],
    ['--since', 'yesteryear'],
  ])('%s %s is refused with a reason', async (option, value) => {
    const { code, stderr } = await organization.garrison('security', 'findings', option, value);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`${option} ${value}`) });
  });
});

describe('accounts sync', () => {
  test('a file that is as the organization is leaves nothing to do', async () => {
    const { code, stdout } = await organization.garrison('security', 'accounts', 'sync', '--json');
    expect({ code, ...json(stdout) }).toEqual({
      code: 0,
      ok: true,
      written: false,
      changes: [],
      outside: [],
      diff: [],
    });
  });

  test('differences are shown, and written only when asked to, as either account', async () => {
    const before = readFileSync(accountsFile(), 'utf8');
    const old = before
      .replace(/.*100000000012.*\n/, '')
      .replace(/$(?<!^)(?=\n)/gm, ',Workloads')
      .replace('name,Workloads', 'name,ou');
    writeFileSync(accountsFile(), old);
    const shown = await organization.garrison('management', 'accounts', 'sync');
    expect(shown.code).toBe(2);
    expect(shown.stdout).toContain(`+${second},aws+${second}@example.com,account-12,Workloads`);
    expect(readFileSync(accountsFile(), 'utf8')).toBe(old);

    const written = await organization.garrison('security', 'accounts', 'sync', '--write', '--json');
    expect({ code: written.code, ...json(written.stdout) }).toMatchObject({ code: 0, ok: true, written: true });
    expect(readFileSync(accountsFile(), 'utf8')).toContain(`${second},aws+${second}@example.com,account-12,Workloads`);
    expect((await organization.garrison('security', 'accounts', 'sync')).code).toBe(0);
    writeFileSync(accountsFile(), before);
  });
});

async function sample(region: string, FindingTypes: string[]): Promise<void> {
  const { endpoint, security: credentials } = organization.sandbox;
  const client = new GuardDutyClient({ region, endpoint, credentials });
  const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
  await client.send(new CreateSampleFindingsCommand({ DetectorId, FindingTypes }));
}
