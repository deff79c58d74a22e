import {
  CloudFormationClient,
  DeleteStackCommand,
  ListStackSetsCommand,
  ListStacksCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { GuardDutyClient, ListDetectorsCommand, ListMembersCommand } from '@aws-sdk/client-guardduty';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { asAdministrator } from '../roles/plant';
import { managementId, securityId, startOrganization, type TestOrganization } from '../support/localOrganization';

const regions = ['us-east-1', 'eu-west-1'];
const member = '100000000011';
let organization: TestOrganization;

beforeEach(async () => {
  organization = await startOrganization(1, regions);
  await organization.garrison('management', 'bootstrap');
  await organization.garrison('security', 'apply');
}, 30_000);

afterEach(() => organization.sandbox.close());

const as = async (accountId: string, region = 'us-east-1') => ({
  ...(await asAdministrator(organization.sandbox, accountId)),
  region,
});

async function detectorsIn(accountId: string, region: string): Promise<number> {
  const { DetectorIds = [] } = await new GuardDutyClient(await as(accountId, region)).send(
    new ListDetectorsCommand({}),
  );
  return DetectorIds.length;
}

async function stacksIn(accountId: string): Promise<string[]> {
  const client = new CloudFormationClient(await as(accountId));
  const { StackSummaries = [] } = await client.send(new ListStacksCommand({}));
  return StackSummaries.flatMap(({ StackName = '', StackStatus }) =>
    StackStatus === 'DELETE_COMPLETE' ? [] : [StackName],
  );
}

test('without a terminal it says what would be destroyed, and refuses; with --yes it takes out everything', async () => {
  organization.sandbox.clearCalls();
  const refused = await organization.garrison('security', 'remove');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/garrison-detectors: 6 instances in 3 accounts: GuardDuty is switched off there/);
  expect(refused.stderr).toMatch(/GuardDuty members: 4 cells report here no more/);
  expect(refused.stderr).toMatch(/--yes/);
  const changes = () =>
    organization.sandbox.calls().filter(({ operation }) => /^(Delete|Disassociate|Update|Put|Remove)/.test(operation));
  expect(changes()).toEqual([]);

  const tooEarly = await organization.garrison('management', 'remove', '--yes');
  expect(tooEarly).toMatchObject({ code: 1, stderr: expect.stringContaining('credentials of the security account') });

  await organization.denyByServiceControlPolicy(member, ['guardduty:DeleteDetector']);
  const halted = await organization.garrison('security', 'remove', '--yes', '--json');
  expect(halted.code).toBe(1);
  expect(JSON.parse(halted.stdout)).toMatchObject({ errors: regions.map(() => ({ accountId: member })) });
  expect(await stacksIn(securityId)).toContain('garrison-security');
  await organization.allowAgain();
  expect(await organization.garrison('security', 'remove', '--yes')).toMatchObject({ code: 0 });
  expect(await detectorsIn(member, 'eu-west-1')).toBe(0);
  expect(await detectorsIn(securityId, 'eu-west-1')).toBe(0);
  const { Summaries } = await new CloudFormationClient(await as(securityId)).send(
    new ListStackSetsCommand({ Status: 'ACTIVE' }),
  );
  expect(Summaries).toEqual([]);
  expect(await stacksIn(securityId)).toEqual(expect.not.arrayContaining(['garrison-security']));

  organization.sandbox.clearCalls();
  expect(await organization.garrison('security', 'remove', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing is left'),
  });
  expect(changes()).toEqual([]);

  expect(await organization.garrison('management', 'remove', '--yes')).toMatchObject({ code: 0 });
  for (const accountId of organization.accountIds) {
    expect(await stacksIn(accountId)).toEqual([]);
    const { Roles = [] } = await new IAMClient(await as(accountId)).send(new ListRolesCommand({}));
    expect(Roles.filter(({ RoleName = '' }) => /^(Garrison|AWSCloudFormationStackSet)/.test(RoleName))).toEqual([]);
  }
  expect((await new S3Client(await as(securityId)).send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  for (const account of ['management', 'security'] as const) {
    expect(await organization.garrison(account, 'remove', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing is left'),
    });
  }
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
});

test('after a deletion by other means that stopped half-way, it is said what to do, and that works', async () => {
  const client = new CloudFormationClient(await as(securityId));
  await client.send(new DeleteStackCommand({ StackName: 'garrison-security' }));
  await waitUntilStackDeleteComplete(
    { client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.2 },
    { StackName: 'garrison-security' },
  ).catch(() => undefined);
  expect(await stacksIn(securityId)).toContain('garrison-security');
  const applied = await organization.garrison('security', 'apply');
  expect(applied).toMatchObject({ code: 1, stderr: expect.stringContaining('garrison remove') });
  expect(await organization.garrison('security', 'remove', '--yes')).toMatchObject({ code: 0 });
  expect(await stacksIn(securityId)).not.toContain('garrison-security');
});

test('--keep-guardduty leaves detectors on and members enabled', async () => {
  expect(await organization.garrison('security', 'remove', '--yes', '--keep-guardduty')).toMatchObject({ code: 0 });
  expect(await detectorsIn(member, 'eu-west-1')).toBe(1);
  const client = new GuardDutyClient(await as(securityId, 'eu-west-1'));
  const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
  const { Members = [] } = await client.send(new ListMembersCommand({ DetectorId }));
  expect(Members.map(({ AccountId, RelationshipStatus }) => [AccountId, RelationshipStatus])).toEqual(
    expect.arrayContaining([
      [managementId, 'Enabled'],
      [member, 'Enabled'],
    ]),
  );
});

test('over a line that loses calls and answers, all of it goes, and the roles come again, in single runs', async () => {
  const { faults } = organization.sandbox;
  faults.add({ service: '*', probability: 0.08, kind: 'drop', after: true });
  faults.add({ service: '*', probability: 0.04, kind: 'drop' });
  faults.add({ service: '*', probability: 0.04, kind: 'status', status: 503 });
  const runs = [
    ['security', 'remove', '--yes'],
    ['management', 'remove', '--yes'],
    ['management', 'bootstrap'],
  ] as const;
  for (const [account, ...argv] of runs) {
    expect({ argv, ...(await organization.garrison(account, ...argv)) }).toMatchObject({
      argv,
      code: 0,
      stderr: expect.not.stringMatching(/^error/m),
    });
  }
  faults.clear();
  expect(await organization.garrison('management', 'bootstrap', '--plan')).toMatchObject({ code: 0 });
});
