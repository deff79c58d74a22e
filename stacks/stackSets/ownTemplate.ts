import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import type { OwnStackSet } from '../../organization/ownStackSets';

/** A template of one's own, as it stands in its file. */
export class OwnTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, { templateFile }: OwnStackSet) {
    super(scope, id);
    // Parameters that nobody uses, unknown types, cycles: CloudFormation is the judge of a template, not the CDK.
    new CfnInclude(this, 'Template', { templateFile, allowCyclicalReferences: true });
  }
}
