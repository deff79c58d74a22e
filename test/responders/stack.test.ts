import { AwsSolutionsChecks } from 'cdk-nag';
import { model } from '../stacks/model';
import { appOf } from '../stacks/templates';

// cdk-nag reads a property that the CDK has deprecated.
process.env.JSII_DEPRECATED = 'quiet';
const on = 'detections: { enabled: all }\nresponders: { enabled: all, buckets: [papers, "audit-*"] }';
const app = appOf(model(on), true);

test('cdk-nag has nothing to say that is not answered', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});
