import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DetectStackSetDriftCommand,
  ListStackSetOperationResultsCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { loadFiles } from '../../../scripts/rollout/files';
import { synthesizeFor } from '../../../scripts/rollout/synthesis';
import type { RoleResource } from '../../stacks/templates';
import { managementId, securityId, type TestOrganization } from '../../support/localOrganization';
import { asAdministrator, plantRole } from '../plant';
import { earlier, type Template } from './earlierRelease';
import { ended, everywhereAtOnce } from './upgrade';

const pair = 'AWSCloudFormationStackSetExecutionRole';
const StackSetName = 'garrison-execution-role';
const Regions = ['us-east-1'];

/**
 * The pair of the management account at work: a stack set that puts the execution role of the security account's pair
 * into accounts, changes it, looks for drift and takes it out again. A role in its way makes the first try fail.
 *
 * @throws Error with the reasons of an operation that fails otherwise
 */
export async function runManagementStackSet(
  organization: TestOrganization,
  accountIds: readonly string[],
): Promise<void> {
  const { member, AdministrationRoleARN } = await plant(organization, accountIds);
  const client = new CloudFormationClient(await asAdministrator(organization.sandbox, managementId));
  const role = only(member, `${pair}ForSecurity`);
  const whole = { StackSetName, Capabilities: ['CAPABILITY_NAMED_IAM' as const], AdministrationRoleARN };
  const body = (template: Template) => JSON.stringify(template);
  await client.send(
    new CreateStackSetCommand({ ...whole, TemplateBody: body(earlier(role)), ExecutionRoleName: pair }),
  );
  const targets = { StackSetName, Accounts: [...accountIds], Regions, OperationPreferences: everywhereAtOnce };
  const create = () => client.send(new CreateStackInstancesCommand(targets));
  const administrators = await Promise.all(
    accountIds.map(async (id) => new IAMClient(await asAdministrator(organization.sandbox, id))),
  );
  const RoleName = `${pair}ForSecurity`;
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  await Promise.all(
    administrators.map((iam) => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))),
  );
  await succeeded(client, await create(), /already exists/);
  await Promise.all(administrators.map((iam) => iam.send(new DeleteRoleCommand({ RoleName }))));
  await succeeded(client, await create());
  await succeeded(client, await client.send(new UpdateStackSetCommand({ ...whole, TemplateBody: body(role) })));
  await succeeded(client, await client.send(new DetectStackSetDriftCommand({ StackSetName })));
  await succeeded(client, await client.send(new DeleteStackInstancesCommand({ ...targets, RetainStacks: false })));
  await client.send(new DeleteStackSetCommand({ StackSetName }));
}

/** The two roles of the management account's pair, as `bootstrap` plants them. */
async function plant({ sandbox, files }: TestOrganization, accountIds: readonly string[]) {
  const [, config = '', , accounts = ''] = files;
  const synthesis = await synthesizeFor(loadFiles({ config, accounts, json: false }));
  const template = (id: string) => JSON.parse(synthesis.of(id).input.templateBody) as Template;
  const [management, member] = [template('garrison-administration-management'), template('garrison-execution-member')];
  const AdministrationRoleARN = await plantRole(
    roleIn(management, 'AWSCloudFormationStackSetAdministrationRole'),
    managementId,
    await asAdministrator(sandbox, managementId),
  );
  // The role that is rolled out trusts it.
  const trusted = 'AWSCloudFormationStackSetAdministrationRoleForSecurity';
  const security = template('garrison-administration-security');
  await plantRole(roleIn(security, trusted), securityId, await asAdministrator(sandbox, securityId));
  for (const accountId of accountIds) {
    await plantRole(roleIn(member, pair), accountId, await asAdministrator(sandbox, accountId));
  }
  return { member, AdministrationRoleARN };
}

/** The template with nothing in it but one role. */
function only({ Resources, ...rest }: Template, roleName: string): Template {
  const found = Object.entries(Resources).filter(([, { Properties }]) => Properties?.RoleName === roleName);
  return { ...rest, Resources: Object.fromEntries(found) };
}

function roleIn(template: Template, roleName: string): RoleResource['Properties'] {
  const [role] = Object.values(only(template, roleName).Resources);
  return role?.Properties as unknown as RoleResource['Properties'];
}

/** Waits for an operation. @throws Error unless it succeeded, or failed everywhere as expected */
async function succeeded(
  client: CloudFormationClient,
  { OperationId }: { OperationId?: string },
  expected?: RegExp,
): Promise<void> {
  await ended(client, StackSetName, OperationId);
  const { Summaries = [] } = await client.send(new ListStackSetOperationResultsCommand({ StackSetName, OperationId }));
  const wrong = Summaries.filter(({ Status, StatusReason = '' }) =>
    expected === undefined ? Status !== 'SUCCEEDED' : !expected.test(StatusReason) && Status === 'FAILED',
  );
  if (wrong.length > 0) {
    throw new Error(wrong.map(({ Account, StatusReason }) => `${Account}: ${StatusReason}`).join('\n'));
  }
}
