import { Aws } from 'aws-cdk-lib';
import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import { addEventsRole, MemberRole } from '../../roles';
import { busArn, type OrganizationModel } from '../model';

/** Template of `garrison-member-roles`. */
export class MemberRoleTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, model: OrganizationModel) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: member role';
    new MemberRole(this, 'MemberRole', model);
    if (model.rulesEverywhere) {
      addEventsRole(this, 'EventsRole', model, { accountId: Aws.ACCOUNT_ID, busArn: busArn(model) });
    }
  }
}
