import { optInRegionsAmong } from '../../roles';
import { model } from '../stacks/model';
import { appOf, rolesOf, templateOf } from '../stacks/templates';

const app = appOf(model());
const stack = (id: string) => rolesOf(templateOf(app, id));

const administration = 'AWSCloudFormationStackSetAdministrationRole';
const execution = 'AWSCloudFormationStackSetExecutionRole';

test('every role stands where docs/architecture.md says, under the names that AWS uses', () => {
  const names = (id: string) => [...stack(id).keys()];
  expect(names('garrison-administration-management')).toEqual([administration]);
  expect(names('garrison-administration-security')).toEqual([`${administration}ForSecurity`, 'GarrisonOperator']);
  expect(names('garrison-execution-management')).toEqual([`${execution}ForSecurity`]);
  expect(names('garrison-execution-security')).toEqual([execution, `${execution}ForSecurity`]);
  expect(names('garrison-execution-member')).toEqual([execution, `${execution}ForSecurity`]);
  expect(names('MemberRoleTemplate')).toEqual(['GarrisonMember']);
});

test.each([
  ['management', '100000000001', administration, execution],
  ['security', '100000000002', `${administration}ForSecurity`, `${execution}ForSecurity`],
])(
  "the %s account's administration role serves that account's stack sets, and its own pair only",
  (account, id, name, assumes) => {
    const role = stack(`garrison-administration-${account}`).get(name);
    const condition = {
      StringEquals: { 'aws:SourceAccount': id },
      ArnLike: { 'aws:SourceArn': `arn:aws:cloudformation:*:${id}:stackset/*` },
    };
    expect(role?.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: ['cloudformation.amazonaws.com', 'cloudformation.af-south-1.amazonaws.com'] },
        Condition: condition,
      },
    ]);
    expect(role?.Policies?.flatMap((policy) => policy.PolicyDocument.Statement)).toEqual([
      {
        Sid: 'AssumeExecutionRole',
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Resource: `arn:aws:iam::*:role/${assumes}`,
      },
    ]);
  },
);

test('execution roles trust one administration role by its ARN, not an account', () => {
  const trusted = (id: string, name: string) => stack(id).get(name)?.AssumeRolePolicyDocument.Statement;
  const trust = (arn: string) => [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: arn } }];
  expect(trusted('garrison-execution-member', execution)).toEqual(
    trust(`arn:aws:iam::100000000001:role/${administration}`),
  );
  for (const account of ['management', 'security', 'member']) {
    expect(trusted(`garrison-execution-${account}`, `${execution}ForSecurity`)).toEqual(
      trust(`arn:aws:iam::100000000002:role/${administration}ForSecurity`),
    );
  }
});

test('no policy allows every action, and passing roles is held to a role and a service', () => {
  const statements = [...app.node.children.map((child) => child.node.id), 'MemberRoleTemplate']
    .flatMap((id) => [...stack(id).values()])
    .flatMap((role) => role.Policies ?? [])
    .flatMap((policy) => policy.PolicyDocument.Statement);
  const actions = statements.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  expect(statements.every(({ Sid }) => Sid !== undefined)).toBe(true);
  const passing = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));
  expect(passing.length).toBeGreaterThan(0);
  for (const { Resource, Condition } of passing) {
    expect(JSON.stringify(Resource)).not.toContain('*');
    expect(JSON.stringify(Condition)).toContain('iam:PassedToService');
  }
});

test('the policies of a role fit into what IAM takes', () => {
  for (const id of app.node.children.map((child) => child.node.id)) {
    for (const [name, role] of stack(id)) {
      const size = (role.Policies ?? []).reduce((sum, policy) => sum + JSON.stringify(policy.PolicyDocument).length, 0);
      // 10,240 characters for all inline policies of a role, without white space. Source: IAM quotas.
      expect([name, size < 10_240]).toEqual([name, true]);
    }
  }
});

test('a trust policy that names every opt-in region fits, too', () => {
  const everywhere = appOf({ ...model(), optInRegions: optInRegionsAmong('all', 'aws') });
  const roles = rolesOf(templateOf(everywhere, 'garrison-administration-security'));
  const trust = roles.get(`${administration}ForSecurity`)?.AssumeRolePolicyDocument;
  expect(JSON.stringify(trust)).toContain('cloudformation.me-south-1.amazonaws.com');
  // 2,048 characters. Source: IAM quotas.
  expect(JSON.stringify(trust).length).toBeLessThan(2_048);
});

test('only the security account may be told about event rules, only the others about the member role', () => {
  const sids = (account: string) =>
    stack(`garrison-execution-${account}`)
      .get(`${execution}ForSecurity`)
      ?.Policies?.flatMap((policy) => policy.PolicyDocument.Statement.map(({ Sid }) => Sid));
  expect(sids('security')).toEqual(expect.arrayContaining(['EventRules', 'PassEventsRole']));
  expect(sids('security')).not.toContain('MemberRole');
  expect(sids('member')).toContain('MemberRole');
  expect(sids('member')).not.toContain('EventRules');
  expect(sids('management')).toEqual(sids('member'));
});

describe('configured otherwise', () => {
  const configured = appOf(
    model(`
roles:
  suffix: Audit
  path: /garrison/
  permissionsBoundary: delegated/boundary
  tags: { owner: security }
  names: { operator: Watch, member: Watched }
`),
  );
  const roles = [
    'garrison-administration-management',
    'garrison-administration-security',
    'garrison-execution-member',
    'garrison-security',
    'MemberRoleTemplate',
  ].flatMap((id) => [...rolesOf(templateOf(configured, id))]);

  test('suffix, names, path, boundary and tags reach every role', () => {
    expect(roles.map(([name]) => name)).toEqual(
      expect.arrayContaining([`${administration}ForAudit`, `${execution}ForAudit`, 'Watch', 'Watched']),
    );
    for (const [name, role] of roles) {
      expect(role.Path).toBe(name.startsWith(execution) ? undefined : '/garrison/');
      expect(JSON.stringify(role.PermissionsBoundary)).toContain(':policy/delegated/boundary');
      expect(role.Tags).toContainEqual({ Key: 'owner', Value: 'security' });
    }
  });

  test('roles can be created, and granted anything, only under the boundary', () => {
    const role = new Map(roles).get(`${execution}ForAudit`);
    const statements = role?.Policies?.flatMap((policy) => policy.PolicyDocument.Statement) ?? [];
    const granting = statements.filter(({ Action }) =>
      [Action].flat().some((action) => ['iam:CreateRole', 'iam:PutRolePolicy'].includes(action)),
    );
    expect(granting.map(({ Sid }) => Sid)).toEqual(['MemberRoleInBoundary']);
    expect(JSON.stringify(granting[0]?.Condition)).toContain('iam:PermissionsBoundary');
  });

  test('StackSets know execution roles by name: they stay at the root', () => {
    const role = new Map(roles).get(`${administration}ForAudit`);
    expect(JSON.stringify(role?.Policies)).toContain(`arn:aws:iam::*:role/${execution}ForAudit`);
  });
});

test('administrator access is a choice: nothing but the managed policy', () => {
  const chosen = appOf(model('roles: { permissions: administrator-access }'));
  const role = rolesOf(templateOf(chosen, 'garrison-execution-member')).get(execution);
  expect(role?.ManagedPolicyArns).toEqual(['arn:aws:iam::aws:policy/AdministratorAccess']);
  expect(role?.Policies).toBeUndefined();
});

test.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('in %s no ARN of another partition appears', (region, partition) => {
  const elsewhere = appOf({
    ...model(),
    partition,
    homeRegion: region,
    regions: [region],
    optInRegions: [],
    notifier: { ...model().notifier, partition, homeRegion: region },
  });
  const text = JSON.stringify(
    [...elsewhere.node.children.map((child) => child.node.id), 'EventRuleTemplate'].map((id) =>
      templateOf(elsewhere, id),
    ),
  );
  expect(text).toContain(`arn:${partition}:iam`);
  expect(text.match(/arn:aws:/g)).toBeNull();
});
