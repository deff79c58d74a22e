import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { model } from './model';
import { appOf, resourcesOf, rolesOf, templateOf } from './templates';

// cdk-nag reads a property that the CDK has deprecated.
process.env.JSII_DEPRECATED = 'quiet';
const app = appOf(model(), true);
const { outdir } = app;
const security = templateOf(app, 'garrison-security');

test('cdk-nag has nothing to say that is not answered', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources.length])).toEqual([]);
});

test("the CDK's linter has nothing to say about the templates", () => {
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  expect(report.pluginReports).toEqual([]);
});

test('cdk-nag has nothing to say about administrator access either, which is chosen', () => {
  const chosen = appOf(model('roles: { permissions: administrator-access }'));
  expect(new AwsSolutionsChecks(chosen).validateScope(chosen).violations.map(({ ruleName }) => ruleName)).toEqual([]);
});

test('six stacks, however many accounts there are', () => {
  const many = appOf(model('', 600));
  expect(many.node.children.map((child) => child.node.id)).toEqual(app.node.children.map((child) => child.node.id));
  expect(app.node.children).toHaveLength(6);
  expect(templateOf(many, 'garrison-execution-member')).toEqual(templateOf(app, 'garrison-execution-member'));
});

test('stack sets are run as the security account, tolerate failures, and leave instances to apply', () => {
  const sets = resourcesOf(security, 'AWS::CloudFormation::StackSet');
  expect(sets.map(({ StackSetName }) => StackSetName).sort()).toEqual([
    'garrison-detectors',
    'garrison-event-rules',
    'garrison-member-roles',
  ]);
  for (const set of sets) {
    expect(set).toMatchObject({
      PermissionModel: 'SELF_MANAGED',
      AdministrationRoleARN: 'arn:aws:iam::100000000002:role/AWSCloudFormationStackSetAdministrationRoleForSecurity',
      ExecutionRoleName: 'AWSCloudFormationStackSetExecutionRoleForSecurity',
      ManagedExecution: { Active: true },
      OperationPreferences: {
        RegionConcurrencyType: 'PARALLEL',
        MaxConcurrentPercentage: 100,
        FailureTolerancePercentage: 100,
        ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      },
    });
    expect(set).not.toHaveProperty('StackInstancesGroup');
  }
});

describe('with the detections of the catalog', () => {
  const guarded = appOf(model('detections: { enabled: all }', 600));
  const stack = templateOf(guarded, 'garrison-security');
  const rules = resourcesOf(templateOf(guarded, 'DetectionRuleTemplate'), 'AWS::Events::Rule');

  test('cdk-nag has nothing to say', () => {
    const { violations } = new AwsSolutionsChecks(guarded).validateScope(guarded);
    expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources.length])).toEqual([]);
  });

  test('every account carries events to the bus, as a role of its own that may do nothing else', () => {
    for (const { Name, Targets, EventPattern } of rules) {
      expect(Name).toMatch(/^garrison-detections-(global|regional)-\d+$/);
      expect(JSON.stringify(EventPattern).length).toBeLessThanOrEqual(2_048);
      expect(Targets).toEqual([
        {
          Id: 'home',
          Arn: 'arn:aws:events:us-east-1:100000000002:event-bus/garrison',
          RoleArn: { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':role/garrison-events']] },
        },
      ]);
    }
    const role = rolesOf(templateOf(guarded, 'MemberRoleTemplate')).get('garrison-events');
    expect(role?.Policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)).toMatchObject([
      { Action: 'events:PutEvents', Resource: 'arn:aws:events:us-east-1:100000000002:event-bus/garrison' },
    ]);
  });

  test('rules for global services stand in the global region only', () => {
    const template = templateOf(guarded, 'DetectionRuleTemplate') as unknown as {
      Resources: Record<string, { Condition?: string; Properties: { Name: string } }>;
    };
    for (const { Condition, Properties } of Object.values(template.Resources)) {
      expect(Condition).toBe(Properties.Name.includes('-global-') ? 'IsGlobalRegion' : undefined);
    }
  });

  test('the bus admits the organization, or outside of one the accounts, through that role alone', () => {
    const statements = (template: typeof stack) =>
      resourcesOf(template, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement.Condition);
    const admitted = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/garrison-events' } };
    expect(statements(stack)).toContainEqual({
      ...admitted,
      StringEquals: { 'aws:PrincipalAccount': expect.arrayContaining(['100000000003']) },
    });
    const known = appOf({ ...model('detections: { enabled: [root-sign-in] }'), organizationId: 'o-exampleorgid' });
    expect(statements(templateOf(known, 'garrison-security'))).toContainEqual({
      ...admitted,
      StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
    });
  });
});

test('event rules compare severities as numbers and carry findings home as their role', () => {
  expect(resourcesOf(templateOf(app, 'EventRuleTemplate'), 'AWS::Events::Rule')[0]).toMatchObject({
    EventPattern: {
      source: ['aws.guardduty'],
      'detail-type': ['GuardDuty Finding'],
      detail: { severity: [{ numeric: ['>=', 4] }] },
    },
    Targets: [
      {
        Arn: 'arn:aws:events:us-east-1:100000000002:event-bus/garrison',
        RoleArn: 'arn:aws:iam::100000000002:role/garrison-events',
      },
    ],
  });
});

test('a route that asks for a lower band lowers what leaves a region', () => {
  expect(model().minimumSeverity).toBe(4);
  const routes = '{ when: { severity: [Low] }, to: [slack] }';
  expect(model().notifier.routes).toEqual([]);
  expect(model('', 3, routes).minimumSeverity).toBe(1);
});

test('queues take events from our own rule only, encrypted, over TLS only', () => {
  const policies = resourcesOf(security, 'AWS::SQS::QueuePolicy');
  expect(policies).toHaveLength(2);
  for (const { PolicyDocument } of policies) {
    const [denial, allowance] = PolicyDocument.Statement;
    expect(denial).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(allowance).toMatchObject({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Condition: {
        StringEquals: { 'aws:SourceAccount': '100000000002' },
        ArnLike: { 'aws:SourceArn': expect.anything() },
      },
    });
    expect(
      PolicyDocument.Statement.every(({ Action }: { Action: string }) => /^sqs:(\*|SendMessage)$/.test(Action)),
    ).toBe(true);
  }
});

test('the bundle has its settings beside it and no secret in them', () => {
  const asset = readdirSync(outdir).find((name) => name.startsWith('asset.')) as string;
  expect(readdirSync(join(outdir, asset)).sort()).toEqual(['catalog.json', 'index.js', 'more.js', 'settings.json']);
  const settings = JSON.parse(readFileSync(join(outdir, asset, 'settings.json'), 'utf8'));
  expect(settings).toMatchObject({ version: 1, tableName: 'garrison-alerts', homeRegion: 'us-east-1' });
});

test('no stack needs the CDK bootstrap', () => {
  const manifest = readFileSync(join(outdir, 'manifest.json'), 'utf8');
  expect(manifest).not.toContain('cdk-hnb659fds');
  expect(manifest).not.toContain('/cdk-bootstrap/');
  for (const file of readdirSync(outdir).filter((name) => name.endsWith('.template.json'))) {
    expect(readFileSync(join(outdir, file), 'utf8')).not.toContain('CheckBootstrapVersion');
  }
});

describe('with a bucket that findings are exported to', () => {
  const exporting = appOf(model('', 3, '', 'publishingDestinations: [{ create: true, expireAfterDays: 400 }]'));
  const findings = templateOf(exporting, 'garrison-findings');
  const guardDuty = { Service: ['guardduty.amazonaws.com', 'guardduty.af-south-1.amazonaws.com'] };

  test('cdk-nag has nothing to say, and it has a stack of its own', () => {
    const { violations } = new AwsSolutionsChecks(exporting).validateScope(exporting);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
    expect(resourcesOf(findings, 'AWS::S3::Bucket')).toEqual([
      expect.objectContaining({
        BucketName: 'garrison-findings-100000000002-us-east-1',
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: [expect.objectContaining({ ExpirationInDays: 400, Status: 'Enabled' })] },
      }),
    ]);
  });

  test('GuardDuty may write there for our detectors, from regions that are opted in to as well, with our key alone', () => {
    const ours = {
      StringEquals: { 'aws:SourceAccount': '100000000002' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:guardduty:*:100000000002:detector/*' },
    };
    const [{ KeyPolicy, EnableKeyRotation }] = resourcesOf(findings, 'AWS::KMS::Key');
    expect(EnableKeyRotation).toBe(true);
    expect(KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({ Action: 'kms:GenerateDataKey', Principal: guardDuty, Condition: ours }),
    );
    const [{ PolicyDocument }] = resourcesOf(findings, 'AWS::S3::BucketPolicy');
    const told = PolicyDocument.Statement.map((statement: { Effect: string; Action: string; Condition: object }) => [
      statement.Effect,
      statement.Action,
      statement.Condition,
    ]);
    expect(told).toEqual([
      ['Deny', 's3:*', { Bool: { 'aws:SecureTransport': 'false' } }],
      ['Allow', 's3:GetBucketLocation', ours],
      ['Allow', 's3:PutObject', ours],
      ['Deny', 's3:PutObject', { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }],
      [
        'Deny',
        's3:PutObject',
        { StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': expect.anything() } },
      ],
    ]);
  });
});
