import {
  type CreateOrganizationRequest,
  type ListRootsRequest,
  OrganizationFeatureSet,
} from '@aws-sdk/client-organizations';
import type { Handler } from '../core/service';
import { asManagement, asReader } from './access';
import { accountOf, describeOrganization, describeRoot } from './describe';
import { organizationsError } from './errors';
import { found } from './found';
import { oneOf, page } from './input';
import { memberships, type OrganizationsState } from './state';
import { publishView } from './view';

function create(state: OrganizationsState): Handler {
  return async (input: CreateOrganizationRequest, context) => {
    const featureSet = oneOf(input.FeatureSet ?? 'ALL', OrganizationFeatureSet);
    if (state.of(context.accountId)) {
      throw organizationsError('AlreadyInOrganizationException');
    }
    const organization = found(state, context.accountId, featureSet);
    publishView(state);
    await state.world.organization.tell('joined', accountOf(state, context.accountId));
    return { Organization: describeOrganization(state, organization) };
  };
}

function remove(state: OrganizationsState): Handler {
  return async (_input: unknown, context) => {
    const organization = asManagement(state, context, 'DeleteOrganization');
    if (memberships(organization).length > 1) {
      throw organizationsError('OrganizationNotEmptyException');
    }
    state.organizations.splice(state.organizations.indexOf(organization), 1);
    publishView(state);
    await state.world.organization.tell('left', accountOf(state, context.accountId));
  };
}

/** The organization itself and its root. */
export function organizationOperations(state: OrganizationsState): Record<string, Handler> {
  return {
    CreateOrganization: create(state),
    DeleteOrganization: remove(state),
    DescribeOrganization: (_input: unknown, context) => ({
      Organization: describeOrganization(state, state.required(context)),
    }),
    ListRoots: (input: ListRootsRequest, context) => {
      const found = page([asReader(state, context, 'ListRoots')], input);
      return { Roots: found.items.map((each) => describeRoot(state, each)), NextToken: found.nextToken };
    },
  };
}
