import * as schemas from '@aws-sdk/client-cloudtrail';
import { requestTagConditions, resourceTagConditions, type Tag, tagsFrom } from '../common/tags';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { delegationOperations } from './delegation';
import { loggingOperations } from './logging';
import { lookupEvents } from './lookup';
import { selectorOperations, selectsData } from './selectors';
import { Trails } from './state';
import { tagOperations } from './tags';
import { trailOperations } from './trails';

interface Input {
  readonly Name?: string;
  readonly TrailName?: string;
  readonly ResourceId?: string;
  readonly TagsList?: Tag[];
}

/** Operations that name no trail. */
const everywhere = [
  'DescribeTrails',
  'ListTrails',
  'LookupEvents',
  'ListTags',
  'RegisterOrganizationDelegatedAdmin',
  'DeregisterOrganizationDelegatedAdmin',
];

function authorization(
  trails: Trails,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const action = `cloudtrail:${operation}`;
  if (everywhere.includes(operation)) {
    return [{ action, resources: ['*'] }];
  }
  const input = (given ?? {}) as Input;
  const name = input.Name ?? input.TrailName ?? input.ResourceId ?? '';
  const arn = name.startsWith('arn:') ? name : trails.arn(name, context);
  const tags = trails.find(arn)?.tags ?? new Map();
  const conditions = { ...requestTagConditions(tagsFrom(input.TagsList)), ...resourceTagConditions(tags) };
  return [{ action, resources: [arn], conditions }];
}

/** AWS CloudTrail: trails, what they select, and the history of the latest events. */
export const createCloudTrail: ServiceFactory = (world) => {
  const trails = new Trails(world);
  return {
    signingNames: ['cloudtrail'],
    schemas,
    operations: {
      ...trailOperations(trails),
      ...loggingOperations(trails),
      ...selectorOperations(trails),
      ...tagOperations(trails),
      ...delegationOperations(),
      LookupEvents: lookupEvents(world),
    },
    authorize: (operation, input, context) => authorization(trails, operation, input, context),
    selects: (event) =>
      [...trails.values()].some(
        (trail) =>
          trail.logging &&
          trails.covers(trail, event.accountId) &&
          (trail.multiRegion || trail.homeRegion === event.region) &&
          selectsData(trail, event),
      ),
  };
};
