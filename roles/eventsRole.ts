import { type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RoleContext } from './context';
import { eventsRoleName } from './names';
import { allow } from './permissions/statement';
import { addRole } from './role';

/**
 * The role of an account's event rules: trusted for that account's own rules of ours, and able to do nothing but put
 * events on one bus. `accountId` may be a CloudFormation reference.
 */
export function addEventsRole(
  scope: Construct,
  id: string,
  context: RoleContext,
  { accountId, busArn }: { readonly accountId: string; readonly busArn: string },
): Role {
  return addRole(scope, id, context, {
    name: eventsRoleName,
    description: 'Event rules carry findings from every region to the home bus as this role',
    trusts: new ServicePrincipal('events.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': accountId },
        ArnLike: { 'aws:SourceArn': `arn:${context.partition}:events:*:${accountId}:rule/garrison-*` },
      },
    }),
    policyName: 'PutEvents',
    statements: [allow('PutEvents', ['events:PutEvents'], [busArn])],
  });
}
