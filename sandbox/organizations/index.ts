import * as schemas from '@aws-sdk/client-organizations';
import type { ServiceFactory } from '../core/service';
import { accountOperations } from './accounts';
import { attachmentOperations } from './attachments';
import { authorization } from './authorization';
import { createAccountOperations } from './createAccount';
import { delegationOperations } from './delegation';
import { effectiveOperations } from './effective';
import { foundInitial } from './found';
import { handshakeOperations } from './handshakes';
import { organizationOperations } from './organization';
import { policyOperations } from './policies';
import { OrganizationsState } from './state';
import { tagOperations } from './tags';
import { unitOperations } from './units';
import { publishView } from './view';

/** AWS Organizations: one tree of accounts and its policies; global, state of the world. */
export const createOrganizations: ServiceFactory = (world) => {
  const state = new OrganizationsState(world);
  foundInitial(state);
  publishView(state);
  return {
    signingNames: ['organizations'],
    schemas,
    operations: {
      ...organizationOperations(state),
      ...unitOperations(state),
      ...accountOperations(state),
      ...createAccountOperations(state),
      ...handshakeOperations(state),
      ...policyOperations(state),
      ...attachmentOperations(state),
      ...effectiveOperations(state),
      ...delegationOperations(state),
      ...tagOperations(state),
    },
    authorize: (operation, input, context) => authorization(state, operation, input, context),
  };
};
