import type { RouteSettings, SeverityBand } from '../../notifier/settings';
import { monthsFrom } from './findingTerms';
import { accountsOf, lowerBounds, matches, type RoutedSettings } from './notifierPatterns';

/** A rule of the bus that turns an event into an alert. */
export interface DetectionRule {
  readonly eventPattern: object;
  readonly inputTransformer: { readonly inputTemplate: string };
}

/** What is left of the rules, and which silences they could not say. */
export interface WantedRules<Rule> {
  readonly rules: readonly Rule[];
  /** Names of silences of detections that the notifier alone applies. */
  readonly unsaid: readonly string[];
  /** Ids of detections below the minimum severity that no route asks for. */
  readonly unwanted: readonly string[];
}

interface Mark {
  readonly id: string;
  readonly band: SeverityBand;
}

/** EventBridge's limit on the length of a pattern. */
const longestPattern = 2_048;

/**
 * The detections' rules as the routes want them: without the detections that are below the minimum severity and that
 * no route asks for, and with what a silence of detections drops left out before its last month is there (the notifier
 * knows the day). They may deliver more than the routes want, never less.
 */
export function wantedRules<Rule extends DetectionRule>(
  rules: readonly Rule[],
  settings: RoutedSettings,
): WantedRules<Rule> {
  const unsaid = new Set<string>();
  const unwanted = new Set<string>();
  const wanted = rules.flatMap((rule): Rule[] => {
    const mark = markOf(rule);
    if (mark === undefined) {
      return [rule];
    }
    if (!isWanted(mark, settings)) {
      unwanted.add(mark.id);
      return [];
    }
    return [{ ...rule, eventPattern: narrowed(rule, mark, settings, unsaid) }];
  });
  return { rules: wanted, unsaid: [...unsaid], unwanted: [...unwanted] };
}

/** The detection, as the rule's own transformer marks its events. */
function markOf({ inputTransformer: { inputTemplate } }: DetectionRule): Mark | undefined {
  const mark = /^\{"detection":(\{.*?\}),"event":/s.exec(inputTemplate)?.[1];
  const { id, severity } = (mark === undefined ? {} : JSON.parse(mark)) as { id?: string; severity?: string };
  const band = (Object.keys(lowerBounds) as SeverityBand[]).find((name) => name.toLowerCase() === severity);
  return id === undefined || band === undefined ? undefined : { id, band };
}

function isWanted(mark: Mark, { minimumSeverity, routes }: RoutedSettings): boolean {
  const asksFor = (route: RouteSettings) =>
    route.silence === undefined && route.match.severity?.includes(mark.band) && mayMatch(route, mark);
  return lowerBounds[mark.band] >= minimumSeverity || routes.some(asksFor);
}

/** Whether the detection itself speaks for the route; account and region only an event can tell. */
function mayMatch({ match }: RouteSettings, { id, band }: Mark): boolean {
  return (
    match.findingType === undefined &&
    (match.detection?.some((pattern) => matches(pattern, id)) ?? true) &&
    (match.severity?.includes(band) ?? true)
  );
}

function narrowed(rule: DetectionRule, mark: Mark, settings: RoutedSettings, unsaid: Set<string>): object {
  let pattern = rule.eventPattern;
  for (const route of settings.routes.filter((candidate) => mayMatch(candidate, mark))) {
    if (route.silence === undefined) {
      // It may take what a silence behind it would drop.
      return pattern;
    }
    const next = spared(pattern, route, route.silence.until, settings);
    if (next === undefined || JSON.stringify(next).length > longestPattern) {
      unsaid.add(route.name);
    } else {
      pattern = next;
    }
  }
  return pattern;
}

/** What a silence lets through of a pattern; `undefined` where a pattern has no words for it. */
function spared(
  pattern: object,
  { match }: RouteSettings,
  until: string,
  settings: RoutedSettings,
): object | undefined {
  const accounts = accountsOf(match, settings);
  const time = monthsFrom(until);
  if (match.region !== undefined || 'time' in pattern || accounts?.length === 0) {
    return undefined;
  }
  if (accounts === undefined) {
    return { ...pattern, time };
  }
  return '$or' in pattern || 'account' in pattern
    ? undefined
    : { ...pattern, $or: [{ account: [{ 'anything-but': accounts }] }, { time }] };
}
