import * as schemas from '@aws-sdk/client-organizations';
import type { ServiceFactory } from '../core/service';
import { accountOperations } from './accounts';
import { createAccountOperations } from './createAccount';
import { foundInitial } from './found';
import { organizationOperations } from './organization';
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
      ...tagOperations(state),
    },
  };
};
