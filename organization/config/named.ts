import type { Account } from '../accounts';
import { type GarrisonError, GarrisonErrors } from '../errors';
import { partitionOf } from '../partitions';
import { nearest, quoted } from '../text';
import { unitPath } from '../unitPaths';
import { configProblem } from './load';
import type { Config } from './root';

/**
 * What `guardduty`, `detections` and `stackSets` name must exist: accounts and organizational units in `accounts.csv`, regions among those that are
 * guarded. A rule for an account that was misspelt would guard nobody, and nobody would see it.
 *
 * @throws GarrisonErrors with every name that does not exist, each with its line in `garrison.yaml`
 */
export function checkNames(config: Config, accounts: readonly Account[]): void {
  const known = {
    accounts: new Set(accounts.map(({ id }) => id)),
    ous: new Set(accounts.flatMap(({ ou }) => (ou ? lineage(ou) : []))),
  };
  const problems: GarrisonError[] = [];
  config.guardduty.overrides.forEach(({ accounts: ids = [], ous = [] }, index) => {
    const path = ['guardduty', 'overrides', index];
    problems.push(
      ...unknownNames(config, [...path, 'accounts'], ids, known.accounts),
      ...unknownNames(config, [...path, 'ous'], ous, known.ous),
    );
  });
  const { accounts: byAccount, organizationalUnits: byUnit } = config.detections;
  for (const id of Object.keys(byAccount).filter((key) => !known.accounts.has(key))) {
    problems.push(missing(config, ['detections', 'accounts', id], id, known.accounts));
  }
  for (const ou of Object.keys(byUnit).filter((key) => !known.ous.has(key))) {
    problems.push(missing(config, ['detections', 'organizationalUnits', ou], ou, known.ous));
  }
  for (const [name, { accounts: ids, organizationalUnits = [], regions }] of Object.entries(config.stackSets)) {
    const at = ['stackSets', name];
    problems.push(
      ...unknownNames(config, [...at, 'accounts'], ids === 'all' ? [] : ids, known.accounts),
      ...unknownNames(config, [...at, 'organizationalUnits'], organizationalUnits.map(unitPath), known.ous),
      ...foreignRegionsAt(config, [...at, 'regions'], typeof regions === 'string' ? [] : regions),
    );
  }
  config.responders.enforce.forEach(({ accounts: ids = [], ous = [] }, index) => {
    const path = ['responders', 'enforce', index];
    const strangers = ids.flatMap((id, at) => (known.accounts.has(id) ? [] : [[...path, 'accounts', at] as const]));
    const units = ous.flatMap((ou, at) => (known.ous.has(ou) ? [] : [[...path, 'ous', at] as const]));
    problems.push(
      ...strangers.map((at) => missing(config, [...at], ids[at.at(-1) as number] as string, known.accounts)),
      ...units.map((at) => missing(config, [...at], ous[at.at(-1) as number] as string, known.ous)),
    );
  });
  problems.push(...foreignRegions(config));
  if (problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
}

function unknownNames(
  config: Config,
  path: readonly PropertyKey[],
  names: readonly string[],
  known: ReadonlySet<string>,
): GarrisonError[] {
  return names.flatMap((name, at) => (known.has(name) ? [] : [missing(config, [...path, at], name, known)]));
}

/** `Workloads/Production` also stands below `Workloads`. */
function lineage(ou: string): string[] {
  const parts = unitPath(ou).split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function missing(config: Config, path: PropertyKey[], value: string, known: ReadonlySet<string>): GarrisonError {
  const near = nearest(value, [...known]);
  const remedy = near ? `Did you mean ${near}?` : 'Add it to accounts.csv, or take it out here.';
  return configProblem(config, path, `${quoted(value)} is not in accounts.csv`, remedy);
}

const sections = ['overrides', 'filters', 'trustedIpLists', 'threatLists', 'publishingDestinations'] as const;

function foreignRegions(config: Config): GarrisonError[] {
  return sections.flatMap((section) =>
    (config.guardduty[section] ?? []).flatMap(({ regions = [] }, index) =>
      foreignRegionsAt(config, ['guardduty', section, index, 'regions'], regions),
    ),
  );
}

function foreignRegionsAt(config: Config, path: readonly PropertyKey[], regions: readonly string[]): GarrisonError[] {
  const guarded = config.regions;
  return regions.flatMap((region, at) => {
    const isKnown = guarded === 'all' ? partitionOf(region) === config.partition : guarded.includes(region);
    const near = guarded === 'all' ? undefined : nearest(region, guarded);
    const remedy = near ? `Did you mean ${near}?` : 'Add it to `regions`, or take it out here.';
    return isKnown ? [] : [configProblem(config, [...path, at], `${quoted(region)} is not guarded`, remedy)];
  });
}
