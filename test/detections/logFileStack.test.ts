import { AwsSolutionsChecks } from 'cdk-nag';
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
