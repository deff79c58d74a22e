import { desiredGuard, desiredPolicies, planPolicies } from '../../guardduty';
import type { ObservedPolicies } from '../../guardduty/policies/types';
import { parseConfig } from '../../organization/config';

const managementId = '100000000001';
const securityId = '100000000002';
const account = (id: string, ou?: string) => ({ id, email: `aws+${id}@example.com`, line: 1, ...(ou ? { ou } : {}) });
const accounts = [
  account(managementId),
  account(securityId, 'Security'),
  account('100000000011', 'Workloads/Production/Shop'),
  account('100000000012', 'Sandbox'),
];

/** The documents by name, as far as `enablement` goes. */
function documents(section: string, regions = 'all') {
  const top = `managementAccount: "${managementId}"\nsecurityAccount: "${securityId}"\nhomeRegion: us-east-1\nregions: ${regions}\n`;
  const config = parseConfig(`${top}guardduty:\n  route: policy\n${section}`);
  const guard = desiredGuard(config, accounts, ['us-east-1', 'eu-west-1'], new Set(accounts.map(({ id }) => id)));
  const policies = desiredPolicies(config, accounts, guard) ?? [];
  const entries = policies.map(({ name, content }) => [name, JSON.parse(content).guardduty.enablement]);
  return { policies, enablement: Object.fromEntries(entries) };
}

const on = { status: { '@@assign': 'enabled' } };
const off = { status: { '@@assign': 'disabled' } };

test('a default stands for all regions, and a region of its own says everything again', () => {
  const { enablement } = documents(`  plans: { S3_DATA_EVENTS: ENABLED, RUNTIME_MONITORING: ENABLED }
  agents: { EKS_ADDON_MANAGEMENT: DISABLED }
  overrides: [{ regions: [eu-west-1], plans: { S3_DATA_EVENTS: DISABLED } }]
`);
  const runtime = { ...on, additional_configuration: { eks_addon_management: off } };
  expect(enablement).toEqual({
    'garrison-guardduty': {
      default: { foundational: on, s3_data_events: on, runtime_monitoring: runtime },
      'eu-west-1': { foundational: on, s3_data_events: off, runtime_monitoring: runtime },
    },
  });
});

test('regions that are not guarded stay unmanaged, and a plan that policies do not know is left out', () => {
  const { enablement } = documents('  plans: { EKS_RUNTIME_MONITORING: ENABLED }\n', '[us-east-1, eu-west-1]');
  const block = { foundational: on };
  expect(enablement).toEqual({ 'garrison-guardduty': { 'us-east-1': block, 'eu-west-1': block } });
});

test('units and accounts below a target that differ get a policy of their own, with the last rule that matches', () => {
  const { enablement } = documents(`  policy: { targets: [Workloads] }
  plans: { S3_DATA_EVENTS: ENABLED }
  overrides:
    - { ous: [Workloads/Production], plans: { S3_DATA_EVENTS: DISABLED } }
    - { accounts: ["100000000011"], plans: { RDS_LOGIN_EVENTS: ENABLED } }
    - { accounts: ["100000000012"], plans: { RDS_LOGIN_EVENTS: ENABLED } }
    - { ous: [Sandbox], plans: { RDS_LOGIN_EVENTS: ENABLED } }
`);
  expect(enablement).toEqual({
    'garrison-guardduty-Workloads': { default: { foundational: on, s3_data_events: on } },
    'garrison-guardduty-Workloads.Production': { default: { foundational: on, s3_data_events: off } },
    'garrison-guardduty-100000000011': { default: { foundational: on, s3_data_events: off, rds_login_events: on } },
  });
});

const observed = (more: Partial<ObservedPolicies> = {}): ObservedPolicies => ({
  rootId: 'r-0000',
  enabled: true,
  policies: [],
  units: new Map([['Workloads', 'ou-0000-workload']]),
  ...more,
});

test('the type is enabled first, and what is there already is compared whatever the order of its members', () => {
  const { policies } = documents('  plans: { S3_DATA_EVENTS: ENABLED }\n');
  const kinds = (state: ObservedPolicies) => planPolicies(policies, state).changes.map(({ kind }) => kind);
  expect(kinds(observed({ enabled: false }))).toEqual(['enable-policy-type', 'create-policy', 'attach-policy']);
  const content =
    '{"guardduty": {"enablement": {"default": {"s3_data_events": {"status": {"@@assign": "enabled"}}, "foundational": {"status": {"@@assign": "enabled"}}}}}}';
  const standing = { id: 'p-1', name: 'garrison-guardduty', ours: true, content, targetIds: ['r-0000'] };
  expect(kinds(observed({ policies: [standing] }))).toEqual([]);
});

test('a unit that does not exist is named; a policy of others is neither changed nor removed', () => {
  const { policies } = documents('  policy: { targets: [root, Workload] }\n');
  const theirs = { id: 'p-1', name: 'garrison-guardduty', ours: false, targetIds: [] };
  const old = { id: 'p-2', name: 'garrison-guardduty-old', ours: true, content: '{}', targetIds: ['r-0000'] };
  const foreignOld = { id: 'p-3', name: 'garrison-guardduty-theirs', ours: false, targetIds: ['r-0000'] };
  const { changes, problems } = planPolicies(policies, observed({ policies: [theirs, old, foreignOld] }));
  expect(problems.map(({ code }) => code)).toEqual(['guardduty.policy.foreign', 'guardduty.policy.target']);
  expect(changes).toMatchObject([
    { kind: 'detach-policy', policyId: 'p-2' },
    { kind: 'delete-policy', policyId: 'p-2' },
  ]);
});
