import {
  type CreatePublishingDestinationRequest,
  type DescribePublishingDestinationRequest,
  type DestinationProperties,
  DestinationType,
  type ListPublishingDestinationsRequest,
  type PublishingStatus,
  type UpdatePublishingDestinationRequest,
} from '@aws-sdk/client-guardduty';
import type { Handler } from '../core/service';
import { badRequest, invalidInput } from './errors';
import { checkDestination } from './export';
import { oneOf, page, tagsOf } from './input';
import { existing, type GuardDutyState, newId } from './state';

/** Where findings are exported to: a bucket, encrypted with a key. */
export interface PublishingDestination {
  readonly id: string;
  readonly type: DestinationType;
  properties: DestinationProperties;
  status: PublishingStatus;
  /** Since when GuardDuty cannot write there. */
  failingSince?: Date;
  readonly tags: Map<string, string>;
}

const verificationMilliseconds = 20;

function check(properties: DestinationProperties | undefined): DestinationProperties {
  const bucket = /^arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/;
  const key = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+$/;
  if (!bucket.test(properties?.DestinationArn ?? '') || !key.test(properties?.KmsKeyArn ?? '')) {
    throw invalidInput();
  }
  return properties as DestinationProperties;
}

function verify(state: GuardDutyState, destination: PublishingDestination): void {
  destination.status = 'PENDING_VERIFICATION';
  state.world.later(verificationMilliseconds, () => {
    destination.status = 'PUBLISHING';
  });
}

function create(state: GuardDutyState): Handler {
  return async (input: CreatePublishingDestinationRequest, context) => {
    const detector = state.detector(input.DetectorId, context);
    const type = oneOf(input.DestinationType, DestinationType);
    const properties = check(input.DestinationProperties);
    if (type === undefined) {
      throw invalidInput();
    }
    await checkDestination(state, detector, properties, context);
    if ([...detector.destinations.values()].some((destination) => destination.type === type)) {
      throw badRequest('The request failed because a publishing destination already exists for the specified type.');
    }
    const destination: PublishingDestination = {
      id: newId(),
      type,
      properties,
      status: 'PENDING_VERIFICATION',
      tags: tagsOf(input.Tags),
    };
    detector.destinations.set(destination.id, destination);
    verify(state, destination);
    return { DestinationId: destination.id };
  };
}

/** Operations on publishing destinations. */
export function publishingOperations(state: GuardDutyState): Record<string, Handler> {
  return {
    CreatePublishingDestination: create(state),
    DescribePublishingDestination: (input: DescribePublishingDestinationRequest, context) => {
      const destination = existing(state.detector(input.DetectorId, context).destinations, input.DestinationId);
      return {
        DestinationId: destination.id,
        DestinationType: destination.type,
        Status: destination.status,
        PublishingFailureStartTimestamp: destination.failingSince?.getTime() ?? 0,
        DestinationProperties: destination.properties,
        Tags: Object.fromEntries(destination.tags),
      };
    },
    UpdatePublishingDestination: async (input: UpdatePublishingDestinationRequest, context) => {
      const detector = state.detector(input.DetectorId, context);
      const destination = existing(detector.destinations, input.DestinationId);
      const properties = check({ ...destination.properties, ...input.DestinationProperties });
      await checkDestination(state, detector, properties, context);
      destination.properties = properties;
      verify(state, destination);
      return {};
    },
    DeletePublishingDestination: (input: DescribePublishingDestinationRequest, context) => {
      const { destinations } = state.detector(input.DetectorId, context);
      destinations.delete(existing(destinations, input.DestinationId).id);
      return {};
    },
    ListPublishingDestinations: (input: ListPublishingDestinationsRequest, context) => {
      const all = [...state.detector(input.DetectorId, context).destinations.values()];
      const found = page(all, input);
      return {
        Destinations: found.items.map(({ id, type, status }) => ({
          DestinationId: id,
          DestinationType: type,
          Status: status,
        })),
        NextToken: found.nextToken,
      };
    },
  };
}
