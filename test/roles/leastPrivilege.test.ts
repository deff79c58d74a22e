import type { App } from 'aws-cdk-lib';
import { decide } from '../../sandbox/core/decision';
import { modelWith } from '../attestation/model';
import { model } from '../stacks/model';
import { appOf, type RoleResource, resourcesOf, rolesOf, type Statement, templateOf } from '../stacks/templates';
import {
  delegationNeeds,
  detectorNeeds,
  memberNeeds,
  type Need,
  policyNeeds,
  roleNeeds,
  ruleNeeds,
  stackInstanceNeeds,
} from './needs';
import { attestationNeeds, findingsNeeds, operatorNeeds } from './operatorNeeds';
import { resolved } from './plant';

const [management, security, member] = ['100000000001', '100000000002', '100000000003'];
const execution = 'AWSCloudFormationStackSetExecutionRole';
const app = appOf(model());
const guarded = appOf(model('detections: { enabled: all }\nresponders: { enabled: [exposed-access-key] }'));

interface Case {
  readonly title: string;
  readonly accountId: string;
  readonly app?: App;
  readonly template: string;
  readonly role: string;
  /** Name of a managed policy of the role: it alone is looked at. */
  readonly policy?: string;
  readonly needs: readonly Need[];
}

const exporting =
  'publishingDestinations: [{ create: true }, { bucketArn: "arn:aws:s3:::ours/guardduty", kmsKeyArn: "arn:aws:kms:us-east-1:100000000009:key/1a2b" }]';

const cases: readonly Case[] = [
  {
    title: "the security pair's execution role in a member account",
    accountId: member,
    template: 'garrison-execution-member',
    role: `${execution}ForSecurity`,
    needs: [
      ...stackInstanceNeeds(member, 'eu-west-1'),
      ...detectorNeeds(member, 'eu-west-1'),
      ...roleNeeds(member, 'GarrisonMember'),
    ],
  },
  {
    title: "the security pair's execution role in the security account",
    accountId: security,
    template: 'garrison-execution-security',
    role: `${execution}ForSecurity`,
    needs: [
      ...stackInstanceNeeds(security, 'eu-west-1'),
      ...detectorNeeds(security, 'eu-west-1'),
      ...ruleNeeds(security, 'eu-west-1'),
    ],
  },
  {
    title: "the security pair's execution role in a member account where detections and responders are rolled out",
    accountId: member,
    app: guarded,
    template: 'garrison-execution-member',
    role: `${execution}ForSecurity`,
    needs: [
      ...stackInstanceNeeds(member, 'eu-west-1'),
      ...detectorNeeds(member, 'eu-west-1'),
      ...ruleNeeds(member, 'eu-west-1'),
      ...roleNeeds(member, 'GarrisonMember'),
      ...roleNeeds(member, 'garrison-events'),
      ...roleNeeds(member, 'GarrisonResponder'),
    ],
  },
  {
    title: "the security pair's execution role in the security account where responders are rolled out",
    accountId: security,
    app: guarded,
    template: 'garrison-execution-security',
    role: `${execution}ForSecurity`,
    needs: [
      ...stackInstanceNeeds(security, 'eu-west-1'),
      ...detectorNeeds(security, 'eu-west-1'),
      ...ruleNeeds(security, 'eu-west-1'),
      ...roleNeeds(security, 'GarrisonResponder'),
    ],
  },
  {
    title: "the management pair's execution role",
    accountId: member,
    template: 'garrison-execution-member',
    role: execution,
    needs: [...stackInstanceNeeds(member, 'us-east-1'), ...roleNeeds(member, `${execution}ForSecurity`)],
  },
  {
    title: 'the member role where everybody is invited',
    accountId: member,
    app: appOf(model('', 3, '', 'route: invitation')),
    template: 'MemberRoleTemplate',
    role: 'GarrisonMember',
    needs: memberNeeds(member, 'eu-west-1'),
  },
  {
    title: 'the member role in the management account',
    accountId: management,
    template: 'MemberRoleTemplate',
    role: 'GarrisonMember',
    needs: [...memberNeeds(management, 'eu-west-1'), ...delegationNeeds(management)],
  },
  {
    title: 'the member role in the management account, with GuardDuty policies',
    accountId: management,
    app: appOf(model('', 3, '', 'route: policy')),
    template: 'MemberRoleTemplate',
    role: 'GarrisonMember',
    needs: [...memberNeeds(management, 'eu-west-1'), ...delegationNeeds(management), ...policyNeeds(management)],
  },
  {
    title: 'the operator role',
    accountId: security,
    template: 'garrison-administration-security',
    role: 'GarrisonOperator',
    needs: operatorNeeds,
  },
  {
    title: "the operator role's policy for exporting findings",
    accountId: security,
    app: appOf(model('', 3, '', exporting)),
    template: 'garrison-administration-security',
    role: 'GarrisonOperator',
    policy: 'GarrisonOperatorFindingsExport',
    needs: findingsNeeds,
  },
  {
    title: "the operator role's policy for the attestation",
    accountId: security,
    app: appOf(modelWith()),
    template: 'garrison-administration-security',
    role: 'GarrisonOperator',
    policy: 'GarrisonOperatorAttestation',
    needs: attestationNeeds,
  },
];

describe.each(cases)('$title', ({ accountId, template, role, needs, ...its }) => {
  const statements = its.policy
    ? managedStatements(its.app ?? app, template, its.policy, accountId)
    : statementsOf(its.app ?? app, template, role, accountId);
  const denied = (policy: readonly Statement[]) => needs.filter((need) => !allows(policy, need, accountId));

  test('may do all that its templates need', () => {
    expect(denied(statements)).toEqual([]);
  });

  test('holds no statement that could be left out', () => {
    const idle = statements.filter((_, index) => denied(without(statements, index)).length === 0);
    expect(idle.map(({ Sid }) => Sid)).toEqual([]);
  });

  test('holds no action that could be left out', () => {
    const actions = statements.flatMap((statement, index) =>
      [statement.Action].flat().map((action) => ({ index, action })),
    );
    const idle = actions.filter(({ index, action }) => {
      const using = needs.filter((need) => need.action === action);
      return using.every((need) => allows(without(statements, index, action), need, accountId));
    });
    expect(idle.map(({ action }) => action)).toEqual([]);
    expect(actions.length).toBeGreaterThan(5);
  });

  test('may do nothing of what would matter', () => {
    const everything = { 'iam:PassedToService': 'events.amazonaws.com' };
    const beyond: Need[] = [
      { action: 'iam:CreateRole', resource: `arn:aws:iam::${accountId}:role/Admin` },
      { action: 'iam:AttachRolePolicy', resource: `arn:aws:iam::${accountId}:role/GarrisonMember` },
      { action: 'iam:PassRole', resource: `arn:aws:iam::${accountId}:role/Admin`, context: everything },
      { action: 'iam:CreateUser', resource: `arn:aws:iam::${accountId}:user/eve` },
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: `arn:aws:iam::${accountId}:role/aws-service-role/ec2.amazonaws.com/x`,
      },
      { action: 'cloudformation:CreateStack', resource: `arn:aws:cloudformation:us-east-1:${accountId}:stack/mine/1` },
      {
        action: 'cloudformation:DeleteStack',
        resource: `arn:aws:cloudformation:us-east-1:${accountId}:stack/StackSet-theirs-1/1`,
      },
      { action: 'events:PutRule', resource: `arn:aws:events:us-east-1:${accountId}:rule/theirs` },
      { action: 'guardduty:DeleteMembers', resource: `arn:aws:guardduty:us-east-1:${accountId}:detector/1` },
      { action: 'sts:AssumeRole', resource: `arn:aws:iam::${management}:role/OrganizationAccountAccessRole` },
      { action: 's3:GetObject', resource: 'arn:aws:s3:::data/secret' },
      { action: 'organizations:LeaveOrganization', resource: '*' },
    ];
    const needed = needs.map(({ action }) => action);
    const tempting = beyond.filter(({ action }) => action !== 'guardduty:DeleteMembers' || !needed.includes(action));
    expect(tempting.filter((need) => allows(statements, need, accountId))).toEqual([]);
  });
});

function statementsOf(app: App, template: string, name: string, accountId: string): Statement[] {
  const role = rolesOf(templateOf(app, template)).get(name) as RoleResource['Properties'];
  return (resolved(role.Policies, accountId) as NonNullable<typeof role.Policies>).flatMap(
    (policy) => policy.PolicyDocument.Statement,
  );
}

function managedStatements(app: App, template: string, name: string, accountId: string): Statement[] {
  const policies = resourcesOf(templateOf(app, template), 'AWS::IAM::ManagedPolicy');
  const policy = policies.find(({ ManagedPolicyName }) => ManagedPolicyName === name);
  return (resolved(policy, accountId) as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement;
}

function without(statements: readonly Statement[], index: number, action?: string): Statement[] {
  return statements.flatMap((statement, at) => {
    if (at !== index) {
      return [statement];
    }
    const Action = [statement.Action].flat().filter((other) => action !== undefined && other !== action);
    return Action.length === 0 ? [] : [{ ...statement, Action }];
  });
}

const keyPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${security}:root` }, Action: 'kms:*', Resource: '*' }],
});

function allows(statements: readonly Statement[], need: Need, accountId: string): boolean {
  const { effect } = decide({
    principal: `arn:aws:iam::${accountId}:role/Role`,
    action: need.action,
    resource: need.resource,
    resourceAccountId: accountId,
    context: need.context ?? {},
    identityPolicies: statements.length === 0 ? [] : [JSON.stringify({ Version: '2012-10-17', Statement: statements })],
    // A key's own policy decides with: it leaves the matter to the account's policies, as ours does.
    resourcePolicy: need.resource.includes(':key/') ? keyPolicy : undefined,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  });
  return effect === 'Allowed';
}
