import { readFileSync, writeFileSync } from 'node:fs';
import { GuardDutyClient, ListDetectorsCommand } from '@aws-sdk/client-guardduty';
import {
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  DeleteResourcePolicyCommand,
  DisablePolicyTypeCommand,
  ListParentsCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';
import { asManagement } from '../roles/plant';
import { managementId, securityId, startOrganization, type TestOrganization } from '../support/localOrganization';
import { everything } from './support';

const member = '100000000011';
const elsewhere = '100000000012';
let organization: TestOrganization;
let organizations: OrganizationsClient;
let units: Record<'trial' | 'other' | 'root', string>;

/** As everything is configured, but a region that is guarded and not used, and addresses of this machine's. */
const everywhere = everything
  .replace('[us-east-1, eu-west-1]', '[us-east-1]')
  .replace('198.51.100.0/24, 2001:db8::/32', '127.0.0.0/8, "::1/128"');

const json = (text: string) => JSON.parse(text);
const guardrails = (...args: string[]) => organization.garrison('management', 'guardrails', ...args);
const configFile = () => organization.files[1] as string;

/** Puts a section in the place of the last one of `garrison.yaml`. */
function configure(section: string): void {
  const text = readFileSync(configFile(), 'utf8').replace(/guardrails:[\s\S]*$/, '');
  writeFileSync(configFile(), `${text}${section}`);
}

async function namesOn(TargetId: string): Promise<string[]> {
  const { Policies = [] } = await organizations.send(
    new ListPoliciesForTargetCommand({ TargetId, Filter: 'SERVICE_CONTROL_POLICY' }),
  );
  // The end of a name tells the content.
  return Policies.map(({ Name = '' }) => Name.replace(/-[0-9a-f]{8}$/, '')).sort();
}

/** The security account and one member in one unit, another member in a unit of its own. */
async function split(): Promise<typeof units> {
  const { Roots = [] } = await organizations.send(new ListRootsCommand({}));
  const root = Roots[0]?.Id as string;
  const unit = async (Name: string) => {
    const { OrganizationalUnit } = await organizations.send(
      new CreateOrganizationalUnitCommand({ ParentId: root, Name }),
    );
    return OrganizationalUnit?.Id as string;
  };
  const [trial, other] = [await unit('Trial'), await unit('Other')];
  for (const [AccountId, DestinationParentId] of [
    [securityId, trial],
    [member, trial],
    [elsewhere, other],
  ]) {
    const { Parents = [] } = await organizations.send(new ListParentsCommand({ ChildId: AccountId }));
    await organizations.send(
      new MoveAccountCommand({ AccountId, SourceParentId: Parents[0]?.Id, DestinationParentId }),
    );
  }
  return { root, trial, other };
}

beforeAll(async () => {
  organization = await startOrganization(2, ['us-east-1', 'eu-west-1']);
  organizations = new OrganizationsClient(asManagement(organization.sandbox));
  units = await split();
  configure(everywhere);
}, 30_000);

afterAll(() => organization.sandbox.close());

describe('attaching', () => {
  test('nothing is to be done as long as nobody asks', async () => {
    const { code, stdout } = await guardrails('plan', '--json');
    expect({ code, ...json(stdout) }).toEqual({ code: 0, ok: true, inForce: [], targets: [] });
  });

  test('without the word for it, service control policies are not switched on; the root is refused', async () => {
    const type = { RootId: units.root, PolicyType: 'SERVICE_CONTROL_POLICY' } as const;
    await organizations.send(new DisablePolicyTypeCommand(type));
    const unit = await guardrails('attach', '--to', 'Trial', '--yes', '--json');
    expect(json(unit.stdout).errors).toMatchObject([{ code: 'guardrail.type' }]);
    const root = await guardrails('attach', '--to', 'root', '--yes', '--json', '--enable-policy-type');
    expect(json(root.stdout).errors).toMatchObject([{ code: 'guardrail.root' }, { code: 'guardrail.untried' }]);
    const all = await guardrails('attach', '--to', 'root', '--all', '--yes', '--json', '--enable-policy-type');
    expect(json(all.stdout).errors).toMatchObject([{ code: 'guardrail.untried' }]);
    const management = await guardrails('attach', '--to', managementId, '--yes', '--json', '--enable-policy-type');
    expect(json(management.stdout).errors).toMatchObject([{ code: 'guardrail.management' }]);
    const typo = await guardrails('attach', '--to', 'Trail', '--yes', '--json');
    expect(json(typo.stdout).errors).toMatchObject([{ code: 'guardrail.target', remedy: 'Did you mean Trial?' }]);
  });

  test('the diff is shown, and nothing is changed before somebody says yes', async () => {
    configure('guardrails: {enabled: [keep-config], exempt: ["arn:aws:iam::*:role/X"]}\n');
    organization.sandbox.clearCalls();
    const { code, stderr } = await guardrails('attach', '--to', 'Trial', '--enable-policy-type');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Nobody can be asked') });
    expect(stderr).toMatch(/\+ attach garrison-guardrails-1-[0-9a-f]{8} to Trial/);
    expect(stderr).toMatch(
      /\+ KeepConfig: deny config:DeleteAggregationAuthorization.* and \d+ more, by aws:PrincipalArn/,
    );
    const changed = organization.sandbox.calls().filter(({ operation }) => /^(Create|Attach|Enable)/.test(operation));
    expect(changed).toEqual([]);
    configure(everywhere);
  });

  test('attached to one unit, tagged, and a second time there is nothing to do', async () => {
    const { code, stdout, stderr } = await guardrails(
      'attach',
      '--to',
      'Trial',
      '--enable-policy-type',
      '--yes',
      '--json',
    );
    expect({ code, stderr, ...json(stdout) }).toMatchObject({ code: 0, ok: true, changed: true });
    expect(await namesOn(units.trial)).toEqual(['FullAWSAccess', 'garrison-guardrails-1', 'garrison-guardrails-2']);
    expect(await namesOn(units.other)).toEqual(['FullAWSAccess']);
    const again = await guardrails('attach', '--to', units.trial, '--yes', '--json');
    expect(json(again.stdout)).toMatchObject({ ok: true, changed: false, changes: [] });
    expect((await guardrails('plan')).stdout).toContain('In force at Trial');
  });

  test('another account is told whose credentials it takes', async () => {
    const { code, stdout } = await organization.garrison('security', 'guardrails', 'plan', '--json');
    expect({ code, ...json(stdout) }).toMatchObject({ code: 1, errors: [{ code: 'guardrail.credentials' }] });
  });
});

test('a delegated administrator may do it, too', async () => {
  const Action = [
    ...['Describe*', 'List*'],
    ...['Create', 'Update', 'Delete', 'Attach', 'Detach'].map((verb) => `${verb}Policy`),
  ];
  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: securityId },
    Action: Action.map((action) => `organizations:${action}`),
    Resource: '*',
  };
  const Content = JSON.stringify({ Version: '2012-10-17', Statement });
  await organizations.send(new PutResourcePolicyCommand({ Content }));
  expect(await organization.garrison('security', 'guardrails', 'plan')).toMatchObject({ code: 0 });
  await organizations.send(new DeleteResourcePolicyCommand({}));
});

describe('under the guardrails', () => {
  test('the whole rollout works: bootstrap, secret, apply, verify, drill', async () => {
    expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
    const webhook = `${organization.sandbox.endpoint}/_slack/services/T0GARRISON/B0GARRISON/local`;
    expect(await organization.garrisonWith(webhook, 'security', 'secret', 'set')).toMatchObject({ code: 0 });
    const applied = await organization.garrison('security', 'apply');
    expect(applied).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
    const verified = await organization.garrison('security', 'verify', '--json');
    expect(json(verified.stdout)).toMatchObject({ ok: true, summary: '8 of 8 cells guarded' });
    expect(await organization.garrison('security', 'drill', '--timeout', '20')).toMatchObject({ code: 0 });
  }, 60_000);

  test('IAM’s simulator finds nothing that they would stop', async () => {
    const { code, stdout } = await guardrails('test', '--json');
    const { results } = json(stdout) as { results: { result: string }[] };
    expect({ code, wrong: results.filter(({ result }) => result !== 'allowed') }).toEqual({ code: 0, wrong: [] });
    expect(results.length).toBeGreaterThan(300);
  });

  test('detectors stand in the region that nobody else may use', async () => {
    const client = new GuardDutyClient({ ...asManagement(organization.sandbox), region: 'eu-west-1' });
    expect((await client.send(new ListDetectorsCommand({}))).DetectorIds).toHaveLength(1);
  });
});

describe('changing and removing', () => {
  test('a change comes into force at one target after the other, shown as what it means there', async () => {
    configure(`${everywhere}  disabled: [unused-regions, instance-metadata, keep-config]\n  targets: [Trial, Other]\n`);
    const planned = await guardrails('plan');
    expect(planned.code).toBe(2);
    expect(planned.stdout).toMatch(/- detach garrison-guardrails-2-[0-9a-f]{8} from Trial/);
    expect(planned.stdout).toContain('- KeepConfig');
    expect(planned.stdout).toContain('`garrison guardrails attach --to "Other"` does it.');
    expect(await guardrails('attach', '--to', 'Other', '--yes')).toMatchObject({ code: 0 });
    expect(await namesOn(units.other)).toEqual(['FullAWSAccess', 'garrison-guardrails-1']);
    expect(await namesOn(units.trial)).toEqual(['FullAWSAccess', 'garrison-guardrails-1', 'garrison-guardrails-2']);
    const left = json((await guardrails('plan', '--json')).stdout).targets;
    expect(left).toMatchObject([
      { target: { name: 'Trial' }, diff: expect.arrayContaining(['- KeepConfig', '- UnusedRegions']) },
      { target: { name: 'Other' }, changes: [] },
    ]);
    expect(await guardrails('attach', '--to', 'Trial', '--yes')).toMatchObject({ code: 0 });
    expect(await namesOn(units.trial)).toEqual(['FullAWSAccess', 'garrison-guardrails-1']);
    expect(await guardrails('plan')).toMatchObject({ code: 0 });
    const { Policies = [] } = await organizations.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }));
    expect(Policies).toHaveLength(2);
  });

  test('what somebody changed by hand is put back', async () => {
    const { Policies = [] } = await organizations.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }));
    const PolicyId = Policies.find(({ Name }) => Name?.startsWith('garrison'))?.Id;
    const Content = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"s3:X","Resource":"*"}}';
    await organizations.send(new UpdatePolicyCommand({ PolicyId, Content }));
    expect((await guardrails('plan')).stdout).toMatch(
      /restore garrison-guardrails-1-\w+, which somebody changed by hand/,
    );
    expect(await guardrails('attach', '--to', 'Trial', '--yes')).toMatchObject({ code: 0 });
    expect(await guardrails('plan')).toMatchObject({ code: 0 });
  });

  test('where a unit has these very guardrails, the root takes them with --all', async () => {
    expect(await guardrails('attach', '--to', 'root', '--all', '--yes')).toMatchObject({ code: 0 });
    expect(await namesOn(units.root)).toContain('garrison-guardrails-1');
    const { code, stdout } = await guardrails('plan', '--json');
    expect(code).toBe(2);
    expect(json(stdout).targets.at(-1)).toMatchObject({ target: { kind: 'root' }, wanted: false });
    expect(await guardrails('detach', '--from', 'root', '--yes')).toMatchObject({ code: 0 });
    configure('guardrails: {enabled: [leave-organization]}\n');
    const other = await guardrails('attach', '--to', 'root', '--all', '--yes', '--json');
    expect(json(other.stdout).errors).toMatchObject([{ code: 'guardrail.untried' }]);
    configure(everywhere);
  });

  test('garrison remove takes everything out under them, and detach takes them off', async () => {
    expect(await organization.garrison('security', 'remove', '--yes')).toMatchObject({ code: 0 });
    expect(await organization.garrison('management', 'remove', '--yes')).toMatchObject({ code: 0 });
    expect(await guardrails('detach', '--all', '--yes')).toMatchObject({ code: 0 });
    const { Policies = [] } = await organizations.send(new ListPoliciesCommand({ Filter: 'SERVICE_CONTROL_POLICY' }));
    expect(Policies.map(({ Name }) => Name)).toEqual(['FullAWSAccess']);
    expect((await guardrails('detach', '--all', '--yes')).stdout).toContain('Nothing to do');
  }, 60_000);

  test('a policy of the same name that is somebody else’s is never touched', async () => {
    const Content = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';
    await organizations.send(
      new CreatePolicyCommand({
        Name: 'garrison-guardrails-1-0a1b2c3d',
        Description: '',
        Type: 'SERVICE_CONTROL_POLICY',
        Content,
      }),
    );
    const { code, stdout } = await guardrails('attach', '--to', 'Trial', '--yes', '--json');
    expect({ code, ...json(stdout) }).toMatchObject({ code: 1, errors: [{ code: 'guardrail.foreign' }] });
  });
});
