import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DescribePolicyCommand,
  DetachPolicyCommand,
  ListPoliciesCommand,
  ListRootsCommand,
  ListTargetsForPolicyCommand,
  OrganizationsClient,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';
import { verifySchema } from '../../scripts/verify/schema';
import { managementId, startOrganization, type TestOrganization } from '../support/localOrganization';

let organization: TestOrganization;

afterEach(() => organization.sandbox.close());

async function rollOut(route: string, more = '', members = 1): Promise<void> {
  organization = await startOrganization(members, ['us-east-1']);
  appendFileSync(organization.files[1] as string, `guardduty: {route: ${route}${more}}\n`);
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
  expect(await organization.garrison('security', 'verify')).toMatchObject({ code: 0 });
}

const callsOf = (operation: string) =>
  organization.sandbox.calls().filter((call) => call.service === 'guardduty' && call.operation === operation);

test('with the route organization the management account delegates, as GarrisonMember, and nobody is invited', async () => {
  await rollOut('organization');
  expect(callsOf('EnableOrganizationAdminAccount')).toMatchObject([{ account: managementId, count: 1 }]);
  expect(callsOf('InviteMembers')).toEqual([]);
});

test('with the route invitation nothing is asked of the organization', async () => {
  await rollOut('invitation');
  expect(callsOf('EnableOrganizationAdminAccount')).toEqual([]);
  expect(callsOf('InviteMembers')).toHaveLength(1);
});

describe('with the route policy', () => {
  const Filter = 'GUARDDUTY_POLICY';
  const member = '100000000011';

  function organizations(): OrganizationsClient {
    const { sandbox } = organization;
    return new OrganizationsClient({
      region: 'us-east-1',
      endpoint: sandbox.endpoint,
      credentials: sandbox.management,
    });
  }

  async function policies() {
    const { Policies = [] } = await organizations().send(new ListPoliciesCommand({ Filter }));
    const described = Policies.map(async ({ Id: PolicyId, Name = '' }) => {
      const [{ Policy }, { Targets = [] }] = await Promise.all([
        organizations().send(new DescribePolicyCommand({ PolicyId })),
        organizations().send(new ListTargetsForPolicyCommand({ PolicyId })),
      ]);
      const content = JSON.parse(Policy?.Content ?? '{}');
      return [
        Name,
        { id: PolicyId as string, content, targets: Targets.map(({ Name: name, TargetId }) => name ?? TargetId) },
      ];
    });
    return Object.fromEntries(await Promise.all(described)) as Record<
      string,
      { id: string; content: Record<string, unknown>; targets: string[] }
    >;
  }

  const verified = async () =>
    verifySchema.parse(JSON.parse((await organization.garrison('security', 'verify', '--json')).stdout));
  const on = { status: { '@@assign': 'enabled' } };
  const off = { status: { '@@assign': 'disabled' } };

  test('policies are written, attached, kept and taken away as GarrisonMember, and others stay', async () => {
    const plans = ', plans: {S3_DATA_EVENTS: ENABLED, EKS_AUDIT_LOGS: DISABLED}';
    const overrides = `, overrides: [{accounts: ["${member}"], regions: [us-east-1], plans: {EKS_AUDIT_LOGS: ENABLED}}]`;
    await rollOut('policy', plans + overrides, 2);
    await organization.sandbox.world.idle();
    // Every guarded region is named, as not all are; each block says everything.
    const written = await policies();
    expect(written).toMatchObject({
      'garrison-guardduty': {
        content: {
          guardduty: { enablement: { 'us-east-1': { foundational: on, s3_data_events: on, eks_audit_logs: off } } },
        },
        targets: ['Root'],
      },
      [`garrison-guardduty-${member}`]: {
        content: {
          guardduty: { enablement: { 'us-east-1': { foundational: on, s3_data_events: on, eks_audit_logs: on } } },
        },
        targets: ['account-11'],
      },
    });
    const { ok, cells } = await verified();
    expect(ok).toBe(true);
    expect(cells.map(({ route }: { route?: string }) => route)).toEqual([undefined, 'policy', 'policy', 'policy']);

    // By hand: another content, another place; and a policy of somebody else's.
    const [root, own] = [written['garrison-guardduty'], written[`garrison-guardduty-${member}`]] as [
      { id: string },
      { id: string },
    ];
    const client = organizations();
    const { Roots = [] } = await client.send(new ListRootsCommand({}));
    const rootId = Roots[0]?.Id as string;
    const Content = JSON.stringify({ guardduty: { enablement: { default: { foundational: on } } } });
    await client.send(new UpdatePolicyCommand({ PolicyId: root.id, Content }));
    await client.send(new DetachPolicyCommand({ PolicyId: own.id, TargetId: member }));
    await client.send(new AttachPolicyCommand({ PolicyId: own.id, TargetId: '100000000012' }));
    const theirs = await client.send(
      new CreatePolicyCommand({ Name: 'theirs', Description: '', Type: Filter, Content }),
    );
    await client.send(new AttachPolicyCommand({ PolicyId: theirs.Policy?.PolicySummary?.Id, TargetId: rootId }));
    expect(await verified()).toMatchObject({
      ok: false,
      policies: {
        changes: [
          { kind: 'update-policy', name: 'garrison-guardduty' },
          { kind: 'attach-policy', targetId: member },
          { kind: 'detach-policy', targetId: '100000000012' },
        ],
      },
    });
    expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
    expect(await policies()).toEqual({ ...written, theirs: expect.objectContaining({ targets: ['Root'] }) });

    const offboarded = await organization.garrison('security', 'offboard', member, '--yes');
    expect(offboarded).toMatchObject({ code: 1, stderr: expect.stringContaining('holds GuardDuty on') });

    // Without targets ours go, and only ours.
    const config = organization.files[1] as string;
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace('route: policy', 'route: policy, policy: {targets: []}'),
    );
    expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
    expect(Object.keys(await policies())).toEqual(['theirs']);
    expect(await verified()).toMatchObject({ ok: true, policies: { changes: [], problems: [] } });
  }, 120_000);

  test('a policy of the same name that somebody else made is named and left; remove takes ours first', async () => {
    organization = await startOrganization(1, ['us-east-1']);
    appendFileSync(organization.files[1] as string, 'guardduty: {route: policy}\n');
    const Content = JSON.stringify({ guardduty: { enablement: { default: { foundational: off } } } });
    const theirs = { Name: 'garrison-guardduty', Description: '', Type: Filter, Content } as const;
    await organization.garrison('management', 'bootstrap');
    const { Policy } = await organizations().send(new CreatePolicyCommand(theirs));
    const refused = await organization.garrison('security', 'apply', '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout).errors).toMatchObject([{ code: 'guardduty.policy.foreign' }]);
    expect((await policies())['garrison-guardduty']).toMatchObject({ id: Policy?.PolicySummary?.Id, targets: [] });
    await organizations().send(new UpdatePolicyCommand({ PolicyId: Policy?.PolicySummary?.Id, Name: 'theirs' }));
    expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
    await organization.sandbox.world.idle();
    const removed = await organization.garrison('security', 'remove', '--yes');
    expect({ code: removed.code, stderr: removed.stderr }).toMatchObject({ code: 0 });
    expect(removed.stderr).toContain('GuardDuty policy garrison-guardduty');
    expect(Object.keys(await policies())).toEqual(['theirs']);
  });
});
