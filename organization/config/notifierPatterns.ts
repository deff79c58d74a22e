import type { NotifierSettings, RouteMatch, RouteSettings, SeverityBand } from '../../notifier/settings';
import { both, conditionsOf, type Term } from './findingTerms';

/** What the patterns are derived from. */
export type RoutedSettings = Pick<NotifierSettings, 'minimumSeverity' | 'routes' | 'accounts'>;

/** An EventBridge pattern for findings, and what of the routes it could not say. */
export interface FindingPattern {
  readonly pattern: object;
  /** Names of silences that the notifier alone applies, as the pattern has no room or no words for them. */
  readonly unsaid: readonly string[];
}

/** The severity at which each band begins. */
export const lowerBounds = { Low: 1, Medium: 4, High: 7, Critical: 9 } as const;
const bounds: Readonly<Record<SeverityBand, readonly [number, number]>> = {
  Low: [lowerBounds.Low, lowerBounds.Medium],
  Medium: [lowerBounds.Medium, lowerBounds.High],
  High: [lowerBounds.High, lowerBounds.Critical],
  Critical: [lowerBounds.Critical, Number.POSITIVE_INFINITY],
};
const bands = ['Low', 'Medium', 'High', 'Critical'] as const;

/** EventBridge's limit on the length of a pattern. */
const longestPattern = 2_048;

/**
 * The EventBridge pattern that delivers what the routes want: findings at or above the minimum severity, what a route
 * asks for of the bands below it, and nothing that a silence drops before its last month is there (the notifier knows
 * the day). It may deliver more than that, never less.
 */
export function findingPattern(settings: RoutedSettings): FindingPattern {
  const { routes } = settings;
  let terms: readonly Term[] = [
    { severity: [[settings.minimumSeverity, Number.POSITIVE_INFINITY]] },
    ...routes.flatMap((route) => belowMinimum(route, settings)),
  ];
  if (!fits(terms)) {
    terms = [{ severity: [[lowestSeverity(settings), Number.POSITIVE_INFINITY]] }];
  }
  const unsaid: string[] = [];
  routes.forEach((route, index) => {
    const spared = route.silence && unsilenced(route, routes.slice(0, index), settings);
    const narrowed = spared && terms.flatMap((term) => spared.flatMap((other) => both(term, other) ?? []));
    if (narrowed !== undefined && fits(narrowed)) {
      terms = narrowed;
    } else if (route.silence !== undefined) {
      unsaid.push(route.name);
    }
  });
  return { pattern: patternOf(terms), unsaid };
}

function fits(terms: readonly Term[]): boolean {
  return JSON.stringify(patternOf(terms)).length <= longestPattern;
}

/** A route that names a band wants its findings, even below the general minimum. */
export function lowestSeverity({ minimumSeverity, routes }: RoutedSettings): number {
  const named = routes.flatMap((route) => (route.silence === undefined ? (route.match.severity ?? []) : []));
  return Math.min(minimumSeverity, ...named.map((band) => bounds[band][0]));
}

/** Of the bands below the minimum, what a route asks for. */
function belowMinimum(route: RouteSettings, settings: RoutedSettings): Term[] {
  const wanted = (route.match.severity ?? []).filter((band) => bounds[band][0] < settings.minimumSeverity);
  const term = route.silence === undefined && wanted.length > 0 ? termOf(route.match, settings) : undefined;
  const below = both(term ?? {}, { severity: [[0, settings.minimumSeverity]] });
  return term === undefined || below === undefined ? [] : [below];
}

/** All of a route's conditions; those that a finding does not show are left out. Absent when no finding meets it. */
function termOf(match: RouteMatch, settings: RoutedSettings): Term | undefined {
  if (match.detection !== undefined) {
    return undefined;
  }
  // An account that is matched by wildcards may be one that accounts.csv does not have yet.
  const exact = match.account?.every((account) => !account.includes('*'));
  return {
    ...(match.severity && { severity: match.severity.map((band) => bounds[band]) }),
    ...(match.findingType && { type: { only: match.findingType } }),
    ...(match.region && { region: { only: match.region } }),
    ...(exact && { accountId: { only: accountsOf({ account: match.account }, settings) ?? [] } }),
  };
}

/** What a silence lets through: alternatives. Absent when it drops no finding that a pattern could tell. */
function unsilenced(
  { match, silence }: RouteSettings,
  earlier: readonly RouteSettings[],
  settings: RoutedSettings,
): Term[] | undefined {
  const accounts = accountsOf(match, settings);
  if (match.detection !== undefined || accounts?.length === 0 || silence === undefined) {
    return undefined;
  }
  const { severity, findingType, region } = match;
  const others = bands.filter((band) => !severity?.includes(band)).map((band) => bounds[band]);
  const before = earlier.flatMap((route) => (route.silence === undefined ? (termOf(route.match, settings) ?? []) : []));
  // A route before it that may take everything leaves nothing to drop.
  const idle = before.some((term) => Object.keys(term).length === 0);
  const spared = [
    ...(severity && others.length > 0 ? [{ severity: others }] : []),
    ...(findingType ? [{ type: { not: findingType } }] : []),
    ...(region ? [{ region: { not: region } }] : []),
    ...(accounts ? [{ accountId: { not: accounts } }] : []),
    ...before,
    { from: silence.until },
  ];
  return idle ? undefined : spared;
}

/** Ids of the known accounts that a route matches by account and organizational unit. Absent when it asks for neither. */
export function accountsOf({ account, ou }: RouteMatch, { accounts }: RoutedSettings): string[] | undefined {
  if (account === undefined && ou === undefined) {
    return undefined;
  }
  const units = ou?.flatMap((path) => [path, `${path}/*`]);
  const found = accounts.filter(
    (known) =>
      (account?.some((pattern) => matches(pattern, known.id) || matches(pattern, known.name)) ?? true) &&
      (units?.some((pattern) => matches(pattern, known.ou)) ?? true),
  );
  return [...new Set([...found.map(({ id }) => id), ...(ou === undefined ? idsOf(account) : [])])];
}

function idsOf(accounts: readonly string[] = []): string[] {
  return accounts.filter((account) => /^\d{12}$/.test(account));
}

/** Whether a text has the form of a pattern, in which `*` stands for any characters. */
export function matches(pattern: string, text: string | undefined): boolean {
  const literal = pattern.split(/\*+/).map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return text !== undefined && text !== '' && new RegExp(`^${literal.join('.*')}$`, 's').test(text);
}

function patternOf(terms: readonly Term[]): object {
  const findings = { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] };
  const alternatives = terms.map(conditionsOf);
  const distinct = [...new Map(alternatives.map((one) => [JSON.stringify(one), one])).values()];
  const [only] = distinct;
  return distinct.length === 1 && only !== undefined ? { ...findings, ...only } : { ...findings, $or: distinct };
}
