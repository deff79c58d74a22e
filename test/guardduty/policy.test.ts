import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DetachPolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { observe, plan } from '../../guardduty';
import { administratorId, type Grounds, managementId, openGrounds, regions, run, states } from './organization';

let grounds: Grounds;
let PolicyId: string;

const status = (value: string) => ({ status: { '@@assign': value } });

async function organizations() {
  return grounds.sessions.member(managementId).client(OrganizationsClient, 'us-east-1');
}

async function policy(name: string, block: object): Promise<string> {
  const client = await organizations();
  const Content = JSON.stringify({ guardduty: { enablement: { default: block } } });
  const created = await client.send(
    new CreatePolicyCommand({ Name: name, Description: '', Type: 'GUARDDUTY_POLICY', Content }),
  );
  return created.Policy?.PolicySummary?.Id as string;
}

async function attach(id: string, TargetId: string): Promise<void> {
  await (await organizations()).send(new AttachPolicyCommand({ PolicyId: id, TargetId }));
  await grounds.sandbox.world.idle();
}

beforeAll(async () => {
  grounds = await openGrounds(2);
  await grounds.detectors([administratorId, ...grounds.memberIds]);
  await run(grounds, grounds.desired());
  const client = await organizations();
  const { Roots } = await client.send(new ListRootsCommand({}));
  await client.send(new EnablePolicyTypeCommand({ RootId: Roots?.[0]?.Id, PolicyType: 'GUARDDUTY_POLICY' }));
  PolicyId = await policy('plans', { foundational: status('enabled'), s3_data_events: status('enabled') });
});

afterAll(() => grounds.sandbox.close());

const wanted = () =>
  grounds.desired({ planRules: [{ plans: { S3_DATA_EVENTS: 'DISABLED', EKS_AUDIT_LOGS: 'DISABLED' } }] });

test('what a policy holds is reported as managed, never tried; what it does not name is set', async () => {
  const [held, free] = grounds.memberIds as [string, string];
  await attach(PolicyId, held);
  const { planned, outcome, again, cells } = await run(grounds, wanted());
  expect(outcome.failed).toEqual([]);
  const touching = planned.changes.filter((change) => 'accountIds' in change && change.accountIds.includes(held));
  expect(touching).toMatchObject(
    regions.map(() => ({ kind: 'set-member-plans', plans: { EKS_AUDIT_LOGS: 'DISABLED' } })),
  );
  expect(touching.some((change) => 'plans' in change && 'S3_DATA_EVENTS' in (change.plans ?? {}))).toBe(false);
  expect(again.changes).toEqual([]);
  expect(again.notes).toEqual(
    regions.map((region) => ({
      accountId: held,
      region,
      plan: 'S3_DATA_EVENTS',
      code: 'guardduty.plan.managedByPolicy',
    })),
  );
  expect(free).not.toBe(held);
  expect(states(cells)).toEqual({ guarded: 3 * regions.length });
});

test('a policy that comes into force between plan and apply fails nothing', async () => {
  const [, late] = grounds.memberIds as [string, string];
  const desired = grounds.desired({
    planRules: [{ plans: { S3_DATA_EVENTS: 'DISABLED', RDS_LOGIN_EVENTS: 'DISABLED' } }],
  });
  await attach(PolicyId, administratorId);
  const again = await run(grounds, { ...desired, planRules: [{ plans: { S3_DATA_EVENTS: 'ENABLED' } }] });
  expect(again.outcome.failed).toEqual([]);
  const options = { concurrency: 4, outOfReach: new Map<string, string>(), host: { emit: () => undefined } };
  const stale = plan(desired, await observe(desired, grounds.sessions, options), options.outOfReach);
  expect(JSON.stringify(stale.changes)).toContain(late);
  await attach(PolicyId, late);
  const { apply } = await import('../../guardduty');
  expect((await apply(stale, grounds.sessions, options)).failed).toEqual([]);
  const { outcome, again: left } = await run(grounds, desired);
  expect(outcome.failed).toEqual([]);
  expect(left.changes).toEqual([]);
});

test("a detector that a policy holds off is named 'managed by policy'", async () => {
  const client = await organizations();
  await client.send(new DetachPolicyCommand({ PolicyId, TargetId: administratorId }));
  await attach(await policy('off', { foundational: status('disabled') }), administratorId);
  const { planned, outcome, cells } = await run(
    grounds,
    grounds.desired({ planRules: [{ plans: { EKS_AUDIT_LOGS: 'ENABLED' } }] }),
  );
  expect(planned.changes.some(({ kind }) => kind === 'enable-detector')).toBe(false);
  expect(outcome.failed).toEqual([]);
  expect(cells.filter(({ accountId }) => accountId === administratorId)).toMatchObject(
    regions.map(() => ({
      state: 'not-guarded',
      code: 'guardduty.managedByPolicy',
      reason: expect.stringContaining('managed by policy'),
    })),
  );
});
