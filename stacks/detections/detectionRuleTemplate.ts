import { Aws, CfnCondition, Fn } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import type { ForwardingRule } from '../../detections/rollout';
import { globalRegionOf } from '../../organization/partitions';
import { arnOfRole, eventsRoleName } from '../../roles';
import { busArn, type OrganizationModel } from '../model';

/**
 * Template of `garrison-detection-rules`: what a detection may fire on goes to the bus in the home region, directly, as
 * EventBridge does not carry an event over a third bus. Rules for global services stand where those report.
 */
export class DetectionRuleTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, model: OrganizationModel, rules: readonly ForwardingRule[]) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: events for the detections to the home region';
    const global = rules.some(({ globalOnly }) => globalOnly)
      ? new CfnCondition(this, 'IsGlobalRegion', {
          expression: Fn.conditionEquals(Aws.REGION, globalRegionOf(model.partition)),
        })
      : undefined;
    for (const { name, description, state, globalOnly, eventPattern } of rules) {
      const rule = new CfnRule(this, logicalId(name), {
        name,
        description,
        eventPattern,
        state,
        targets: [{ id: 'home', arn: busArn(model), roleArn: arnOfRole(model, Aws.ACCOUNT_ID, eventsRoleName) }],
      });
      rule.cfnOptions.condition = globalOnly ? global : undefined;
    }
  }
}

/** `garrison-detections-global-1` → `DetectionsGlobal1`: logical ids take letters and digits only. */
export function logicalId(name: string): string {
  const words = name.replace(/^garrison-/, '').split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
