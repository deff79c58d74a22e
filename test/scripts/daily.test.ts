import { readFileSync, writeFileSync } from 'node:fs';
import { CreateSampleFindingsCommand, GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import { startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1'];
const second = '100000000012';
let organization: TestOrganization;

beforeAll(async () => {
  organization = await startOrganization(2, regions);
  // Many drills in a minute would otherwise be told together, at its end.
  const config = organization.files[1] as string;
  const text = readFileSync(config, 'utf8');
  writeFileSync(config, text.replace('notifier: {', 'notifier: {digest: {threshold: 0}, '));
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

describe('onboard and offboard', () => {
  const newcomer = '100000000012';

  test('offboarding needs a yes, takes everything of the account away, and a second run finds nothing', async () => {
    const refused = await organization.garrison('security', 'offboard', newcomer);
    expect({ code: refused.code, stderr: refused.stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('GuardDuty is switched off there'),
    });
    const gone = await organization.garrison('security', 'offboard', newcomer, '--yes', '--remove-row', '--json');
    expect({ code: gone.code, ...json(gone.stdout) }).toMatchObject({
      code: 0,
      ok: true,
      changed: true,
      members: { removed: 2 },
      stackSets: expect.arrayContaining([
        { stackSet: 'garrison-detectors', removed: 2 },
        { stackSet: 'garrison-member-roles', removed: 1 },
      ]),
      rows: { removed: [newcomer] },
    });
    expect(readFileSync(accountsFile(), 'utf8')).not.toContain(newcomer);
    const again = await organization.garrisonWith(`${newcomer}\n`, 'security', 'offboard', '-', '--json');
    expect({ code: again.code, ...json(again.stdout) }).toMatchObject({ code: 0, ok: true, changed: false });
    expect((await organization.garrison('security', 'verify')).code).toBe(0);
  });

  test('onboarding adds the row, guards the account and touches no other, and a second run changes nothing', async () => {
    organization.sandbox.clearCalls();
    const first = await organization.garrisonWith(`# new\n${newcomer}\n`, 'security', 'onboard', '-', '--json');
    expect({ code: first.code, ...json(first.stdout) }).toMatchObject({
      code: 0,
      ok: true,
      changed: true,
      added: [newcomer],
      coverage: '2 of 2 cells guarded',
    });
    const changes = organization.sandbox.calls().filter(({ operation }) => /^(Create|Accept)/.test(operation));
    const elsewhere = changes.filter(({ account }) => account !== newcomer && account !== '100000000002');
    expect(elsewhere).toEqual([]);
    const again = await organization.garrison('security', 'onboard', newcomer, '--json');
    expect({ code: again.code, ...json(again.stdout) }).toMatchObject({ code: 0, changed: false, added: [] });
    expect((await organization.garrison('security', 'verify')).code).toBe(0);
  });

  test('with --keep-detectors GuardDuty stays on', async () => {
    const gone = await organization.garrison('security', 'offboard', newcomer, '--yes', '--keep-detectors');
    expect(gone).toMatchObject({ code: 0, stdout: expect.stringContaining('--remove-row') });
    const detectors = organization.sandbox.calls().filter(({ operation }) => operation === 'DeleteDetector');
    expect(detectors).toEqual([]);
    const back = await organization.garrison('security', 'onboard', newcomer, '--json');
    expect({ code: back.code, ...json(back.stdout) }).toMatchObject({ code: 0, coverage: '2 of 2 cells guarded' });
  });

  test.each([
    ['onboard', '12345', 'is no account id'],
    ['onboard', '999999999999', 'neither in'],
    ['offboard', '100000000002', 'is the security account'],
  ])('%s %s is refused with a reason', async (command, id, reason) => {
    const { code, stderr } = await organization.garrison(
      'security',
      command,
      id,
      ...(command === 'offboard' ? ['--yes'] : []),
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(reason) });
  });
});

describe('drill', () => {
  beforeAll(async () => {
    const early = await organization.garrison('security', 'drill');
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('garrison secret set slack') });
    const webhook = `${organization.sandbox.endpoint}/_slack/services/T0GARRISON/B0GARRISON/local`;
    expect(await organization.garrisonWith(webhook, 'security', 'secret', 'set')).toMatchObject({ code: 0 });
  });

  test('with --all-cells there is a proof for each account and region', async () => {
    const { code, stdout } = await organization.garrison(
      'security',
      ...['drill', '--all-cells', '--timeout', '30', '--json'],
    );
    const { ok, findings } = json(stdout) as { ok: boolean; findings: { accountId: string; region: string }[] };
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    const cells = organization.accountIds.flatMap((id) => regions.map((region) => `${id} ${region}`));
    expect(findings.map(({ accountId, region }) => `${accountId} ${region}`).sort()).toEqual(cells.sort());
  });

  test('by default one sample in a member account is announced', async () => {
    const { code, stdout } = await organization.garrison('security', 'drill', '--timeout', '20', '--json');
    expect({ code, ...json(stdout) }).toMatchObject({
      code: 0,
      findings: [{ accountId: '100000000011', region: 'us-east-1' }],
    });
  });

  test('several types in one account, and proof for each with the time that it took', async () => {
    const types = ['--type', 'UnauthorizedAccess:EC2/TorClient', 'Backdoor:EC2/C&CActivity.B'];
    const some = ['drill', '--account', '100000000012', '--region', 'eu-west-1', ...types, '--timeout', '60'];
    const { code, stdout } = await organization.garrison('security', ...some);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^100000000012 eu-west-1 UnauthorizedAccess:EC2\/TorClient: announced after [0-9.]+ s/m);
    expect(stdout).toMatch(/^2 of 2 announced, half of them within/m);
  });

  test('a drill that is repeated at once waits for an announcement of its own', async () => {
    const announced = async () => {
      const { stdout } = await organization.garrison('security', 'drill', '--timeout', '20', '--json');
      return json(stdout).findings[0] as { findingId: string; announcedAt: string; announcedBefore?: string };
    };
    const [first, again] = [await announced(), await announced()];
    expect(again.announcedAt).not.toBe(first.announcedAt);
    expect(again.findingId === first.findingId ? again.announcedBefore : first.announcedAt).toBe(first.announcedAt);
  });

  test('an account that is not listed is refused', async () => {
    const { code, stderr } = await organization.garrison('security', 'drill', '--account', '100000000013');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is not in accounts.csv') });
  });
});

async function sample(region: string, FindingTypes: string[]): Promise<void> {
  const { endpoint, security: credentials } = organization.sandbox;
  const client = new GuardDutyClient({ region, endpoint, credentials });
  const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
  await client.send(new CreateSampleFindingsCommand({ DetectorId, FindingTypes }));
}
