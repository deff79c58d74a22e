import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { createSandbox, type RunningSandbox } from '../../sandbox';
import { model } from '../stacks/model';
import { appOf, type RoleResource, rolesOf, templateOf } from '../stacks/templates';
import { asAdministrator, asManagement, asRole, plantRole } from './plant';

const [management, security, member, stranger] = ['100000000001', '100000000002', '100000000003', '100000000009'];
const administration = 'AWSCloudFormationStackSetAdministrationRole';
const execution = 'AWSCloudFormationStackSetExecutionRole';
const passedTo = {
  ContextKeyName: 'iam:PassedToService',
  ContextKeyType: 'string' as const,
  ContextKeyValues: ['events.amazonaws.com'],
};
const arn = (accountId: string, name: string) => `arn:aws:iam::${accountId}:role/${name}`;

let sandbox: RunningSandbox;

beforeAll(async () => {
  sandbox = await createSandbox({
    accounts: [management, security, member, stranger].map((id) => ({ id, email: `aws+${id}@example.com` })),
    managementAccount: management,
    securityAccount: security,
  });
  const app = appOf(model());
  const plant = async (accountId: string, template: string) => {
    const configuration = await asAdministrator(sandbox, accountId);
    for (const role of rolesOf(templateOf(app, template)).values()) {
      await plantRole(role, accountId, configuration);
    }
  };
  await plant(management, 'garrison-administration-management');
  await plant(security, 'garrison-administration-security');
  await Promise.all([
    plant(management, 'garrison-execution-management'),
    plant(security, 'garrison-execution-security'),
    plant(member, 'garrison-execution-member'),
    plant(member, 'MemberRoleTemplate'),
    // A rival set of roles of the same names, in an account of its own.
    plantRole(wideOpen(`${administration}ForSecurity`), stranger, await asAdministrator(sandbox, stranger)),
    plantRole(wideOpen('Somebody'), security, await asAdministrator(sandbox, security)),
  ]);
});

afterAll(() => sandbox.close());

/** A role that everybody may assume and that may assume everything. */
function wideOpen(name: string): RoleResource['Properties'] {
  const allow = { Effect: 'Allow', Action: 'sts:AssumeRole' };
  return {
    RoleName: name,
    AssumeRolePolicyDocument: { Statement: [{ ...allow, Principal: { AWS: '*' } }] },
    Policies: [{ PolicyName: 'All', PolicyDocument: { Statement: [{ ...allow, Resource: '*' }] } }],
  };
}

/** The role's session that CloudFormation gets when it works for a stack set. */
function cloudFormation(roleArn: string, source: { accountId: string; arn: string }, principal = 'cloudformation') {
  const caller = sandbox.world.serviceCaller(`${principal}.amazonaws.com`, source);
  return sandbox.world.assumeRole(roleArn, 'stackset', caller, 'us-east-1');
}

const stackSet = (accountId: string) => ({
  accountId,
  arn: `arn:aws:cloudformation:us-east-1:${accountId}:stackset/garrison-detectors:7c4e`,
});
const denied = expect.objectContaining({ code: 'AccessDenied' });

describe('an administration role', () => {
  test.each([
    ['management', management, administration],
    ['security', security, `${administration}ForSecurity`],
  ])("of the %s account is CloudFormation's, for stack sets of that account", async (_, accountId, name) => {
    await expect(cloudFormation(arn(accountId, name), stackSet(accountId))).resolves.toBeDefined();
    await expect(
      cloudFormation(arn(accountId, name), stackSet(accountId), 'cloudformation.af-south-1'),
    ).resolves.toBeDefined();
  });

  test.each([
    ['a stack set of another account', stackSet(stranger), 'cloudformation'],
    ['a forged source account', { ...stackSet(stranger), accountId: security }, 'cloudformation'],
    ['a forged source ARN', { ...stackSet(security), accountId: stranger }, 'cloudformation'],
    [
      'a stack, not a stack set',
      { ...stackSet(security), arn: `arn:aws:cloudformation:us-east-1:${security}:stack/a/b` },
      'cloudformation',
    ],
    ['another service', stackSet(security), 'ec2'],
    ['a region that is not configured', stackSet(security), 'cloudformation.me-south-1'],
  ])('refuses %s', async (_, source, principal) => {
    await expect(cloudFormation(arn(security, `${administration}ForSecurity`), source, principal)).rejects.toEqual(
      denied,
    );
  });

  test('refuses people, even administrators of its own account', async () => {
    const administrator = await asAdministrator(sandbox, security);
    await expect(asRole(administrator, arn(security, `${administration}ForSecurity`))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('an execution role', () => {
  const become = async (roleArn: string, from: { accountId: string; name: string }) => {
    const session = await cloudFormation(arn(from.accountId, from.name), stackSet(from.accountId));
    return sandbox.world.assumeRole(roleArn, 'stackset', session, 'us-east-1');
  };
  const managementPair = { accountId: management, name: administration };
  const securityPair = { accountId: security, name: `${administration}ForSecurity` };

  test('serves the administration role of its pair', async () => {
    await expect(become(arn(member, execution), managementPair)).resolves.toBeDefined();
    await expect(become(arn(security, execution), managementPair)).resolves.toBeDefined();
    for (const accountId of [management, security, member]) {
      await expect(become(arn(accountId, `${execution}ForSecurity`), securityPair)).resolves.toBeDefined();
    }
  });

  test('refuses the administration role of the other pair', async () => {
    await expect(become(arn(member, `${execution}ForSecurity`), managementPair)).rejects.toEqual(denied);
    await expect(become(arn(member, execution), securityPair)).rejects.toEqual(denied);
  });

  test("refuses another account's role of the same name, which may assume everything", async () => {
    const rival = await asRole(asManagement(sandbox), arn(stranger, `${administration}ForSecurity`));
    await expect(asRole(rival, arn(member, `${execution}ForSecurity`))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('refuses another role of the right account, which may assume everything', async () => {
    const somebody = await asRole(asManagement(sandbox), arn(security, 'Somebody'));
    await expect(asRole(somebody, arn(member, `${execution}ForSecurity`))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('refuses administrators of its own account and of the administering accounts', async () => {
    for (const accountId of [management, security, member]) {
      const administrator = await asAdministrator(sandbox, accountId);
      await expect(asRole(administrator, arn(member, execution))).rejects.toMatchObject({ name: 'AccessDenied' });
    }
  });
});

test('the member role is the operator’s alone, and the operator reaches no other role', async () => {
  const administrator = await asAdministrator(sandbox, security);
  const operator = await asRole(administrator, arn(security, 'GarrisonOperator'));
  await expect(asRole(operator, arn(member, 'GarrisonMember'))).resolves.toBeDefined();
  await expect(asRole(administrator, arn(member, 'GarrisonMember'))).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(asRole(operator, arn(member, 'OrganizationAccountAccessRole'))).rejects.toMatchObject({
    name: 'AccessDenied',
  });
  const outsider = await asAdministrator(sandbox, member);
  await expect(asRole(outsider, arn(security, 'GarrisonOperator'))).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('no role may do what would matter elsewhere', async () => {
  const beyond = (accountId: string) => [
    ['iam:CreateRole', arn(accountId, 'Admin')],
    ['iam:AttachRolePolicy', arn(accountId, 'GarrisonMember')],
    ['iam:PassRole', arn(accountId, 'Admin')],
    ['iam:CreateUser', `arn:aws:iam::${accountId}:user/eve`],
    ['iam:CreateServiceLinkedRole', arn(accountId, 'aws-service-role/ec2.amazonaws.com/AWSServiceRoleForEC2')],
    ['cloudformation:CreateStack', `arn:aws:cloudformation:us-east-1:${accountId}:stack/mine/1`],
    ['cloudformation:DeleteStack', `arn:aws:cloudformation:us-east-1:${accountId}:stack/StackSet-theirs-1/1`],
    ['events:PutRule', `arn:aws:events:us-east-1:${accountId}:rule/theirs`],
    ['sts:AssumeRole', arn(management as string, 'OrganizationAccountAccessRole')],
    ['s3:GetObject', 'arn:aws:s3:::data/secret'],
    ['ssm:GetParameter', `arn:aws:ssm:us-east-1:${accountId}:parameter/garrison/slack/webhook`],
    ['organizations:LeaveOrganization', '*'],
  ];
  const roles = [
    [management, administration],
    [security, `${administration}ForSecurity`],
    [security, 'GarrisonOperator'],
    [member, 'GarrisonMember'],
    ...[security, member].map((accountId) => [accountId, execution]),
    ...[management, security, member].map((accountId) => [accountId, `${execution}ForSecurity`]),
  ] as [string, string][];
  for (const [accountId, name] of roles) {
    const iam = new IAMClient(await asAdministrator(sandbox, accountId));
    const asked = beyond(accountId).map(([action = '', resource = '']) =>
      iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: arn(accountId, name),
          ActionNames: [action],
          ResourceArns: [resource],
          ContextEntries: [passedTo],
        }),
      ),
    );
    const answers = (await Promise.all(asked)).flatMap(({ EvaluationResults = [] }) => EvaluationResults);
    const allowed = answers.filter(({ EvalDecision }) => EvalDecision === 'allowed');
    expect([name, answers.length, allowed.map(({ EvalActionName }) => EvalActionName)]).toEqual([name, 12, []]);
  }
});
