import { AwsSolutionsChecks } from 'cdk-nag';
import { parseConfig } from '../../organization/config';
import { GarrisonErrors } from '../../organization/errors';
import { model } from '../stacks/model';
import { appOf, resourcesOf, rolesOf, templateOf } from '../stacks/templates';
import { configWith, modelWith } from './model';

process.env.JSII_DEPRECATED = 'quiet';

const app = appOf(modelWith());
const security = templateOf(app, 'garrison-security');
const record = templateOf(app, 'garrison-record');

test('nothing of it is synthesized where it is off', () => {
  const off = appOf(model('detections: { enabled: all }'));
  expect(off.node.children.map(({ node }) => node.id)).not.toContain('garrison-record');
  expect(JSON.stringify(templateOf(off, 'garrison-security'))).not.toMatch(/attest|garrison-questions/i);
});

test('cdk-nag has nothing to say that is not answered', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources[0]])).toEqual([]);
});

test('the record is encrypted under its own key, recoverable and protected from deletion, and takes additions only', () => {
  const [table] = resourcesOf(record, 'AWS::DynamoDB::Table');
  expect(table).toMatchObject({
    TableName: 'garrison-attestation',
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    DeletionProtectionEnabled: true,
  });
  const statements = table.ResourcePolicy.PolicyDocument.Statement as {
    Effect: string;
    Sid: string;
    Condition?: object;
  }[];
  expect(statements.every(({ Effect }) => Effect === 'Deny')).toBe(true);
  expect(statements.find(({ Sid }) => Sid === 'OnlyFunctionsAdd')?.Condition).toEqual({
    ArnNotEquals: {
      'aws:PrincipalArn': [
        'arn:aws:iam::100000000002:role/garrison-attestation',
        'arn:aws:iam::100000000002:role/garrison-bot-worker',
      ],
    },
  });
});

test('the function may add to the record in transactions, and neither change nor delete', () => {
  const [policy] = rolesOf(security).get('garrison-attestation')?.Policies ?? [];
  const statements = policy?.PolicyDocument.Statement ?? [];
  const actions = statements
    .flatMap(({ Action }) => [Action].flat())
    .filter((action) => action.startsWith('dynamodb:'));
  expect([...new Set(actions)].sort()).toEqual([
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
  ]);
  expect(statements.find(({ Sid }) => Sid === 'AddToRecord')?.Condition).toEqual({
    'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] },
  });
  expect(JSON.stringify(statements)).not.toContain('signing-secret');
});

test('rules of the bus take the same events as the alerts; Identity Center’s say where, and root is critical', () => {
  const rules = resourcesOf(security, 'AWS::Events::Rule').map(
    (rule) =>
      rule as {
        Name: string;
        Targets: { InputTransformer?: { InputTemplate: string } }[];
        EventPattern?: { source?: unknown };
      },
  );
  const named = (name: string) => rules.find(({ Name }) => Name === name);
  expect(rules.map(({ Name }) => Name).filter((name) => name.startsWith('garrison-attest'))).toEqual([
    'garrison-attest-privileged-role-used',
    'garrison-attest-privileged-role-used-sso',
    'garrison-attest-root-activity',
    'garrison-attest-root-sign-in',
    'garrison-attest-timer',
  ]);
  expect(named('garrison-attest-privileged-role-used-sso')).toMatchObject({ EventPattern: { source: ['aws.sso'] } });
  for (const name of ['garrison-root-activity', 'garrison-attest-root-activity']) {
    expect(named(name)?.Targets[0]?.InputTransformer?.InputTemplate).toContain('"severity":"critical"');
  }
  const plain = templateOf(appOf(model('detections: { enabled: [root-activity] }')), 'garrison-security');
  expect(JSON.stringify(plain)).toContain('\\"severity\\":\\"high\\"');
});

test('what the operator gets for it fits into a managed policy, and there is none where it is off', () => {
  const policies = (which: ReturnType<typeof appOf>) =>
    resourcesOf(templateOf(which, 'garrison-administration-security'), 'AWS::IAM::ManagedPolicy');
  const [policy] = policies(app).filter(({ ManagedPolicyName }) => ManagedPolicyName === 'GarrisonOperatorAttestation');
  expect(JSON.stringify(policy.PolicyDocument).replace(/\s/g, '').length).toBeLessThan(6_144);
  expect(policies(appOf(model()))).toEqual([]);
});

test.each([
  [
    'a webhook cannot be answered in threads',
    configWith().replace('{ slack: { botToken: { parameter: /garrison/slack/token }, channel: C0ALERTS01 } }', '{}'),
    /attestation\.enabled .*needs a slack-bot destination/,
  ],
  [
    'a destination of another kind',
    configWith('  destination: pager').replace(
      'notifier: {',
      'notifier: { destinations: { pager: { type: pagerduty, routingKey: { parameter: /p } } },',
    ),
    /attestation\.destination "pager" needs a slack-bot/,
  ],
  [
    'a detection that is off',
    configWith('  detections: [sign-in-without-mfa]'),
    /asks about sign-in-without-mfa, which detections\.enabled does not hold/,
  ],
  [
    'an escalation before the last reminder',
    configWith('  reminders: [1h]\n  escalation: { after: 30m }'),
    /attestation\.escalation\.after .*must come after the last reminder/,
  ],
  ['a pattern that is none', configWith('  ticket: { pattern: "(" }'), /must be a regular expression/],
])('%s is a problem with its line', (_, text, expected) => {
  let problems: readonly { message: string }[] = [];
  try {
    parseConfig(text);
  } catch (error) {
    problems = (error as GarrisonErrors).problems;
    expect(error).toBeInstanceOf(GarrisonErrors);
  }
  expect(problems.map(({ message }) => message).join('\n')).toMatch(expected);
  expect(problems[0]?.message).toMatch(/^garrison\.yaml:\d+:\d+: /);
});
