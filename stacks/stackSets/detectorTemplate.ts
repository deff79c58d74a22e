import { CfnDetector } from 'aws-cdk-lib/aws-guardduty';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';

/**
 * Template of `garrison-detectors`. It says neither protection plans nor how often findings are published: once an
 * account is a member, GuardDuty takes changes of both from its administrator alone, so that an instance which held
 * them could not be updated. `guardduty/` sets them as the administrator.
 */
export class DetectorTemplate extends StackSetStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: GuardDuty detector';
    new CfnDetector(this, 'Detector', { enable: true, tags: [{ key: 'garrison', value: 'detector' }] });
  }
}
