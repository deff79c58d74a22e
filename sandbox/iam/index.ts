import * as schemas from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import type { ServiceFactory } from '../core/service';
import { serviceSchema } from '../wire/schema';
import { accountOperations } from './account';
import { attachmentOperations } from './attachments';
import { iamAuthorization } from './authorization';
import { certificateOperations } from './certificates';
import { credentialOperations } from './credentials';
import { furnishOperations } from './furnish';
import { awsManagedPolicies } from './managed';
import { outboundOperations } from './outbound';
import { Policies, policyOperations } from './policies';
import { profileOperations } from './profiles';
import { providerOperations } from './providers';
import { reportOperations } from './report';
import { roleOperations } from './roles';
import { simulationOperations } from './simulate';
import { IamState } from './state';
import { tagOperations } from './tagging';
import { userOperations } from './users';
import { StateView } from './view';

/** AWS Identity and Access Management: what decides about every call of the world. */
export const createIam: ServiceFactory = (world) => {
  const state = new IamState(world.partition);
  const policies = new Policies(state, awsManagedPolicies(world.partition));
  const view = new StateView(state, policies, world);
  world.identity.current = view;
  return {
    signingNames: ['iam'],
    schemas,
    operations: {
      ...userOperations(state, policies),
      ...roleOperations(state, policies),
      ...policyOperations(state, policies),
      ...attachmentOperations(state, policies),
      ...profileOperations(state),
      ...credentialOperations(state, world),
      ...certificateOperations(state),
      ...providerOperations(state),
      ...tagOperations(state, policies),
      ...accountOperations(state, policies, world),
      ...simulationOperations(state, view, policies),
      ...reportOperations(state),
      ...outboundOperations(state),
      ...furnishOperations(state, world),
    },
    authorize: (operation, input, context) => iamAuthorization(state, operation, input, context),
    // Errors go by their shapes' names in the records, not by their codes on the wire.
    trail: ({ error }) => {
      const known = error instanceof ServiceError ? serviceSchema(schemas).errors.get(error.code) : undefined;
      return known && { errorCode: known.name };
    },
  };
};
