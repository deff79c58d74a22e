import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Account } from './accounts';
import type { Config } from './config';
import { configProblem } from './config';
import type { StackSetsConfiguration } from './config/stackSets';
import { type GarrisonError, GarrisonErrors } from './errors';
import { nearest, quoted } from './text';
import { isInUnit } from './unitPaths';

type Section = StackSetsConfiguration[string];

/** A stack set of the section `stackSets` of `garrison.yaml`, brought together with the accounts. */
export interface OwnStackSet {
  /** Name of its part of the section, such as `account-contacts`. */
  readonly key: string;
  /** Such as `garrison-account-contacts`. */
  readonly name: string;
  readonly description: string;
  /** Absolute path. */
  readonly templateFile: string;
  readonly accountIds: readonly string[];
  readonly regions: 'home' | 'all' | readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * Values of parameters by account, where any take theirs from columns of `accounts.csv`. Every account has an entry
   * then, so that a value which is no longer there is taken back.
   */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly permissions: Section['permissions'];
}

/** The stack sets of one's own. `configFile` is the path of `garrison.yaml`, beside which the templates lie. */
export function ownStackSets(config: Config, accounts: readonly Account[], configFile: string): OwnStackSet[] {
  return Object.entries(config.stackSets).map(([key, section]) => {
    const chosen = accounts.filter((account) => isChosen(account, section));
    return {
      key,
      name: `garrison-${key}`,
      description: section.description ?? `Rolled out by Garrison: stackSets.${key}`,
      templateFile: resolve(dirname(resolve(configFile)), section.template),
      accountIds: chosen.map(({ id }) => id),
      regions: section.regions,
      parameters: section.parameters,
      ...(Object.keys(section.columns).length > 0 && { overrides: overridesOf(chosen, section.columns) }),
      permissions: section.permissions,
    };
  });
}

/** Regions in which instances of a stack set belong. */
export function regionsOfOwn(
  { regions }: Pick<OwnStackSet, 'regions'>,
  { homeRegion, guarded }: { readonly homeRegion: string; readonly guarded: readonly string[] },
): readonly string[] {
  return regions === 'home' ? [homeRegion] : regions === 'all' ? guarded : regions;
}

function isChosen({ id, ou }: Account, { accounts, organizationalUnits }: Section): boolean {
  const listed = accounts === 'all' ? organizationalUnits === undefined : accounts.includes(id);
  return listed || (organizationalUnits ?? []).some((unit) => isInUnit(ou, unit));
}

function overridesOf(accounts: readonly Account[], columns: Section['columns']): Required<OwnStackSet>['overrides'] {
  const entries = accounts.map(({ id, columns: values = {} }) => {
    const own = Object.entries(columns).flatMap(([parameter, column]) =>
      values[column] === undefined ? [] : [[parameter, values[column]] as const],
    );
    return [id, Object.fromEntries(own)] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Checks what the section `stackSets` names beside the section itself: templates, their parameters, and columns and
 * rows of `accounts.csv`.
 *
 * @throws GarrisonErrors with every problem, each with its line in `garrison.yaml`
 */
export function checkOwnStackSets(config: Config, accounts: readonly Account[], configFile: string): void {
  const columns = [...new Set(accounts.flatMap((account) => Object.keys(account.columns ?? {})))];
  const problems = ownStackSets(config, accounts, configFile).flatMap(({ key, templateFile, accountIds }) => {
    const section = config.stackSets[key] as Section;
    const at = (...path: PropertyKey[]) => ['stackSets', key, ...path];
    const empty =
      accountIds.length === 0
        ? [configProblem(config, at(), 'has no account', 'Name accounts or units that are in accounts.csv.')]
        : [];
    return [
      ...empty,
      ...templateProblems(config, { file: templateFile, section, at }),
      ...Object.entries(section.columns).flatMap(([parameter, column]) =>
        columns.includes(column)
          ? []
          : [missing(config, at('columns', parameter), column, columns, 'is no column with values in accounts.csv')],
      ),
    ];
  });
  if (problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
}

interface Place {
  readonly file: string;
  readonly section: Section;
  readonly at: (...path: PropertyKey[]) => PropertyKey[];
}

function templateProblems(config: Config, { file, section, at }: Place): GarrisonError[] {
  const wrong = (what: string, remedy: string) => [configProblem(config, at('template'), what, remedy)];
  if (!existsSync(file)) {
    return wrong(`${quoted(section.template)} does not exist`, 'Give the path from where garrison.yaml lies.');
  }
  const declared = parametersOf(file);
  if (declared === undefined) {
    return wrong(
      `${quoted(section.template)} is no CloudFormation template`,
      'It must be JSON or YAML with Resources.',
    );
  }
  const given = { ...section.parameters, ...section.columns };
  const unknown = (['parameters', 'columns'] as const).flatMap((member) =>
    Object.keys(section[member])
      .filter((name) => !(name in declared))
      .map((name) => missing(config, at(member, name), name, Object.keys(declared), 'is no parameter of the template')),
  );
  const open = Object.entries(declared)
    .filter(([name, { Default }]) => Default === undefined && !(name in section.parameters))
    .map(([name]) =>
      configProblem(
        config,
        at('parameters'),
        `leaves out ${name}, which has no default in the template`,
        name in given ? 'Give the value for accounts whose column is empty.' : 'Give its value.',
      ),
    );
  return [...unknown, ...open];
}

/** The parameters that a template declares; `undefined` when it is none. Intrinsic functions of YAML are passed over. */
function parametersOf(file: string): Readonly<Record<string, { readonly Default?: unknown }>> | undefined {
  try {
    const template = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) as Record<string, unknown> | null;
    return typeof template?.Resources === 'object'
      ? ((template.Parameters ?? {}) as Record<string, { Default?: unknown }>)
      : undefined;
  } catch {
    return undefined;
  }
}

function missing(
  config: Config,
  path: PropertyKey[],
  value: string,
  known: readonly string[],
  what: string,
): GarrisonError {
  const near = nearest(value, known);
  const remedy = near ? `Did you mean ${near}?` : `Known: ${known.join(', ') || 'none'}.`;
  return configProblem(config, path, `${quoted(value)} ${what}`, remedy);
}
