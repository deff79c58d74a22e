import type { StackSetOperationPreferences } from '@aws-sdk/client-cloudformation';
import { checkConstraints } from '../constraints';
import { validationError } from '../errors';

/** @throws ServiceError `ValidationError` */
export function checkPreferences(given: StackSetOperationPreferences | undefined): StackSetOperationPreferences {
  const preferences = given ?? {};
  checkConstraints([
    ['operationPreferences.failureToleranceCount', preferences.FailureToleranceCount, { minimum: 0 }],
    [
      'operationPreferences.failureTolerancePercentage',
      preferences.FailureTolerancePercentage,
      { minimum: 0, maximum: 100 },
    ],
    ['operationPreferences.maxConcurrentCount', preferences.MaxConcurrentCount, { minimum: 1 }],
    ['operationPreferences.maxConcurrentPercentage', preferences.MaxConcurrentPercentage, { minimum: 1, maximum: 100 }],
    [
      'operationPreferences.regionConcurrencyType',
      preferences.RegionConcurrencyType,
      { values: ['SEQUENTIAL', 'PARALLEL'] },
    ],
    [
      'operationPreferences.concurrencyMode',
      preferences.ConcurrencyMode,
      { values: ['STRICT_FAILURE_TOLERANCE', 'SOFT_FAILURE_TOLERANCE'] },
    ],
  ]);
  if (preferences.FailureToleranceCount !== undefined && preferences.FailureTolerancePercentage !== undefined) {
    throw validationError('Cannot specify both FailureToleranceCount and FailureTolerancePercentage.');
  }
  if (preferences.MaxConcurrentCount !== undefined && preferences.MaxConcurrentPercentage !== undefined) {
    throw validationError('Cannot specify both MaxConcurrentCount and MaxConcurrentPercentage.');
  }
  return preferences;
}

/** How many accounts of one region may fail, of so many. */
export function failureTolerance(preferences: StackSetOperationPreferences, accounts: number): number {
  const { FailureToleranceCount: count, FailureTolerancePercentage: percentage = 0 } = preferences;
  return count ?? Math.floor((accounts * percentage) / 100);
}

/** How many accounts of one region may be worked on at once. */
export function concurrency(preferences: StackSetOperationPreferences, accounts: number): number {
  const { MaxConcurrentCount: count, MaxConcurrentPercentage: percentage } = preferences;
  const wanted = count ?? (percentage === undefined ? 1 : Math.max(1, Math.floor((accounts * percentage) / 100)));
  if (preferences.ConcurrencyMode === 'SOFT_FAILURE_TOLERANCE') {
    return wanted;
  }
  return Math.min(wanted, failureTolerance(preferences, accounts) + 1);
}

/** The order of regions: as asked, the others after them by name. */
export function orderRegions(regions: Iterable<string>, preferences: StackSetOperationPreferences): string[] {
  const all = [...new Set(regions)].sort();
  const first = (preferences.RegionOrder ?? []).filter((region) => all.includes(region));
  return [...first, ...all.filter((region) => !first.includes(region))];
}

/** As operations show them: what was given, with the defaults that matter. */
export function describePreferences(preferences: StackSetOperationPreferences): StackSetOperationPreferences {
  const { FailureToleranceCount, FailureTolerancePercentage, MaxConcurrentCount, MaxConcurrentPercentage } =
    preferences;
  return {
    RegionOrder: preferences.RegionOrder ?? [],
    RegionConcurrencyType: preferences.RegionConcurrencyType,
    FailureToleranceCount: FailureToleranceCount ?? (FailureTolerancePercentage === undefined ? 0 : undefined),
    FailureTolerancePercentage,
    MaxConcurrentCount: MaxConcurrentCount ?? (MaxConcurrentPercentage === undefined ? 1 : undefined),
    MaxConcurrentPercentage,
    ConcurrencyMode: preferences.ConcurrencyMode,
  };
}
