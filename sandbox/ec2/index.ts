import type { DescribeRegionsRequest, Filter, Region } from '@aws-sdk/client-ec2';
import * as schemas from '@aws-sdk/client-ec2';
import { dnsSuffix } from '../common/arn';
import { ServiceError } from '../core/errors';
import type { CallContext, ServiceFactory } from '../core/service';

function regionOf(name: string, optIn: boolean, context: CallContext): Region {
  const enabled = context.world.accounts.get(context.accountId)?.enabledRegions.has(name) ?? false;
  return {
    RegionName: name,
    Endpoint: `ec2.${name}.${dnsSuffix(context.world.partition)}`,
    OptInStatus: !optIn && enabled ? 'opt-in-not-required' : enabled ? 'opted-in' : 'not-opted-in',
  };
}

const filterFields: Readonly<Record<string, 'RegionName' | 'Endpoint' | 'OptInStatus'>> = {
  'region-name': 'RegionName',
  endpoint: 'Endpoint',
  'opt-in-status': 'OptInStatus',
};

function passes(region: Region, { Name = '', Values = [] }: Filter): boolean {
  const field = filterFields[Name];
  if (!field) {
    throw new ServiceError('InvalidParameterValue', `The filter '${Name}' is invalid`, 400);
  }
  const value = region[field] ?? '';
  return Values.some((pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
    ).test(value),
  );
}

/** `DescribeRegions`: the regions that the account can use, or with `AllRegions` all that there are. */
function describeRegions(input: DescribeRegionsRequest, context: CallContext): { Regions: Region[] } {
  const all = [...context.world.regions].map(([name, { optIn }]) => regionOf(name, optIn, context));
  const unknown = input.RegionNames?.find((name) => !context.world.regions.has(name));
  if (unknown !== undefined) {
    throw new ServiceError('InvalidParameterValue', `Invalid region names: [${unknown}]`, 400);
  }
  const Regions = all
    .filter((region) => input.AllRegions || region.OptInStatus !== 'not-opted-in')
    .filter((region) => !input.RegionNames?.length || input.RegionNames.includes(region.RegionName ?? ''))
    .filter((region) => (input.Filters ?? []).every((filter) => passes(region, filter)));
  return { Regions };
}

/** Amazon EC2, of which a toolkit for accounts and regions needs one operation. */
export const createEc2: ServiceFactory = () => ({
  signingNames: ['ec2'],
  schemas,
  operations: { DescribeRegions: describeRegions },
});
