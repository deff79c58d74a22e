import * as schemas from '@aws-sdk/client-account';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import type { World } from '../core/world';
import { contactOperations } from './contacts';
import { identityOperations } from './identity';
import { phoneOperations } from './phone';
import { regionOperations } from './regions';
import { AccountState } from './state';

/** `account` for the caller's own, `account/o-…/<id>` for a member that the call names. */
function authorization(world: World, operation: string, input: unknown, context: CallContext): AuthorizationRequest[] {
  const given = (input ?? {}) as { AccountId?: string; RegionName?: string };
  const organization = world.organization.current;
  const arn = (resource: string, owner: string) => `arn:${world.partition}:account::${owner}:${resource}`;
  const resource =
    given.AccountId && organization
      ? arn(`account/${organization.id}/${given.AccountId}`, organization.managementAccountId)
      : arn('account', context.accountId);
  return [
    {
      action: `account:${operation}`,
      resources: [resource],
      conditions: given.RegionName ? { 'account:TargetRegion': given.RegionName } : undefined,
    },
  ];
}

/** AWS Account Management: regions, contacts, names and e-mail addresses of accounts. */
export const createAccount: ServiceFactory = (world) => {
  const state = new AccountState(world);
  return {
    signingNames: ['account'],
    schemas,
    operations: {
      ...regionOperations(state),
      ...contactOperations(state),
      ...identityOperations(state),
      ...phoneOperations(state),
    },
    authorize: (operation, input, context) => authorization(world, operation, input, context),
  };
};
