import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { parseConfig } from '../../organization/config';
import { bootstrapMethodOf } from '../../organization/config/bootstrap';
import { asAdministrator } from '../roles/plant';
import { startOrganization, type TestOrganization } from '../support/localOrganization';
import { temporaryFolder } from '../support/temporaryFolder';

const [planted, linked, reached] = ['100000000011', '100000000012', '100000000013'] as const;
const executionRole = 'AWSCloudFormationStackSetExecutionRoleForSecurity';
let organization: TestOrganization;

const configuration = () => organization.files[1] as string;
const as = (accountId: string) => asAdministrator(organization.sandbox, accountId);

async function hasRole(accountId: string): Promise<boolean> {
  const iam = new IAMClient(await as(accountId));
  return iam.send(new GetRoleCommand({ RoleName: executionRole })).then(
    () => true,
    () => false,
  );
}

beforeAll(async () => {
  organization = await startOrganization(3, ['us-east-1']);
  appendFileSync(
    configuration(),
    `bootstrap: {method: organization, accounts: {"${linked}": links, "${reached}": assume-role}}\n`,
  );
});

afterAll(() => organization.sandbox.close());

test('the preview says which way the roles come into which account, and changes nothing', async () => {
  organization.sandbox.clearCalls();
  const { code, stdout } = await organization.garrison('management', 'bootstrap', '--plan');
  expect(code).toBe(2);
  expect(stdout).toMatch(/assume-role +3 accounts/);
  expect(stdout).toMatch(/organization +1 account, and every account that joins/);
  expect(stdout).toMatch(/links +1 account/);
  expect(stdout).toMatch(/create +garrison-organization/);
  expect(
    organization.sandbox.calls().filter(({ operation }) => /^(Create|Execute|Put|Enable)/.test(operation)),
  ).toEqual([]);
});

test('bootstrap plants roles by a role and by the organization at once, and a second run changes nothing', async () => {
  const first = await organization.garrison('management', 'bootstrap', '--json');
  expect({ code: first.code, stderr: first.stderr }).toMatchObject({ code: 0 });
  expect(await Promise.all([planted, linked, reached].map(hasRole))).toEqual([true, false, true]);
  const again = await organization.garrison('management', 'bootstrap');
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  expect(await organization.garrison('management', 'bootstrap', '--plan')).toMatchObject({ code: 0 });
});

test('a link, opened in its account, creates the stack; afterwards it counts as done', async () => {
  const folder = temporaryFolder();
  const made = await organization.garrison('management', 'bootstrap', '--links', folder, '--json');
  expect(made.code).toBe(2);
  const { links } = JSON.parse(made.stdout) as { links: { accountId: string; link: string; state: string }[] };
  expect(links.map(({ accountId, state }) => [accountId, state])).toEqual([[linked, 'open']]);
  const page = readFileSync(join(folder, 'links.md'), 'utf8');
  expect(page).toContain(`| ${linked} |`);

  const query = new URLSearchParams(new URL(links[0]?.link as string).hash.split('?')[1]);
  const client = new CloudFormationClient(await as(linked));
  const StackName = query.get('stackName') as string;
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateURL: query.get('templateURL') as string,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.2 }, { StackName });
  expect(await hasRole(linked)).toBe(true);

  await organization.garrison('security', 'apply');
  const verified = await organization.garrison('security', 'verify');
  expect(verified.stdout).toContain('Links: 1 of 1 done');
  const after = await organization.garrison('management', 'bootstrap', '--links', folder);
  expect(after).toMatchObject({ code: 0, stdout: expect.stringContaining('1 of 1 done') });
});

test('a changed policy is shown as a diff before anything is changed', async () => {
  const before = readFileSync(configuration(), 'utf8');
  writeFileSync(configuration(), `${before}roles: {permissions: administrator-access}\n`);
  const { code, stdout } = await organization.garrison('management', 'bootstrap', '--plan');
  expect(code).toBe(2);
  expect(stdout).toMatch(/warning.*administrator-access/);
  expect(stdout).toMatch(/- policy CreateDetectors: allow guardduty:CreateDetector/);
  expect(stdout).toMatch(/in every account that the organization’s stack set reaches/);
  writeFileSync(configuration(), before);
});

test('an account that joins the organization gets its roles without a further run', async () => {
  const client = new OrganizationsClient(await as('100000000001'));
  const { CreateAccountStatus } = await client.send(
    new CreateAccountCommand({ AccountName: 'new', Email: 'new@example.com' }),
  );
  const CreateAccountRequestId = CreateAccountStatus?.Id as string;
  let accountId: string | undefined;
  for (let look = 0; look < 50 && !(accountId && (await hasRole(accountId))); look++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answer = await client.send(new DescribeCreateAccountStatusCommand({ CreateAccountRequestId }));
    accountId = answer.CreateAccountStatus?.AccountId;
  }
  expect(await hasRole(accountId as string)).toBe(true);
});

test('an account that had its roles by a role takes them from the organization once the configuration says so', async () => {
  const before = readFileSync(configuration(), 'utf8');
  writeFileSync(configuration(), before.replace(`, "${reached}": assume-role`, ''));
  const moved = await organization.garrison('management', 'bootstrap', '--json');
  expect({ code: moved.code, stderr: moved.stderr }).toMatchObject({ code: 0 });
  expect(await hasRole(reached)).toBe(true);
  const client = new CloudFormationClient(await as(reached));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  expect(Stacks.map(({ StackName }) => StackName)).not.toContain('garrison-execution');
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing to do'),
  });
  writeFileSync(configuration(), before);
});

test('the nearest unit decides, then the account itself; management and security are always reached by a role', () => {
  const config = parseConfig(`managementAccount: "100000000001"
securityAccount: "100000000002"
homeRegion: us-east-1
notifier: {slack: {webhookParameter: /garrison/slack/webhook}}
bootstrap: {method: organization, organizationalUnits: {Partners: links, Partners/Near: assume-role}, accounts: {"100000000009": links}}
`);
  const method = (id: string, ou?: string) => bootstrapMethodOf({ id, ou }, config);
  expect(method('100000000003')).toBe('organization');
  expect(method('100000000003', 'Partners/Far')).toBe('links');
  expect(method('100000000003', 'Partners/Near/One')).toBe('assume-role');
  expect(method('100000000003', 'PartnersElsewhere')).toBe('organization');
  expect(method('100000000009', 'Partners/Near')).toBe('links');
  expect(method('100000000002', 'Partners')).toBe('assume-role');
});
