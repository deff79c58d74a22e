import { CfnRule } from 'aws-cdk-lib/aws-events';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import { findingPattern } from '../../organization/config/notifierPatterns';
import { arnOfRole, eventsRoleName } from '../../roles';
import { busArn, type OrganizationModel, resourceNames } from '../model';
import { findingsForResponders } from '../responders/rules';

/** Template of `garrison-event-rules`: GuardDuty reports on the default bus of the administrator, region by region. */
export class EventRuleTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, model: OrganizationModel) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: findings to the home region';
    const { pattern, unsaid } = findingPattern(model.notifier);
    const targets = [
      { id: 'home', arn: busArn(model), roleArn: arnOfRole(model, model.securityAccountId, eventsRoleName) },
    ];
    new CfnRule(this, 'Findings', {
      name: resourceNames.findingsRule,
      description: `Findings that the routes want go to the bus in the home region${noteOf(unsaid)}`,
      eventPattern: pattern,
      state: 'ENABLED',
      targets,
    });
    // Whatever the routes want: the use of root's credentials is a finding of low severity.
    const responding = model.responding?.rules.rules.find(({ name }) => name === findingsForResponders);
    if (responding) {
      const { name, description, eventPattern, state } = responding;
      new CfnRule(this, 'FindingsForResponders', { name, description, eventPattern, state, targets });
    }
  }
}

/** What the pattern has no room or no words for is delivered, and dropped by the notifier. */
function noteOf(unsaid: readonly string[]): string {
  return unsaid.length === 0 ? '' : `; ${unsaid.length} silences are left to the notifier`;
}
