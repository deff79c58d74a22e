import { IpSetFormat, type IpSetStatus } from '@aws-sdk/client-guardduty';
import type { CallContext, Handler } from '../core/service';
import { badRequest, membersCannot, noSuchResource } from './errors';
import { lengthWithin, page, tagsOf } from './input';
import { type Detector, type GuardDutyState, newId } from './state';

/** A list of addresses or entities in a file in S3. */
export interface ListSet {
  readonly id: string;
  name: string;
  readonly format: string;
  location: string;
  expectedBucketOwner?: string;
  status: IpSetStatus;
  readonly tags: Map<string, string>;
  readonly createdAt: Date;
  updatedAt: Date;
}

/** One of the four kinds of list, in the API's names. */
interface Kind {
  /** As in `CreateIPSet`. */
  readonly operation: string;
  /** As in `IpSetId`. */
  readonly idMember: string;
  /** As in `IpSetIds`. */
  readonly listMember: string;
  /** As in the ARN. */
  readonly path: string;
  readonly limit: number;
  /** The younger kinds also tell when they were made. */
  readonly dated: boolean;
}

const kinds: readonly Kind[] = [
  { operation: 'IPSet', idMember: 'IpSetId', listMember: 'IpSetIds', path: 'ipset', limit: 1, dated: false },
  {
    operation: 'ThreatIntelSet',
    idMember: 'ThreatIntelSetId',
    listMember: 'ThreatIntelSetIds',
    path: 'threatintelset',
    limit: 6,
    dated: false,
  },
  {
    operation: 'ThreatEntitySet',
    idMember: 'ThreatEntitySetId',
    listMember: 'ThreatEntitySetIds',
    path: 'threatentityset',
    limit: 6,
    dated: true,
  },
  {
    operation: 'TrustedEntitySet',
    idMember: 'TrustedEntitySetId',
    listMember: 'TrustedEntitySetIds',
    path: 'trustedentityset',
    limit: 1,
    dated: true,
  },
];

const transitionMilliseconds = 100;

/** What all four kinds' requests have. */
interface Input {
  readonly DetectorId?: string;
  readonly Name?: string;
  readonly Format?: string;
  readonly Location?: string;
  readonly ExpectedBucketOwner?: string;
  readonly Activate?: boolean;
  readonly Tags?: Record<string, string>;
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly [idMember: string]: unknown;
}

function asOwner(state: GuardDutyState, input: Input, context: CallContext): Detector {
  const detector = state.detector(input.DetectorId, context);
  if (state.regions.at(context).administrator) {
    throw membersCannot();
  }
  return detector;
}

const invalid = (parameter: string) =>
  badRequest(`The request is rejected because the parameter ${parameter} has an invalid value.`);

/** `https://s3.amazonaws.com/bucket/key`, `https://bucket.s3.region.amazonaws.com/key` or `s3://bucket/key`. */
function checkLocation(location: string | undefined): void {
  const known =
    /^(https:\/\/[^/]*s3[^/]*\.amazonaws\.com(\.cn)?\/.+|s3:\/\/[^/]+\/.+|[a-z0-9.-]+\.s3[^/]*\.amazonaws\.com\/.+)$/;
  if (location !== undefined && !known.test(location)) {
    throw invalid('location');
  }
}

function checkInput(input: Input): void {
  if (input.Name !== undefined && (input.Name.length < 1 || input.Name.length > 300)) {
    throw invalid('name');
  }
  checkLocation(input.Location);
  lengthWithin(input.ExpectedBucketOwner, 12, 12);
}

function switchTo(state: GuardDutyState, set: ListSet, active: boolean): void {
  const target = active ? 'ACTIVE' : 'INACTIVE';
  if (set.status === target) {
    return;
  }
  set.status = active ? 'ACTIVATING' : 'DEACTIVATING';
  state.world.later(transitionMilliseconds, () => {
    set.status = set.status === 'ACTIVATING' ? 'ACTIVE' : set.status === 'DEACTIVATING' ? 'INACTIVE' : set.status;
  });
}

function setsOf(detector: Detector, kind: Kind): ListSet[] {
  return [...detector.sets].filter(([key]) => key.startsWith(`${kind.path}/`)).map(([, set]) => set);
}

/**
 * GuardDuty lets its own role read an active list's file, and no longer, in the caller's name. Source: GuardDuty user
 * guide, "Setting up prerequisites for entity lists and IP address lists".
 */
async function letRoleRead({ world }: GuardDutyState, change: 'Put' | 'Delete', context: CallContext): Promise<void> {
  const input = { RoleName: 'AWSServiceRoleForAmazonGuardDuty', Path: '/aws-service-role/guardduty.amazonaws.com/' };
  const { caller, region, accountId } = context;
  await world.ask('iam', `${change}RolePolicy`, input, { caller, region, accountId, via: 'guardduty.amazonaws.com' });
}

function create(state: GuardDutyState, kind: Kind): Handler {
  return async (input: Input, context) => {
    const detector = asOwner(state, input, context);
    if (!input.Name || !input.Location) {
      throw invalid(input.Name ? 'location' : 'name');
    }
    if (!Object.values<string>(IpSetFormat).includes(input.Format ?? '')) {
      throw invalid('format');
    }
    checkInput(input);
    const present = setsOf(detector, kind);
    if (present.length >= kind.limit) {
      throw badRequest(
        `The request is rejected because the current account cannot create more ${kind.operation}s than the limit.`,
        'LimitExceededException',
      );
    }
    if (present.some((set) => set.name === input.Name)) {
      throw badRequest(`The request is rejected because a ${kind.operation} with the given name already exists.`);
    }
    if (input.Activate) {
      await letRoleRead(state, 'Put', context);
    }
    const now = state.now();
    const set: ListSet = {
      id: newId(),
      name: input.Name,
      format: input.Format as string,
      location: input.Location,
      expectedBucketOwner: input.ExpectedBucketOwner,
      status: 'INACTIVE',
      tags: tagsOf(input.Tags),
      createdAt: now,
      updatedAt: now,
    };
    detector.sets.set(`${kind.path}/${set.id}`, set);
    switchTo(state, set, input.Activate === true);
    return { [kind.idMember]: set.id };
  };
}

function find(detector: Detector, kind: Kind, input: Input): ListSet {
  const set = detector.sets.get(`${kind.path}/${String(input[kind.idMember])}`);
  if (!set) {
    throw noSuchResource();
  }
  return set;
}

function update(state: GuardDutyState, kind: Kind): Handler {
  return async (input: Input, context) => {
    const set = find(asOwner(state, input, context), kind, input);
    checkInput(input);
    if (input.Activate !== undefined || input.Location !== undefined) {
      await letRoleRead(state, input.Activate === false ? 'Delete' : 'Put', context);
    }
    set.name = input.Name ?? set.name;
    set.location = input.Location ?? set.location;
    set.expectedBucketOwner = input.ExpectedBucketOwner ?? set.expectedBucketOwner;
    set.updatedAt = state.now();
    if (input.Activate !== undefined) {
      switchTo(state, set, input.Activate);
    }
    return {};
  };
}

function describe(set: ListSet, kind: Kind) {
  return {
    Name: set.name,
    Format: set.format,
    Location: set.location,
    Status: set.status,
    ExpectedBucketOwner: set.expectedBucketOwner,
    Tags: Object.fromEntries(set.tags),
    ...(kind.dated ? { CreatedAt: set.createdAt, UpdatedAt: set.updatedAt } : {}),
  };
}

function operationsOf(state: GuardDutyState, kind: Kind): Record<string, Handler> {
  return {
    [`Create${kind.operation}`]: create(state, kind),
    [`Update${kind.operation}`]: update(state, kind),
    [`Get${kind.operation}`]: (input: Input, context) =>
      describe(find(state.detector(input.DetectorId, context), kind, input), kind),
    [`Delete${kind.operation}`]: async (input: Input, context) => {
      const detector = asOwner(state, input, context);
      const set = find(detector, kind, input);
      await letRoleRead(state, 'Delete', context);
      detector.sets.delete(`${kind.path}/${set.id}`);
      return {};
    },
    [`List${kind.operation}s`]: (input: Input, context) => {
      const ids = setsOf(state.detector(input.DetectorId, context), kind).map((set) => set.id);
      const found = page(ids, input);
      return { [kind.listMember]: found.items, NextToken: found.nextToken };
    },
  };
}

/** Trusted IP lists, threat lists, and the lists of entities that follow them. */
export function setOperations(state: GuardDutyState): Record<string, Handler> {
  return Object.assign({}, ...kinds.map((kind) => operationsOf(state, kind)));
}
