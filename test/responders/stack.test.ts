import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';
import { model } from '../stacks/model';
import { appOf, resourcesOf, rolesOf, templateOf } from '../stacks/templates';

// cdk-nag reads a property that the CDK has deprecated.
process.env.JSII_DEPRECATED = 'quiet';
const detections = 'security-group-open-to-world, guardduty-disabled, trail-stopped, s3-objects-removed';
const app = appOf(
  model(`detections: { enabled: [${detections}] }\nresponders: { enabled: all, buckets: [papers, "audit-*"] }`),
);
const security = templateOf(app, 'garrison-security');
const bus = resourcesOf(security, 'AWS::Events::Rule').filter(({ Name }) => Name.startsWith('garrison-respond-'));

test('cdk-nag has nothing to say that is not answered', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});

test('rules of the bus bring what the responders answer to into their queue, each with retries and a dead-letter queue', () => {
  expect(bus.map(({ Name }) => Name).sort()).toEqual([
    'garrison-respond-findings',
    'garrison-respond-guardduty-disabled',
    'garrison-respond-opened-security-group',
    'garrison-respond-s3-objects-removed',
    'garrison-respond-security-group-open-to-world-1',
    'garrison-respond-security-group-open-to-world-2',
    'garrison-respond-trail-stopped',
    'garrison-respond-unapproved-image',
  ]);
  for (const { EventBusName, Targets } of bus) {
    expect(EventBusName).toBe('garrison');
    expect(Targets).toMatchObject([
      { DeadLetterConfig: { Arn: expect.anything() }, RetryPolicy: { MaximumRetryAttempts: 185 } },
    ]);
  }
});

test('findings about credentials come, samples and all; others do not', () => {
  const rule = bus.find(({ Name }) => Name === 'garrison-respond-findings');
  const pattern = parseEventPattern(JSON.stringify(rule.EventPattern));
  const finding = (type: string) => ({ source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail: { type } });
  expect(matchesEventPattern(pattern, finding('UnauthorizedAccess:IAMUser/MaliciousIPCaller'))).toBe(true);
  expect(matchesEventPattern(pattern, finding('Policy:IAMUser/RootCredentialUsage'))).toBe(true);
  expect(matchesEventPattern(pattern, finding('UnauthorizedAccess:EC2/SSHBruteForce'))).toBe(false);
});

test('every launch reaches the bus, whichever images the detection knows', () => {
  const rules = resourcesOf(templateOf(app, 'DetectionRuleTemplate'), 'AWS::Events::Rule');
  const launches = rules.find(({ Name }) => Name === 'garrison-respond-unapproved-image');
  expect(launches.EventPattern.detail).toMatchObject({ eventName: ['RunInstances'] });
});

test('the role in the accounts trusts the function’s role alone, and knows the buckets that are named', () => {
  const role = rolesOf(templateOf(app, 'ResponderRoleTemplate')).get('GarrisonResponder');
  expect(role?.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::100000000002:role/garrison-responder' },
      Condition: { StringLike: { 'sts:RoleSessionName': 'garrison-*' } },
    },
  ]);
  const statements = role?.Policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
  expect(statements.find(({ Sid }) => Sid === 'DeleteMarkers')?.Resource).toEqual([
    'arn:aws:s3:::papers/*',
    'arn:aws:s3:::audit-*/*',
  ]);
});

test('the function may reach that role, its queue, its table and the alert queue, and nothing else', () => {
  const role = rolesOf(security).get('garrison-responder');
  const actions = role?.Policies?.flatMap(({ PolicyDocument }) =>
    PolicyDocument.Statement.flatMap(({ Action }) => Action),
  );
  expect([...new Set(actions?.flat().map((action) => action.split(':')[0]))].sort()).toEqual([
    'dynamodb',
    'kms',
    'logs',
    'sqs',
    'sts',
  ]);
});

test('the record is kept: recovery to any point in time, in a table of its own', () => {
  const table = resourcesOf(security, 'AWS::DynamoDB::Table').find(
    ({ TableName }) => TableName === 'garrison-responses',
  );
  expect(table).toMatchObject({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } });
});

test('the bundle has its settings beside it, and neither the SDK nor a secret in it', () => {
  const folders = readdirSync(app.outdir).filter((name) => name.startsWith('asset.') && !name.includes('.json'));
  const files = folders.map((name) => join(app.outdir, name)).filter((folder) => readdirSync(folder).length === 2);
  const folder = files.find((each) => readFileSync(join(each, 'settings.json'), 'utf8').includes('approvalMinutes'));
  expect(readdirSync(folder as string).sort()).toEqual(['index.js', 'settings.json']);
  expect(readFileSync(join(folder as string, 'index.js')).length).toBeLessThan(120_000);
});
