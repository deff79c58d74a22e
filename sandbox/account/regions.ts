import {
  type DisableRegionRequest,
  type EnableRegionRequest,
  type GetRegionOptStatusRequest,
  type ListRegionsRequest,
  RegionOptStatus,
} from '@aws-sdk/client-account';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import type { SandboxAccount } from '../core/world';
import { conflict, invalidField, invalidRegion, tooManyRequests } from './errors';
import type { AccountState } from './state';

/** On AWS minutes to hours; here long enough to be seen. */
const changeMilliseconds = 300;
const pageLimit = 50;

function status(state: AccountState, account: SandboxAccount, region: string): RegionOptStatus {
  const changing = state.record(account.id).changing.get(region);
  if (changing) {
    return changing;
  }
  if (!account.enabledRegions.has(region)) {
    return 'DISABLED';
  }
  return state.world.regions.get(region)?.optIn ? 'ENABLED' : 'ENABLED_BY_DEFAULT';
}

/** A region that can be switched on and off. */
function switchable(state: AccountState, region: string | undefined): string {
  if (!region || region.length > 50) {
    throw invalidField('RegionName', 'The Region name is invalid.');
  }
  const known = state.world.regions.get(region);
  if (!known) {
    throw invalidRegion('The Region that you specified is not valid.');
  }
  if (!known.optIn) {
    throw invalidRegion('The Region is enabled by default and its status cannot be changed.');
  }
  return region;
}

/** Changes under way at once, in one account and in all of an organization (Account Management reference, quotas). */
const changeLimits = { account: 6, organization: 50 };

function refuseTooMany(state: AccountState, account: SandboxAccount): void {
  const organization = state.world.organization.current;
  const ids = organization?.has(account.id) ? organization.accountIds() : [account.id];
  const together = ids.reduce((sum, id) => sum + state.record(id).changing.size, 0);
  if (state.record(account.id).changing.size >= changeLimits.account || together >= changeLimits.organization) {
    throw tooManyRequests('The maximum number of Region opt requests in progress has been reached. Try again later.');
  }
}

function change(state: AccountState, account: SandboxAccount, region: string, enable: boolean): void {
  const { changing } = state.record(account.id);
  const now = status(state, account, region);
  const [wanted, underway, opposite] = enable
    ? (['ENABLED', 'ENABLING', 'DISABLING'] as const)
    : (['DISABLED', 'DISABLING', 'ENABLING'] as const);
  if (now === opposite) {
    throw conflict(`The Region ${region} is currently in the status ${now}. Try again later.`);
  }
  if (now === wanted || now === underway) {
    return;
  }
  refuseTooMany(state, account);
  changing.set(region, underway);
  state.world.later(changeMilliseconds, () => {
    changing.delete(region);
    if (enable) {
      account.enabledRegions.add(region);
    } else {
      account.enabledRegions.delete(region);
    }
  });
}

function list(state: AccountState): Handler {
  return (input: ListRegionsRequest, context) => {
    const account = state.target(input.AccountId, context, 'ListRegions');
    const wanted = input.RegionOptStatusContains ?? [];
    const known: readonly string[] = Object.values(RegionOptStatus);
    if (wanted.some((each) => !known.includes(each))) {
      throw invalidField('RegionOptStatusContains', 'The Region opt status is invalid.');
    }
    if ((input.NextToken?.length ?? 0) > 1_000) {
      throw invalidField('NextToken', 'The pagination token is invalid.');
    }
    if (input.MaxResults !== undefined && (input.MaxResults < 1 || input.MaxResults > pageLimit)) {
      throw invalidField('MaxResults', `MaxResults must be between 1 and ${pageLimit}.`);
    }
    const regions = [...state.world.regions.keys()]
      .map((RegionName) => ({ RegionName, RegionOptStatus: status(state, account, RegionName) }))
      .filter((each) => wanted.length === 0 || wanted.includes(each.RegionOptStatus));
    const found = paginate(regions, { token: input.NextToken, size: input.MaxResults, maximum: pageLimit });
    return { Regions: found.items, NextToken: found.nextToken };
  };
}

/** ListRegions, GetRegionOptStatus, EnableRegion, DisableRegion. */
export function regionOperations(state: AccountState): Record<string, Handler> {
  return {
    ListRegions: list(state),
    GetRegionOptStatus: (input: GetRegionOptStatusRequest, context) => {
      const account = state.target(input.AccountId, context, 'GetRegionOptStatus');
      const region = input.RegionName ?? '';
      if (!state.world.regions.has(region)) {
        throw invalidRegion('The Region that you specified is not valid.');
      }
      return { RegionName: region, RegionOptStatus: status(state, account, region) };
    },
    EnableRegion: (input: EnableRegionRequest, context) => {
      const account = state.target(input.AccountId, context, 'EnableRegion');
      change(state, account, switchable(state, input.RegionName), true);
    },
    DisableRegion: (input: DisableRegionRequest, context) => {
      const account = state.target(input.AccountId, context, 'DisableRegion');
      change(state, account, switchable(state, input.RegionName), false);
    },
  };
}
