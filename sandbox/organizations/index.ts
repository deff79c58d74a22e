import * as schemas from '@aws-sdk/client-organizations';
import type { Handler, ServiceFactory } from '../core/service';
import { accountOperations } from './accounts';
import { attachmentOperations } from './attachments';
import { authorization } from './authorization';
import { createAccountOperations } from './createAccount';
import { delegationOperations } from './delegation';
import { effectiveOperations } from './effective';
import { foundInitial } from './found';
import { handshakeOperations } from './handshakes';
import { inputRequired } from './input';
import { organizationOperations } from './organization';
import { policyOperations } from './policies';
import { OrganizationsState } from './state';
import { tagOperations } from './tags';
import { transferOperations } from './transfers';
import { unitOperations } from './units';
import { publishView } from './view';

/** After these, accounts may have other effective policies. */
const changing = [
  'AttachPolicy',
  'DetachPolicy',
  'UpdatePolicy',
  'EnablePolicyType',
  'DisablePolicyType',
  'MoveAccount',
  'CreateAccount',
  'CreateGovCloudAccount',
  'AcceptHandshake',
  'RemoveAccountFromOrganization',
  'LeaveOrganization',
];

/** Tells the world after each operation that may change effective policies. */
function telling(operations: Record<string, Handler>, tell: () => void): Record<string, Handler> {
  const wrapped = changing.map((name): [string, Handler] => [
    name,
    async (input, context) => {
      const answer = await operations[name]?.(input, context);
      tell();
      return answer;
    },
  ]);
  return { ...operations, ...Object.fromEntries(wrapped) };
}

/** AWS Organizations: one tree of accounts and its policies; global, state of the world. */
export const createOrganizations: ServiceFactory = (world) => {
  const state = new OrganizationsState(world);
  foundInitial(state);
  publishView(state);
  return {
    signingNames: ['organizations'],
    schemas,
    operations: telling(
      {
        ...organizationOperations(state),
        ...unitOperations(state),
        ...accountOperations(state),
        ...createAccountOperations(state),
        ...handshakeOperations(state),
        ...transferOperations(state),
        ...policyOperations(state),
        ...attachmentOperations(state),
        ...effectiveOperations(state),
        ...delegationOperations(state),
        ...tagOperations(state),
      },
      () => world.organization.tellPoliciesChanged(),
    ),
    refuseInput: (missing) => (missing === undefined ? undefined : inputRequired()),
    authorize: (operation, input, context) => authorization(state, operation, input, context),
  };
};
