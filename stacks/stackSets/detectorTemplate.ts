import { CfnParameter } from 'aws-cdk-lib';
import { CfnDetector } from 'aws-cdk-lib/aws-guardduty';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import type { DetectorFeature, OrganizationModel } from '../model';

/** Template of `garrison-detectors`. What may differ from account to account is a parameter. */
export class DetectorTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, model: OrganizationModel) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: GuardDuty detector';
    const frequency = new CfnParameter(this, 'FindingPublishingFrequency', {
      type: 'String',
      allowedValues: ['FIFTEEN_MINUTES', 'ONE_HOUR', 'SIX_HOURS'],
      description: 'How often GuardDuty reports further occurrences of a finding',
    });
    const features = model.detectors.features.map((feature) => ({
      name: feature.name,
      status: this.status(feature).valueAsString,
    }));
    new CfnDetector(this, 'Detector', {
      enable: true,
      findingPublishingFrequency: frequency.valueAsString,
      features: features.length === 0 ? undefined : features,
      tags: [{ key: 'garrison', value: 'detector' }],
    });
  }

  private status({ name }: DetectorFeature): CfnParameter {
    return new CfnParameter(this, parameterOf(name), {
      type: 'String',
      allowedValues: ['ENABLED', 'DISABLED'],
      description: `Protection plan ${name}`,
    });
  }
}

/** Values of the template's parameters for every account that has none of its own. */
export function detectorParameters({ detectors }: OrganizationModel): Record<string, string> {
  return {
    FindingPublishingFrequency: detectors.findingPublishingFrequency,
    ...Object.fromEntries(detectors.features.map(({ name, status }) => [parameterOf(name), status])),
  };
}

/** `S3_DATA_EVENTS` → `S3DataEvents`: logical ids take letters and digits only. */
function parameterOf(feature: string): string {
  return feature
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
