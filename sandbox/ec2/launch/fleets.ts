import type {
  CreateFleetRequest,
  DeleteFleetsRequest,
  DescribeFleetInstancesRequest,
  DescribeFleetsRequest,
  FleetLaunchTemplateOverridesRequest,
  FleetLaunchTemplateSpecificationRequest,
  RunInstancesRequest,
} from '@aws-sdk/client-ec2';
import { tagList } from '../../common/tags';
import { ServiceError } from '../../core/errors';
import type { Caller } from '../../core/service';
import { ec2Error, missingParameter } from '../errors';
import { filtered, pageOf } from '../filters';
import { newId } from '../ids';
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

function runRequest(input: CreateFleetRequest, fleetId: string, choice: Choice, count: number, spot: boolean) {
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
    ClientToken: `fleet-${fleetId.slice(6)}-${spot ? 1 : 0}`,
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

async function launchSome(place: Place, input: CreateFleetRequest, fleetId: string, count: number, spot: boolean) {
  const { ec2, cell } = place;
  const launched: Launched = { ids: [], shapes: [], errors: [] };
  const caller = await launcher(place, input.Type ?? 'maintain');
  for (const choice of choices(input)) {
    const { own, ...request } = runRequest(input, fleetId, choice, count, spot);
    try {
      const as = { caller, region: cell.site.region, accountId: cell.site.accountId, via: principal };
      const run = request as RunInstancesRequest;
      const made = await ec2.world.call<{ Instances: { InstanceId: string }[] }>('ec2', 'RunInstances', run, as);
      const ids = made.Instances.map(({ InstanceId }) => InstanceId);
      for (const instance of findInstances(cell, ids)) {
        instance.tags.set(own.Key, own.Value);
      }
      launched.ids.push(...ids);
      launched.shapes.push(instancesShape(cell, choice, ids, spot));
      return launched;
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
      const lifecycle = spot ? 'spot' : 'on-demand';
      const at = templateShape(cell, choice);
      launched.errors.push({ ...at, Lifecycle: lifecycle, ErrorCode: error.code, ErrorMessage: error.message });
    }
  }
  return launched;
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
  const parts = [
    ...(total > spot ? [await launchSome(place, input, id, total - spot, false)] : []),
    ...(spot > 0 ? [await launchSome(place, input, id, spot, true)] : []),
  ];
  return {
    ids: parts.flatMap((part) => part.ids),
    shapes: parts.flatMap((part) => part.shapes),
    errors: parts.flatMap((part) => part.errors),
  };
}

async function create(input: CreateFleetRequest, place: Place) {
  const { cell, ec2 } = place;
  check(input, cell);
  const type = input.Type ?? 'maintain';
  const id = newId('fleet');
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
  if (type !== 'instant') {
    ec2.world.later(0, async () => {
      fleet.instanceIds.push(...(await launch(place, input, id)).ids);
    });
    return { FleetId: id };
  }
  const { ids, shapes, errors } = await launch(place, input, id);
  fleet.instanceIds.push(...ids);
  return { FleetId: id, Instances: shapes, Errors: errors };
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

/** EC2 Fleet: instances from launch templates, at once or a moment later. */
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
    const instances = fleet.instanceIds.flatMap((id) => cell.instances.get(id) ?? []);
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
