import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { busFailures } from '../../scripts/rollout/predictions';
import { AlertRules } from '../../stacks/detections/alertRules';
import { model } from '../stacks/model';
import { appOf, resourcesOf, templateOf } from '../stacks/templates';

// cdk-nag reads a property that the CDK has deprecated.
process.env.JSII_DEPRECATED = 'quiet';

const configured = (logFiles: string, enabled = '[trail-stopped]') =>
  model(`detections: { enabled: ${enabled}, logFiles: { bucket: acme-trail${logFiles} } }\n`);
const topicArn = (accountId: string) => `arn:aws:sns:eu-west-1:${accountId}:trail`;

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly unknown[] };
}

describe('a bucket that tells the queue', () => {
  const key = 'arn:aws:kms:us-east-1:100000000003:key/1a2b';
  const app = appOf(configured(`, bucketAccount: "100000000003", keyArn: "${key}", prefix: AWSLogs/, only: true`));
  const security = templateOf(app, 'garrison-security');

  test('cdk-nag has nothing to say', () => {
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });

  test('the queue takes announcements of the one bucket and of nobody else', () => {
    const policies = resourcesOf(security, 'AWS::SQS::QueuePolicy') as unknown as Policy[];
    const allowing = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement as { Sid?: string; Effect: string }[])
      .filter(({ Sid }) => Sid === 'Bucket');
    expect(allowing).toEqual([
      expect.objectContaining({
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '100000000003' },
          ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::acme-trail' },
        },
      }),
    ]);
  });

  test('no rules are put into accounts', () => {
    const sets = resourcesOf(security, 'AWS::CloudFormation::StackSet').map(({ StackSetName }) => StackSetName);
    expect(sets).not.toContain('garrison-detection-rules');
  });
});

test.each([
  ['the security account’s own topic is subscribed to', '100000000002', 1],
  ['another account’s topic is its owner’s to subscribe to', '100000000003', 0],
])('%s', (_, accountId, subscriptions) => {
  const app = appOf(configured(`, bucketRegion: eu-west-1, topicArn: "${topicArn(accountId)}"`));
  const found = resourcesOf(templateOf(app, 'garrison-security'), 'AWS::SNS::Subscription');
  expect(found.filter(({ Protocol, Region }) => Protocol === 'sqs' && Region === 'eu-west-1')).toHaveLength(
    subscriptions,
  );
});

test('what cannot be is refused', () => {
  expect(() => configured(', bucketRegion: eu-west-1')).toThrow('S3 tells queues of its own region only');
  expect(() => configured('', 'none')).toThrow('enabled is none');
});

test('a bus that names more accounts than its policy holds is told before EventBridge refuses it', () => {
  const failuresWith = (count: number, organizationId?: string) => {
    const stack = new Stack(new App(), 'Stack');
    const accountIds = Array.from({ length: count }, (_, index) => String(100000000000 + index));
    const members = { ...configured(''), organizationId, accountIds };
    new AlertRules(stack, 'Rules', members, { rules: [], queue: undefined as never });
    return busFailures({ template: Template.fromStack(stack).toJSON() });
  };
  expect(failuresWith(600)).toEqual([]);
  expect(failuresWith(700)).toEqual([
    expect.objectContaining({
      code: 'quota.exceeded',
      message: expect.stringMatching(
        /^the policy of the bus would have 1\d,\d{3} characters, since it names the accounts/,
      ),
      remedy: expect.stringContaining('Set organization.id'),
    }),
  ]);
  expect(failuresWith(700, 'o-a1b2c3d4e5')).toEqual([]);
});
