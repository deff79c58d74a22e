import { CfnRule } from 'aws-cdk-lib/aws-events';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import { arnOfRole, eventsRoleName } from '../../roles';
import { findingsPattern } from '../findingsPattern';
import { busArn, type OrganizationModel, resourceNames } from '../model';

/** Template of `garrison-event-rules`: GuardDuty reports on the default bus of the administrator, region by region. */
export class EventRuleTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, model: OrganizationModel) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: findings to the home region';
    new CfnRule(this, 'Findings', {
      name: resourceNames.findingsRule,
      description: 'Findings at or above the configured severity go to the bus in the home region',
      eventPattern: findingsPattern(model),
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
