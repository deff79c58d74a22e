import type { Event, LookupEventsRequest, Resource } from '@aws-sdk/client-cloudtrail';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import type { World } from '../core/world';
import { trailError } from './errors';

type Part = Readonly<Record<string, unknown>>;

function part(value: unknown): Part {
  return typeof value === 'object' && value !== null ? (value as Part) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Who called, as the event history names them: the user, the session, or `root`. */
function userName(identity: Part): string | undefined {
  if (identity.type === 'Root') {
    return 'root';
  }
  const arn = text(identity.arn) ?? '';
  return text(identity.userName) ?? (arn.includes('/') ? arn.slice(arn.lastIndexOf('/') + 1) : undefined);
}

/** Parameters that name a resource, and of which type. */
const named: Readonly<Record<string, string>> = {
  accessKeyId: 'AWS::IAM::AccessKey',
  bucketName: 'AWS::S3::Bucket',
  groupId: 'AWS::EC2::SecurityGroup',
  imageId: 'AWS::EC2::Ami',
  instanceId: 'AWS::EC2::Instance',
  networkInterfaceId: 'AWS::EC2::NetworkInterface',
  roleName: 'AWS::IAM::Role',
  snapshotId: 'AWS::EC2::Snapshot',
  subnetId: 'AWS::EC2::Subnet',
  userName: 'AWS::IAM::User',
  volumeId: 'AWS::EC2::Volume',
  vpcId: 'AWS::EC2::VPC',
};

/** Every resource that a record's parameters and answer name. */
function resourcesIn(value: unknown, depth = 0): Resource[] {
  if (depth > 5 || typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, each]) => {
    const ResourceType = named[key];
    return ResourceType && typeof each === 'string'
      ? [{ ResourceType, ResourceName: each }]
      : resourcesIn(each, depth + 1);
  });
}

function resourcesOf(record: Part): Resource[] {
  const { requestParameters, responseElements } = record;
  const trail = record.eventSource === 'cloudtrail.amazonaws.com' ? text(part(requestParameters).name) : undefined;
  const all = [
    ...(trail ? [{ ResourceType: 'AWS::CloudTrail::Trail', ResourceName: trail }] : []),
    ...resourcesIn(requestParameters),
    ...resourcesIn(responseElements),
  ];
  return [...new Map(all.map((one) => [`${one.ResourceType}/${one.ResourceName}`, one])).values()];
}

function eventOf(record: Part): Event {
  const identity = part(record.userIdentity);
  return {
    EventId: text(record.eventID),
    EventName: text(record.eventName),
    ReadOnly: String(record.readOnly),
    AccessKeyId: text(identity.accessKeyId),
    EventTime: new Date(text(record.eventTime) ?? 0),
    EventSource: text(record.eventSource),
    Username: userName(identity),
    Resources: resourcesOf(record),
    CloudTrailEvent: JSON.stringify(record),
  };
}

const attributes: Readonly<Record<string, (event: Event) => readonly (string | undefined)[]>> = {
  EventId: (event) => [event.EventId],
  EventName: (event) => [event.EventName],
  ReadOnly: (event) => [event.ReadOnly],
  Username: (event) => [event.Username],
  ResourceType: (event) => (event.Resources ?? []).map(({ ResourceType }) => ResourceType),
  ResourceName: (event) => (event.Resources ?? []).map(({ ResourceName }) => ResourceName),
  EventSource: (event) => [event.EventSource],
  AccessKeyId: (event) => [event.AccessKeyId],
};

function test(input: LookupEventsRequest): (event: Event) => boolean {
  const given = input.LookupAttributes ?? [];
  if (given.length > 1) {
    throw trailError('InvalidLookupAttributesException', 'You can specify only one lookup attribute.');
  }
  const [{ AttributeKey, AttributeValue } = { AttributeKey: undefined, AttributeValue: undefined }] = given;
  if (AttributeKey === undefined) {
    return () => true;
  }
  const read = attributes[AttributeKey];
  if (!read) {
    throw trailError('InvalidLookupAttributesException', `Lookup attribute ${AttributeKey} is not valid.`);
  }
  return (event) => read(event).includes(AttributeValue);
}

/** `LookupEvents`: the management events of the account in the region, the latest first. */
export function lookupEvents(world: World): Handler {
  return (input: LookupEventsRequest, context) => {
    const { StartTime, EndTime, MaxResults, NextToken } = input;
    if (StartTime && EndTime && StartTime > EndTime) {
      throw trailError('InvalidTimeRangeException', 'Start time must be before or equal to end time.');
    }
    if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > 50)) {
      throw trailError('InvalidMaxResultsException', 'MaxResults must be between 1 and 50.');
    }
    const wanted = test(input);
    const events = world.history
      .of(context)
      .filter(({ at }) => (!StartTime || at >= StartTime) && (!EndTime || at <= EndTime))
      .map(({ record }) => eventOf(record()))
      .filter((event) => input.EventCategory !== 'insight' && wanted(event));
    const page = paginate(events, {
      token: NextToken,
      size: MaxResults,
      maximum: 50,
      invalidCode: 'InvalidNextTokenException',
    });
    return { Events: page.items, NextToken: page.nextToken };
  };
}
