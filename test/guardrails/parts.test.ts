import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { casesOf, configuredGuardrails, rolesIn, simulateHere } from '../../guardrails';
import { denies } from '../../guardrails/evaluate/evaluate';
import { matchesArn } from '../../guardrails/evaluate/wildcard';
import { allOf, ownRoles } from '../../guardrails/ownRoles';
import { modelWith } from '../attestation/model';
import { appOf } from '../stacks/templates';
import { configWith, everything, guardrailsWith, securityId } from './support';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Everything that Garrison puts into an account, with all features on. */
const app = appOf(modelWith('', 'responders: { enabled: all }'));
const resources: readonly Resource[] = readdirSync(app.outdir)
  .filter((file) => file.endsWith('.template.json'))
  .flatMap((file) => {
    const template = JSON.parse(readFileSync(join(app.outdir, file), 'utf8')) as {
      Resources: Record<string, Resource>;
    };
    return Object.values(template.Resources);
  });

/** By type: how it is called, its ARN after `arn:aws:`, and a call that would end it. */
const ends: Readonly<Record<string, readonly [property: string, arn: (name: string) => string, action: string]>> = {
  'AWS::SQS::Queue': ['QueueName', (name) => `sqs:us-east-1:${securityId}:${name}`, 'sqs:DeleteQueue'],
  'AWS::SNS::Topic': ['TopicName', (name) => `sns:us-east-1:${securityId}:${name}`, 'sns:DeleteTopic'],
  'AWS::DynamoDB::Table': [
    'TableName',
    (name) => `dynamodb:us-east-1:${securityId}:table/${name}`,
    'dynamodb:DeleteTable',
  ],
  'AWS::DynamoDB::GlobalTable': [
    'TableName',
    (name) => `dynamodb:us-east-1:${securityId}:table/${name}`,
    'dynamodb:DeleteTable',
  ],
  'AWS::Lambda::Function': [
    'FunctionName',
    (name) => `lambda:us-east-1:${securityId}:function:${name}`,
    'lambda:DeleteFunction',
  ],
  'AWS::Logs::LogGroup': [
    'LogGroupName',
    (name) => `logs:us-east-1:${securityId}:log-group:${name}`,
    'logs:DeleteLogGroup',
  ],
  'AWS::Events::EventBus': [
    'Name',
    (name) => `events:us-east-1:${securityId}:event-bus/${name}`,
    'events:DeleteEventBus',
  ],
  'AWS::Events::Rule': ['Name', (name) => `events:us-east-1:${securityId}:rule/${name}`, 'events:DisableRule'],
  'AWS::CloudWatch::Alarm': [
    'AlarmName',
    (name) => `cloudwatch:us-east-1:${securityId}:alarm:${name}`,
    'cloudwatch:DeleteAlarms',
  ],
  'AWS::CloudFormation::StackSet': [
    'StackSetName',
    (name) => `cloudformation:us-east-1:${securityId}:stackset/${name}:1`,
    'cloudformation:DeleteStackSet',
  ],
  'AWS::KMS::Alias': ['AliasName', (name) => `kms:us-east-1:${securityId}:${name}`, 'kms:DeleteAlias'],
  'AWS::S3::Bucket': ['BucketName', (name) => `s3:::${name}`, 's3:DeleteBucket'],
  'AWS::IAM::ManagedPolicy': [
    'ManagedPolicyName',
    (name) => `iam::${securityId}:policy/${name}`,
    'iam:CreatePolicyVersion',
  ],
  'AWS::IAM::Role': ['RoleName', (name) => `iam::${securityId}:role/${name}`, 'iam:DeleteRole'],
};

const config = configWith('guardrails: {enabled: all}\n');
const keep = configuredGuardrails(config).find(({ guardrail }) => guardrail.id === 'keep-garrison');

function isKept(action: string, arn: string): boolean {
  const keys: Readonly<Record<string, string>> = { 'aws:PrincipalArn': `arn:aws:iam::${securityId}:role/Admin` };
  const request = { action, resources: [arn], context: (key: string) => (keys[key] ? [keys[key]] : undefined) };
  return keep?.statements.some((statement) => denies(statement, request) === 'yes') ?? false;
}

test('whatever Garrison puts into accounts, an administrator cannot take away', () => {
  const named = resources.flatMap(({ Type, Properties = {} }) => {
    const [property = '', arn, action = ''] = ends[Type] ?? [];
    const name = Properties[property];
    return arn && typeof name === 'string' ? [{ action, arn: `arn:aws:${arn(name)}` }] : [];
  });
  expect(named.length).toBeGreaterThan(50);
  const open = named.filter(({ action, arn }) => !isKept(action, arn)).map(({ arn }) => arn);
  expect([...new Set(open)].filter((arn) => !arn.includes('AWSCloudFormationStackSetAdministrationRole'))).toEqual([]);
});

test('every kind of resource is either kept by its name, or listed here as nothing that can be taken away by itself', () => {
  const kinds = new Set(resources.map(({ Type }) => Type));
  const others = [...kinds].filter((type) => !(type in ends)).sort();
  expect(others).toMatchInlineSnapshot(`
[
  "AWS::Events::EventBusPolicy",
  "AWS::GuardDuty::Detector",
  "AWS::KMS::Key",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Permission",
  "AWS::Lambda::Url",
  "AWS::S3::BucketPolicy",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
]
`);
});

test('the roles in the templates are those that guardrails know', () => {
  const known = allOf(ownRoles(config));
  const names = resources.flatMap(({ Type, Properties }) =>
    Type === 'AWS::IAM::Role' ? [String(Properties?.RoleName)] : [],
  );
  const unknown = names.filter(
    (name) => !known.some((arn) => matchesArn(arn, `arn:aws:iam::${securityId}:role/${name}`)),
  );
  // That of the management account, where service control policies do not hold.
  expect([...new Set(unknown)]).toEqual(['AWSCloudFormationStackSetAdministrationRole']);
});

describe('what Garrison’s own roles have to be able to do, with all features on', () => {
  const roles = readdirSync(app.outdir)
    .filter((file) => file.endsWith('.template.json') && !file.includes('management'))
    .flatMap((file) => {
      // Stack sets and the member variant go into other accounts.
      const accountId = /stackset|member/.test(file) ? '100000000003' : securityId;
      const template = JSON.parse(readFileSync(join(app.outdir, file), 'utf8'));
      return rolesIn(template, { partition: 'aws', accountId, region: 'us-east-1' });
    });
  const cases = roles.flatMap((role) => casesOf(role, 'ap-south-1'));

  test('no guardrail stops any of it', () => {
    const results = simulateHere(cases, guardrailsWith(everything));
    expect(results.length).toBeGreaterThan(500);
    expect(results.filter(({ result }) => result !== 'allowed')).toEqual([]);
    expect(new Set(roles.map(({ name }) => name)).size).toBeGreaterThanOrEqual(10);
  });

  test('under guardrails for roles of other names it would be', () => {
    const others = guardrailsWith(`roles: { suffix: Other, names: { operator: O, member: M } }\n${everything}`);
    const stopped = simulateHere(cases, others).filter(({ result }) => result === 'denied');
    expect(new Set(stopped.map(({ role }) => role))).toEqual(
      new Set(['GarrisonOperator', 'GarrisonMember', 'AWSCloudFormationStackSetExecutionRoleForSecurity']),
    );
    expect(stopped.find(({ action }) => action === 'guardduty:UpdateDetector')?.guardrails).toContain('keep-guardduty');
  });
});
