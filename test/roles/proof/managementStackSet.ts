import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
  DetectStackSetDriftCommand,
  UpdateStackSetCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { loadFiles } from '../../../scripts/rollout/files';
import { synthesizeFor } from '../../../scripts/rollout/synthesis';
import type { RoleResource } from '../../stacks/templates';
import { managementId, securityId, type TestOrganization } from '../../support/localOrganization';
import { asAdministrator, plantRole } from '../plant';
import { earlier, type Template } from './earlierRelease';
import { everywhereAtOnce, succeeded } from './upgrade';

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
  const { member, AdministrationRoleARN, remove } = await plant(organization, accountIds);
  const client = new CloudFormationClient(await asAdministrator(organization.sandbox, managementId));
  const role = only(member, `${pair}ForSecurity`);
  const whole = { StackSetName, Capabilities: ['CAPABILITY_NAMED_IAM' as const], AdministrationRoleARN };
  const body = (template: Template) => JSON.stringify(template);
  await client.send(
    new CreateStackSetCommand({ ...whole, TemplateBody: body(earlier(role)), ExecutionRoleName: pair }),
  );
  const targets = { StackSetName, Accounts: [...accountIds], Regions, OperationPreferences: everywhereAtOnce };
  const ended = ({ OperationId }: { OperationId?: string }, expected?: RegExp) =>
    succeeded(client, { StackSetName, OperationId }, expected);
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
  await ended(await create(), /already exists/);
  await Promise.all(administrators.map((iam) => iam.send(new DeleteRoleCommand({ RoleName }))));
  await ended(await create());
  await ended(await client.send(new UpdateStackSetCommand({ ...whole, TemplateBody: body(role) })));
  await ended(await client.send(new DetectStackSetDriftCommand({ StackSetName })));
  await ended(await client.send(new DeleteStackInstancesCommand({ ...targets, RetainStacks: false })));
  await client.send(new DeleteStackSetCommand({ StackSetName }));
  await remove();
}

interface Planted {
  /** The template of execution roles in member accounts. */
  readonly member: Template;
  readonly AdministrationRoleARN: string;
  remove(): Promise<void>;
}

/** The two roles of the management account's pair, as `bootstrap` plants them; and the one that is trusted by what they roll out. */
async function plant({ sandbox, files }: TestOrganization, accountIds: readonly string[]): Promise<Planted> {
  const [, config = '', , accounts = ''] = files;
  const synthesis = await synthesizeFor(loadFiles({ config, accounts, json: false }));
  const template = (id: string) => JSON.parse(synthesis.of(id).input.templateBody) as Template;
  const member = template('garrison-execution-member');
  const removals: (() => Promise<void>)[] = [];
  const put = async (role: RoleResource['Properties'], accountId: string) => {
    const configuration = await asAdministrator(sandbox, accountId);
    removals.push(() => removeRole(role, new IAMClient(configuration)));
    return plantRole(role, accountId, configuration);
  };
  const administration = 'AWSCloudFormationStackSetAdministrationRole';
  const AdministrationRoleARN = await put(
    roleIn(template('garrison-administration-management'), administration),
    managementId,
  );
  await put(roleIn(template('garrison-administration-security'), `${administration}ForSecurity`), securityId);
  for (const accountId of accountIds) {
    await put(roleIn(member, pair), accountId);
  }
  const remove = async () => {
    for (const removal of removals) {
      await removal();
    }
  };
  return { member, AdministrationRoleARN, remove };
}

async function removeRole({ RoleName, Policies = [] }: RoleResource['Properties'], iam: IAMClient): Promise<void> {
  for (const { PolicyName } of Policies) {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  }
  await iam.send(new DeleteRoleCommand({ RoleName }));
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
