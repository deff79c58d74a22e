import { StackSetStack } from 'cdk-stacksets';
import type { Construct } from 'constructs';
import { MemberRole, type RoleContext } from '../../roles';

/** Template of `garrison-member-roles`. */
export class MemberRoleTemplate extends StackSetStack {
  constructor(scope: Construct, id: string, context: RoleContext) {
    super(scope, id);
    this.templateOptions.description = 'Garrison: member role';
    new MemberRole(this, 'MemberRole', context);
  }
}
