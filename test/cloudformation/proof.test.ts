import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { CellOutcome } from '../../cloudformation';
import { asAdministrator, resolved } from '../roles/plant';
import { rolesOf, type Statement } from '../stacks/templates';
import { security, TestOrganization } from './organization';

const member = '100000000003';
const roleName = 'AWSCloudFormationStackSetExecutionRoleForSecurity';
/** Drift detection's reads, and roles that GuardDuty makes once in the life of an account: test/roles proves these. */
const notExercised = new Set(['StackReads', 'ServiceLinkedRoles']);

let organization: TestOrganization;

beforeAll(async () => {
  organization = await TestOrganization.start({ regions: ['us-east-1'] });
  await organization.bootstrap();
  await organization.securityStack();
});
afterAll(() => organization.close());

const accounts = { security, member };
const policies = () =>
  Object.entries(accounts).map(([kind, accountId]) => ({ accountId, statements: statementsOf(kind, accountId) }));
const proven = () => [...new Set(policies().flatMap(({ statements }) => statements.map(({ Sid = '' }) => Sid)))];

test('the rollout fails without any statement of the execution role, there only, and names what is missing', async () => {
  const sids = proven().filter((sid) => !notExercised.has(sid));
  expect(sids).toEqual([
    'StackInstances',
    'CreateDetectors',
    'Detectors',
    'EventRules',
    'PassEventsRole',
    'MemberRole',
  ]);
  for (const sid of sids) {
    const holders = policies().filter(({ statements }) => statements.some(({ Sid }) => Sid === sid));
    await Promise.all(
      holders.map(({ accountId, statements }) =>
        putPolicy(
          accountId,
          statements.filter(({ Sid }) => Sid !== sid),
        ),
      ),
    );
    const failed = (await rollOutAndBack()).filter(({ outcome }) => outcome === 'failed');
    const actions = holders
      .flatMap(({ statements }) => statements.filter(({ Sid }) => Sid === sid))
      .flatMap(({ Action }) => Action);
    const named = failed.filter(({ reason }) => actions.some((action) => reason?.includes(`to perform: ${action} `)));
    expect([sid, accountsOf(failed), accountsOf(named)]).toEqual([sid, accountsOf(holders), accountsOf(holders)]);
    await Promise.all(holders.map(({ accountId, statements }) => putPolicy(accountId, statements)));
    expect((await rollBack()).filter(({ outcome }) => outcome !== 'done')).toEqual([]);
  }
});

function accountsOf(places: readonly { readonly accountId: string }[]): string[] {
  return [...new Set(places.map(({ accountId }) => accountId))].sort();
}

/** Creates every instance and deletes it again: the outcomes of both. */
async function rollOutAndBack(): Promise<CellOutcome[]> {
  return [...(await organization.instances()), ...(await rollBack())];
}

/** Deletes what stands; a second time, what a failed deletion left. */
function rollBack(): Promise<CellOutcome[]> {
  const none = { cells: [] };
  return organization.instances({ memberRoles: none, detectors: none, eventRules: none });
}

function statementsOf(kind: string, accountId: string): Statement[] {
  const stack = organization.assembly.find(({ id }) => id === `garrison-execution-${kind}`);
  const role = rolesOf(JSON.parse(stack?.templateBody ?? '{}')).get(roleName);
  const policies = resolved(role?.Policies, accountId) as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap((policy) => policy.PolicyDocument.Statement);
}

async function putPolicy(accountId: string, Statement: readonly Statement[]): Promise<void> {
  const iam = new IAMClient(await asAdministrator(organization.sandbox, accountId));
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: roleName, PolicyName: 'StackSets', PolicyDocument }));
}
