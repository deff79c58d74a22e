import * as schemas from '@aws-sdk/client-iam';
import { ServiceError } from '../core/errors';
import type { ServiceFactory } from '../core/service';
import { serviceSchema } from '../wire/schema';
import { accessAdvisorOperations } from './accessAdvisor';
import { keyOperations } from './accessKeys';
import { accountOperations } from './account';
import { attachmentOperations } from './attachments';
import { iamAuthorization } from './authorization';
import { serverCertificateOperations } from './certificates';
import { furnishOperations } from './furnish';
import { loginOperations } from './loginProfiles';
import { awsManagedPolicies } from './managed';
import { mfaOperations } from './mfaDevices';
import { outboundOperations } from './outbound';
import { Policies, policyOperations } from './policies';
import { profileOperations } from './profiles';
import { providerOperations } from './providers';
import { reportOperations } from './report';
import { roleOperations } from './roles';
import { serviceCredentialOperations } from './serviceCredentials';
import { linkedRoleOperations } from './serviceLinkedRoles';
import { simulationOperations } from './simulate';
import { IamState } from './state';
import { tagOperations } from './tagging';
import { userKeyOperations } from './userKeys';
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
      ...linkedRoleOperations(state),
      ...policyOperations(state, policies),
      ...attachmentOperations(state, policies),
      ...profileOperations(state),
      ...keyOperations(state, world),
      ...loginOperations(state),
      ...mfaOperations(state),
      ...serviceCredentialOperations(state),
      ...serverCertificateOperations(state),
      ...userKeyOperations(state),
      ...providerOperations(state),
      ...tagOperations(state, policies),
      ...accountOperations(state, policies, world),
      ...simulationOperations(state, view, policies),
      ...reportOperations(state),
      ...accessAdvisorOperations(state, policies),
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
