import { readFileSync, writeFileSync } from 'node:fs';
import { GuardDutyClient, ListDetectorsCommand, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { templateFailures } from '../../scripts/rollout/predictions';
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

  test('says where it could not look and why, whatever an earlier look has found', async () => {
    const role = 'AWSCloudFormationStackSetExecutionRoleForSecurity';
    organization.sandbox.withheld.add({ role, sid: 'StackReads', accounts: [securityId] });
    const { code, stdout } = await organization.garrison('security', 'verify', '--drift');
    organization.sandbox.withheld.clear();
    expect(code).toBe(2);
    expect(stdout).toMatch(
      new RegExp(`unknown +${securityId} us-east-1 .*not authorized to perform: cloudformation:BatchDescribeType`),
    );
    expect(stdout).not.toContain('unknown  100000000011');
  });
});

// All statements, one by one: bench/leastPrivilege.ts.
test.each([
  ['GarrisonOperator', 'FindDetectors'],
  ['GarrisonOperator', 'Stacks'],
])('%s without its statement %s: plan says what is missing', async (role, sid) => {
  organization.sandbox.withheld.add({ role, sid });
  const { stdout, stderr } = await organization.garrison('security', 'plan');
  organization.sandbox.withheld.clear();
  expect(`${stdout}${stderr}`).toMatch(
    new RegExp(`arn:aws:sts::${securityId}:assumed-role/${role}/\\S+ is not authorized to perform: \\w+:\\w+`),
  );
});

test('what IAM would refuse is found in the templates', () => {
  const Service = Array.from(
    { length: 50 },
    (_, index) => `cloudformation.a-very-distant-region-${index}.amazonaws.com`,
  );
  const template = {
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service } }] } },
      },
    },
  };
  const stack = {
    id: 'garrison-x',
    stackName: 'garrison-x',
    templateBody: JSON.stringify(template),
    template,
    assets: [],
    tags: {},
  };
  expect(templateFailures([stack])).toEqual([
    expect.objectContaining({ code: 'quota.exceeded', message: expect.stringMatching(/trust policy of Role.*2,048/) }),
  ]);
});

describe('an account that is no longer in accounts.csv', () => {
  const gone = '100000000012';
  const accountsFile = () => organization.files[3] as string;

  beforeAll(() => {
    const text = readFileSync(accountsFile(), 'utf8');
    writeFileSync(accountsFile(), text.replace(new RegExp(`^${gone}.*\n`, 'm'), ''));
  });

  test('plan names first what would be deleted', async () => {
    const { code, stdout } = await organization.garrison('security', 'plan');
    expect(code).toBe(2);
    expect(stdout.split('\n')[0]).toMatch(/delete +garrison-\S+: \d instances? in 1 account/);
    expect(stdout).toMatch(/delete +garrison-detectors: 2 instances in 1 account: GuardDuty is switched off there/);
  });

  test('apply deletes nothing unasked, and everything of it with --yes', async () => {
    organization.sandbox.clearCalls();
    const refused = await organization.garrison('security', 'apply');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('run the command again with --yes') });
    expect(refused.stderr).toMatch(new RegExp(`${gone} +eu-west-1`));
    expect(organization.sandbox.calls().filter(({ operation }) => /^(Delete|Disassociate)/.test(operation))).toEqual(
      [],
    );

    const applied = await organization.garrison('security', 'apply', '--yes');
    expect({ code: applied.code, stderr: applied.stderr }).toMatchObject({ code: 0 });
    const client = await guardDuty(gone, 'eu-west-1');
    expect((await client.send(new ListDetectorsCommand({}))).DetectorIds).toEqual([]);
    expect(await organization.garrison('security', 'verify')).toMatchObject({ code: 0 });
  });
});
