import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeRegionsRequest,
  Region,
} from '@aws-sdk/client-ec2';
import { dnsSuffix } from '../common/arn';
import type { CallContext } from '../core/service';
import { ec2Error } from './errors';
import { type FilterFields, filtered } from './filters';
import { zonesOf } from './network/zones';
import type { Operations, Place } from './state';

function regionOf(name: string, optIn: boolean, context: CallContext): Region {
  const enabled = context.world.accounts.get(context.accountId)?.enabledRegions.has(name) ?? false;
  return {
    RegionName: name,
    Endpoint: `ec2.${name}.${dnsSuffix(context.world.partition)}`,
    OptInStatus: !optIn && enabled ? 'opt-in-not-required' : enabled ? 'opted-in' : 'not-opted-in',
  };
}

const fields: FilterFields<Region> = {
  'region-name': (region) => region.RegionName,
  endpoint: (region) => region.Endpoint,
  'opt-in-status': (region) => region.OptInStatus,
};

/** `DescribeRegions`: the regions that the account can use, or with `AllRegions` all that there are. */
function describeRegions(input: DescribeRegionsRequest, { context }: Place): { Regions: Region[] } {
  const all = [...context.world.regions].map(([name, { optIn }]) => regionOf(name, optIn, context));
  const unknown = input.RegionNames?.find((name) => !context.world.regions.has(name));
  if (unknown !== undefined) {
    throw ec2Error('InvalidParameterValue', `Invalid region names: [${unknown}]`);
  }
  const wanted = all
    // Regions that are named are told whether they are enabled or not.
    .filter((region) =>
      input.RegionNames?.length
        ? input.RegionNames.includes(region.RegionName ?? '')
        : input.AllRegions || region.OptInStatus !== 'not-opted-in',
    );
  return { Regions: filtered(wanted, input.Filters, fields) };
}

const zoneFields: FilterFields<AvailabilityZone> = {
  'group-name': (zone) => zone.GroupName,
  'opt-in-status': (zone) => zone.OptInStatus,
  'region-name': (zone) => zone.RegionName,
  state: (zone) => zone.State,
  'zone-id': (zone) => zone.ZoneId,
  'zone-name': (zone) => zone.ZoneName,
  'zone-type': (zone) => zone.ZoneType,
};

function describeZones(
  input: DescribeAvailabilityZonesRequest,
  { cell }: Place,
): { AvailabilityZones: AvailabilityZone[] } {
  const { region } = cell.site;
  const { ZoneNames = [], ZoneIds = [] } = input;
  const zones = zonesOf(region).map(
    ({ name, id }): AvailabilityZone => ({
      ZoneName: name,
      ZoneId: id,
      RegionName: region,
      State: 'available',
      OptInStatus: 'opt-in-not-required',
      GroupName: `${region}-zg-1`,
      NetworkBorderGroup: region,
      ZoneType: 'availability-zone',
      Messages: [],
    }),
  );
  const unknown = ZoneNames.find((name) => !zones.some((zone) => zone.ZoneName === name));
  if (unknown !== undefined) {
    throw ec2Error('InvalidParameterValue', `Invalid availability zone: [${unknown}]`);
  }
  const named = zones.filter(
    ({ ZoneName = '', ZoneId = '' }) =>
      (ZoneNames.length === 0 || ZoneNames.includes(ZoneName)) && (ZoneIds.length === 0 || ZoneIds.includes(ZoneId)),
  );
  return { AvailabilityZones: filtered(named, input.Filters, zoneFields) };
}

/** Where EC2 is. */
export const regionOperations: Operations = {
  DescribeRegions: describeRegions,
  DescribeAvailabilityZones: describeZones,
};
