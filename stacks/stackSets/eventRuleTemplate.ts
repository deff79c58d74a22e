import { CfnRule } from 'aws-cdk-lib/aws-events';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import { findingPattern } from '../../organization/config/notifierPatterns';
import { arnOfRole, eventsRoleName } from '../../roles';
import { busArn, type OrganizationModel, resourceNames } from '../model';

/** Template of `garrison-event-rules`: GuardDuty reports on the default bus of the administrator, region by region. */
export class EventRuleTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, model: OrganizationModel) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: findings to the home region';
    const { pattern, unsaid } = findingPattern(model.notifier);
    new CfnRule(this, 'Findings', {
      name: resourceNames.findingsRule,
      description: `Findings that the routes want go to the bus in the home region${noteOf(unsaid)}`,
      eventPattern: pattern,
      state: 'ENABLED',
      targets: [
        {
          id: 'home',
          arn: busArn(model),
          roleArn: arnOfRole(model, model.securityAccountId, eventsRoleName),
        },
      ],
    });
  }
}

/** What the pattern has no room or no words for is delivered, and dropped by the notifier. */
function noteOf(unsaid: readonly string[]): string {
  return unsaid.length === 0 ? '' : `; ${unsaid.length} silences are left to the notifier`;
}
