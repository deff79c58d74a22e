import { randomUUID } from 'node:crypto';
import type {
  CreateFleetRequest,
  DeleteFleetsRequest,
  DescribeFleetInstancesRequest,
  DescribeFleetsRequest,
  FleetLaunchTemplateOverridesRequest,
  FleetLaunchTemplateSpecificationRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ServiceError } from '../../core/errors';
import type { Caller } from '../../core/service';
import { ec2Error, missingParameter } from '../errors';
import { filtered, pageOf } from '../filters';
import { findInstances } from '../instances/find';
import { stateShape } from '../instances/model';
import { move } from '../instances/transitions';
import { tagsOf } from '../specifications';
import type { Cell, Operations, Place } from '../state';
import type { Fleet } from './model';
import { findTemplateVersion } from './templates';

const principal = 'ec2fleet.amazonaws.com';

interface Choice {
  readonly template: FleetLaunchTemplateSpecificationRequest;
  readonly overrides: FleetLaunchTemplateOverridesRequest;
}

/** The combinations of template and overrides, in the order in which the fleet tries them. */
function choices(input: CreateFleetRequest): Choice[] {
  return (input.LaunchTemplateConfigs ?? []).flatMap(({ LaunchTemplateSpecification: template = {}, Overrides }) =>
    (Overrides?.length ? Overrides : [{}]).map((overrides) => ({ template, overrides })),
  );
}

interface Wanted {
  readonly total: number;
  readonly spot: number;
}

function wantedOf({ TargetCapacitySpecification: target }: CreateFleetRequest): Wanted {
  if (!target) {
    throw missingParameter('TargetCapacitySpecification');
  }
  const total = target.TotalTargetCapacity ?? 0;
  const spot = target.SpotTargetCapacity ?? (target.DefaultTargetCapacityType === 'spot' ? total : 0);
  const onDemand = target.OnDemandTargetCapacity;
  return { total, spot: onDemand === undefined ? spot : Math.min(spot || total - onDemand, total - onDemand) };
}

function runRequest(order: LaunchOrder, choice: Choice, count: number, token: number) {
  const { input, fleetId, spot } = order;
  const { overrides, template } = choice;
  const zone = overrides.Placement?.AvailabilityZone ?? overrides.AvailabilityZone;
  const specifications = (input.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType !== 'fleet');
  const own = { Key: 'aws:ec2:fleet-id', Value: fleetId };
  return {
    MinCount: count,
    MaxCount: count,
    LaunchTemplate: template,
    ImageId: overrides.ImageId,
    InstanceType: overrides.InstanceType,
    SubnetId: overrides.SubnetId,
    Placement: zone === undefined ? undefined : { AvailabilityZone: zone },
    InstanceMarketOptions: spot ? { MarketType: 'spot' } : undefined,
    TagSpecifications: specifications,
    ClientToken: `${fleetId}-${token}`,
    own,
  };
}

/** Who launches: of an instant fleet its maker, else the fleet's own service-linked role. */
async function launcher({ ec2, context }: Place, type: string): Promise<Caller> {
  return type === 'instant' ? context.caller : ec2.serviceLinkedRole(context.accountId, principal);
}

interface Launched {
  readonly ids: string[];
  readonly shapes: unknown[];
  readonly errors: unknown[];
}

/** One part of what a fleet launches: on demand or spot. */
interface LaunchOrder {
  readonly input: CreateFleetRequest;
  readonly fleetId: string;
  readonly spot: boolean;
}

async function launchChoice(place: Place, order: LaunchOrder, choice: Choice, count: number): Promise<Launched> {
  const { ec2, cell } = place;
  const { spot } = order;
  const caller = await launcher(place, order.input.Type ?? 'maintain');
  const { own, ...request } = runRequest(order, choice, count, cell.tokens.size);
  try {
    const as = { caller, region: cell.site.region, accountId: cell.site.accountId, via: principal };
    const made = await ec2.world.call<{ Instances: { InstanceId: string }[] }>('ec2', 'RunInstances', request, as);
    const ids = made.Instances.map(({ InstanceId }) => InstanceId);
    for (const instance of findInstances(cell, ids)) {
      instance.tags.set(own.Key, own.Value);
    }
    return { ids, shapes: [instancesShape(cell, choice, ids, spot)], errors: [] };
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    const Lifecycle = spot ? 'spot' : 'on-demand';
    const told = { Lifecycle, ErrorCode: error.code, ErrorMessage: error.message };
    return { ids: [], shapes: [], errors: [{ ...templateShape(cell, choice), ...told }] };
  }
}

function joined(parts: readonly Launched[]): Launched {
  return {
    ids: parts.flatMap((part) => part.ids),
    shapes: parts.flatMap((part) => part.shapes),
    errors: parts.flatMap((part) => part.errors),
  };
}

/** All from the first combination that works, or spread over all of them. */
async function launchSome(place: Place, order: LaunchOrder, count: number): Promise<Launched> {
  const all = choices(order.input);
  const spread = order.spot && order.input.SpotOptions?.AllocationStrategy === 'diversified';
  const parts: Launched[] = [];
  let left = count;
  for (const [index, choice] of all.entries()) {
    const share = spread ? Math.ceil(left / (all.length - index)) : left;
    const part = share > 0 ? await launchChoice(place, order, choice, share) : undefined;
    parts.push(...(part ? [part] : []));
    left -= part?.ids.length ?? 0;
  }
  return joined(parts);
}

function templateShape(cell: Cell, { template, overrides }: Choice) {
  const { template: found, version } = findTemplateVersion(cell, template);
  const LaunchTemplateSpecification = { LaunchTemplateId: found.id, Version: String(version.number) };
  return { LaunchTemplateAndOverrides: { LaunchTemplateSpecification, Overrides: overrides } };
}

function instancesShape(cell: Cell, choice: Choice, ids: readonly string[], spot: boolean) {
  const [first] = findInstances(cell, ids);
  return {
    ...templateShape(cell, choice),
    Lifecycle: spot ? 'spot' : 'on-demand',
    InstanceIds: [...ids],
    InstanceType: first?.type,
    Platform: first?.windows ? 'Windows' : undefined,
  };
}

function check(input: CreateFleetRequest, cell: Cell): void {
  if (!input.LaunchTemplateConfigs?.length) {
    throw missingParameter('LaunchTemplateConfigs');
  }
  for (const { template } of choices(input)) {
    findTemplateVersion(cell, template);
  }
  const tagged = (input.TagSpecifications ?? []).find(({ ResourceType }) => ResourceType !== 'fleet');
  if (tagged && input.Type !== 'instant') {
    const message = `Tag specification resource type '${tagged.ResourceType}' is not valid for fleets of type ${input.Type ?? 'maintain'}.`;
    throw ec2Error('InvalidTagKey.Malformed', message);
  }
}

async function launch(place: Place, input: CreateFleetRequest, id: string): Promise<Launched> {
  const { total, spot } = wantedOf(input);
  const order = { input, fleetId: id };
  const onDemand = await launchSome(place, { ...order, spot: false }, total - spot);
  return joined([onDemand, await launchSome(place, { ...order, spot: true }, spot)]);
}

async function create(input: CreateFleetRequest, place: Place) {
  const { cell, ec2 } = place;
  check(input, cell);
  const type = input.Type ?? 'maintain';
  const id = `fleet-${randomUUID()}`;
  const fleet: Fleet = {
    id,
    type,
    createdAt: ec2.world.now(),
    request: { ...input },
    instanceIds: [],
    errors: [],
    state: 'active',
    targetCapacity: wantedOf(input).total,
    tags: tagsOf(input.TagSpecifications, 'fleet', ['fleet', 'instance', 'volume', 'network-interface']),
  };
  cell.fleets.set(id, fleet);
  const { ids, shapes, errors } = await launch(place, input, id);
  fleet.instanceIds.push(...ids);
  // Only instant fleets tell what they launched.
  return type === 'instant' ? { FleetId: id, Instances: shapes, Errors: errors } : { FleetId: id };
}

function shapeOf(fleet: Fleet) {
  const request = fleet.request as unknown as CreateFleetRequest;
  return {
    FleetId: fleet.id,
    FleetState: fleet.state,
    ActivityStatus: fleet.state === 'active' ? 'fulfilled' : undefined,
    Type: fleet.type,
    CreateTime: fleet.createdAt,
    ExcessCapacityTerminationPolicy: request.ExcessCapacityTerminationPolicy ?? 'termination',
    FulfilledCapacity: fleet.instanceIds.length,
    FulfilledOnDemandCapacity: fleet.instanceIds.length,
    LaunchTemplateConfigs: request.LaunchTemplateConfigs,
    TargetCapacitySpecification: request.TargetCapacitySpecification,
    TerminateInstancesWithExpiration: request.TerminateInstancesWithExpiration ?? false,
    ReplaceUnhealthyInstances: request.ReplaceUnhealthyInstances ?? false,
    SpotOptions: request.SpotOptions,
    OnDemandOptions: request.OnDemandOptions,
    ValidFrom: request.ValidFrom,
    ValidUntil: request.ValidUntil,
    Tags: tagList(fleet.tags),
  };
}

function remove(input: DeleteFleetsRequest, { cell, ec2 }: Place) {
  const results = (input.FleetIds ?? []).map((FleetId) => {
    const fleet = cell.fleets.get(FleetId);
    if (!fleet) {
      const Message = `The fleet ID '${FleetId}' does not exist`;
      return { failed: { FleetId, Error: { Code: 'fleetIdDoesNotExist', Message } } };
    }
    const before = fleet.state;
    fleet.state = input.TerminateInstances ? 'deleted_terminating' : 'deleted_running';
    const ended = input.TerminateInstances ? findInstances(cell, fleet.instanceIds) : [];
    for (const instance of ended) {
      move(ec2, cell, instance, 'shutting-down', 'terminated');
    }
    return { done: { FleetId, CurrentFleetState: fleet.state, PreviousFleetState: before } };
  });
  return {
    SuccessfulFleetDeletions: results.flatMap(({ done }) => done ?? []),
    UnsuccessfulFleetDeletions: results.flatMap(({ failed }) => failed ?? []),
  };
}

function findFleet(cell: Cell, id: string | undefined): Fleet {
  const fleet = cell.fleets.get(id ?? '');
  if (!fleet) {
    throw ec2Error('InvalidFleetId.NotFound', `The fleet ID '${id}' does not exist`);
  }
  return fleet;
}

/** EC2 Fleet: instances from launch templates. */
export const fleetOperations: Operations = {
  CreateFleet: create,
  DeleteFleets: remove,
  DescribeFleets: (input: DescribeFleetsRequest, { cell }) => {
    const ids = input.FleetIds ?? [];
    // Instant fleets are told only by their ids.
    const all =
      ids.length > 0
        ? ids.map((id) => findFleet(cell, id))
        : [...cell.fleets.values()].filter(({ type }) => type !== 'instant');
    const fields = { type: (fleet: Fleet) => fleet.type, 'fleet-state': (fleet: Fleet) => fleet.state };
    const page = pageOf(filtered(all, input.Filters, fields), input, 1);
    return { Fleets: page.items.map(shapeOf), NextToken: page.NextToken };
  },
  DescribeFleetInstances: (input: DescribeFleetInstancesRequest, { cell }) => {
    const fleet = findFleet(cell, input.FleetId);
    const all = fleet.instanceIds.flatMap((id) => cell.instances.get(id) ?? []);
    const instances = all.filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');
    const page = pageOf(instances, input, 1);
    const ActiveInstances = page.items.map((instance) => ({
      InstanceId: instance.id,
      InstanceType: instance.type,
      InstanceHealth: 'healthy',
      State: stateShape(instance.state).Name,
    }));
    return { FleetId: fleet.id, ActiveInstances, NextToken: page.NextToken };
  },
};
