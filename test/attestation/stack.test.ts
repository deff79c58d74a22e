import { AwsSolutionsChecks } from 'cdk-nag';
import { model } from '../stacks/model';
import { appOf, templateOf } from '../stacks/templates';
import { modelWith } from './model';

process.env.JSII_DEPRECATED = 'quiet';

const app = appOf(modelWith());

test('nothing of it is synthesized where it is off', () => {
  const off = appOf(model('detections: { enabled: all }'));
  expect(off.node.children.map(({ node }) => node.id)).not.toContain('garrison-record');
  expect(JSON.stringify(templateOf(off, 'garrison-security'))).not.toMatch(/attest|garrison-questions/i);
});

test('cdk-nag has nothing to say that is not answered', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources[0]])).toEqual([]);
});
