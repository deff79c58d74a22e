import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  waitUntilStackRollbackComplete,
} from '@aws-sdk/client-cloudformation';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { asAdministrator } from '../roles/plant';
import { startOrganization, type TestOrganization } from '../support/localOrganization';

const [first, second] = ['100000000011', '100000000012'] as const;
const regions = ['us-east-1', 'eu-west-1'];

const template = `
Parameters:
  Owner: { Type: String, Default: nobody }
  Purpose: { Type: String }
Resources:
  Contact:
    Type: AWS::SSM::Parameter
    Properties: { Name: /contact, Type: String, Value: !Sub '\${Owner} for \${Purpose}' }
`;

const section = `
stackSets:
  contacts:
    template: contacts.yaml
    accounts: ["${first}", "${second}"]
    regions: all
    parameters: { Purpose: incidents }
    columns: { Owner: owner }
    permissions:
      - sid: Parameters
        actions: [ssm:PutParameter, ssm:DeleteParameter, ssm:GetParameters, ssm:AddTagsToResource, ssm:RemoveTagsFromResource, ssm:ListTagsForResource]
        resources: ["arn:aws:ssm:*:\${AWS::AccountId}:parameter/contact"]
`;

let organization: TestOrganization;
let folder: string;
let plain: string;

beforeAll(async () => {
  organization = await startOrganization(2, regions);
  folder = dirname(organization.files[1] as string);
  plain = readFileSync(join(folder, 'garrison.yaml'), 'utf8');
  writeFileSync(join(folder, 'contacts.yaml'), template);
  configure(section);
  owners({ [first]: 'alice' });
});
afterAll(() => organization.sandbox.close());

function configure(more: string): void {
  writeFileSync(join(folder, 'garrison.yaml'), `${plain}${more}`);
}

/** Rewrites accounts.csv with a column of one's own. */
function owners(by: Readonly<Record<string, string>>): void {
  const rows = organization.accountIds.map((id) => `${id},aws+${id}@example.com,${by[id] ?? ''}`);
  writeFileSync(join(folder, 'accounts.csv'), `accountId,email,owner\n${rows.join('\n')}\n`);
}

async function contact(accountId: string, region = 'us-east-1'): Promise<string | undefined> {
  const ssm = new SSMClient({ ...(await asAdministrator(organization.sandbox, accountId)), region });
  return ssm.send(new GetParameterCommand({ Name: '/contact' })).then(
    ({ Parameter }) => Parameter?.Value,
    (error: Error) => error.name,
  );
}

/** What a person does after an update could not even be undone. */
async function continueRollback(accountId: string): Promise<void> {
  for (const region of regions) {
    const cloudformation = new CloudFormationClient({
      ...(await asAdministrator(organization.sandbox, accountId)),
      region,
    });
    const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({}));
    const StackName = Stacks.find(({ StackStatus }) => StackStatus === 'UPDATE_ROLLBACK_FAILED')?.StackName as string;
    await cloudformation.send(new ContinueUpdateRollbackCommand({ StackName }));
    await waitUntilStackRollbackComplete({ client: cloudformation, maxWaitTime: 10, minDelay: 1 }, { StackName });
  }
}

test('a template of one’s own is rolled out with the values of a column of accounts.csv', async () => {
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
  expect(await Promise.all([contact(first), contact(first, 'eu-west-1'), contact(second)])).toEqual([
    'alice for incidents',
    'alice for incidents',
    'nobody for incidents',
  ]);
  expect(JSON.parse((await organization.garrison('security', 'apply', '--json')).stdout)).toMatchObject({
    ok: true,
    changed: false,
  });
});

test('a changed value is planned and brought to that account alone, and one taken out falls back', async () => {
  owners({ [first]: 'carol' });
  const planned = await organization.garrison('security', 'plan');
  expect(planned.code).toBe(2);
  expect(planned.stdout).toContain('garrison-contacts: 2 instances in 1 account');
  await organization.garrison('security', 'apply');
  expect(await Promise.all([contact(first), contact(second)])).toEqual(['carol for incidents', 'nobody for incidents']);
  owners({ [second]: 'dave' });
  await organization.garrison('security', 'apply');
  expect(await Promise.all([contact(first), contact(second)])).toEqual(['nobody for incidents', 'dave for incidents']);
});

test('without its permissions it fails in its own accounts only, and says what is missing', async () => {
  configure(section.slice(0, section.indexOf('    permissions:')));
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
  owners({ [first]: 'erin', [second]: 'dave' });
  const applied = await organization.garrison('security', 'apply', '--json');
  expect(applied.code).toBe(1);
  const { errors } = JSON.parse(applied.stdout) as { errors: { accountId: string; message: string }[] };
  expect(new Set(errors.map(({ accountId }) => accountId))).toEqual(new Set([first]));
  expect(errors[0]?.message).toMatch(/ssm:/);
  configure(section);
  expect(await organization.garrison('management', 'bootstrap')).toMatchObject({ code: 0 });
  const again = await organization.garrison('security', 'apply');
  expect(again.stderr).toContain('continue-update-rollback');
  expect(again.stdout).toContain('Nothing was changed');
  await continueRollback(first);
  expect(await organization.garrison('security', 'apply')).toMatchObject({ code: 0 });
  expect(await contact(first)).toBe('erin for incidents');
});

test('one that the files no longer ask for is destroyed after a question, instances first', async () => {
  configure('');
  const planned = await organization.garrison('security', 'plan');
  expect(planned.stdout).toContain('garrison-contacts');
  const refused = await organization.garrison('security', 'apply');
  expect(refused.code).toBe(1);
  expect(await contact(first)).toBe('erin for incidents');
  expect(await organization.garrison('security', 'apply', '--yes')).toMatchObject({ code: 0 });
  expect(await contact(first)).toBe('ParameterNotFound');
  const cloudformation = new CloudFormationClient({
    ...(await asAdministrator(organization.sandbox, '100000000002')),
    region: 'us-east-1',
  });
  await expect(
    cloudformation.send(new DescribeStackSetCommand({ StackSetName: 'garrison-contacts' })),
  ).rejects.toMatchObject({ name: 'StackSetNotFoundException' });
});

test('every name that is in neither the template nor accounts.csv is told at once, with its line', async () => {
  configure(
    section.replace('Purpose: incidents', 'Purpos: x').replace('Owner: owner', 'Owner: ownr') +
      '  Bad: {template: gone.yaml}\n  gone: {template: gone.yaml, organizationalUnits: [Nowhere]}\n',
  );
  const { code, stderr } = await organization.garrison('security', 'plan');
  expect(code).toBe(1);
  expect(stderr).toMatch(/stackSets.Bad/);
  configure(
    section.replace('Purpose: incidents', 'Purpos: x').replace('Owner: owner', 'Owner: ownr') +
      '  gone: {template: gone.yaml, organizationalUnits: [Nowhere]}\n',
  );
  const { stderr: named } = await organization.garrison('security', 'plan');
  for (const problem of [
    /garrison.yaml:\d+:\d+: stackSets.contacts.parameters.Purpos .*Did you mean Purpose/s,
    /leaves out Purpose/,
    /"ownr" is no column .*Did you mean owner/s,
    /"gone.yaml" does not exist/,
    /"Nowhere" is not in accounts.csv/,
    /stackSets.gone has no account/,
  ]) {
    expect(named).toMatch(problem);
  }
});
