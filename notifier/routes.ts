import type { Alert } from './alert';
import type { AccountName, MessageContext } from './message/context';
import type { Mention, NotifierSettings, RouteMatch, RouteSettings } from './settings';
import { matchesWildcard } from './wildcard';

/** What happens to an alert, before it is known whether the same was sent already. */
export type Decision =
  | {
      readonly kind: 'send';
      /** Absent when no route matched and the default destination takes it. */
      readonly route?: string;
      readonly destinations: readonly string[];
      readonly channel?: string;
      readonly mention: Mention;
      /** The alert itself is not sent; what is said under it is. */
      readonly unannounced?: boolean;
    }
  | { readonly kind: 'silenced'; readonly route: string; readonly reason: string; readonly until: string }
  | { readonly kind: 'belowMinimum'; readonly minimum: number; readonly route?: string }
  | { readonly kind: 'sampleDropped' };

/** One line of the explanation why a route takes an alert or does not. */
export interface RouteVerdict {
  readonly route: string;
  readonly verdict: 'matches' | 'differs' | 'expired' | 'notReached';
  /** The first member that differs: what the route wants and what the alert has. */
  readonly differs?: { readonly member: keyof RouteMatch; readonly wanted: readonly string[]; readonly found: string };
}

/** The first route that matches decides; silences that have run out are passed over. */
export function decide(alert: Alert, context: MessageContext, now: Date): Decision {
  const { settings } = context;
  if (alert.sample && settings.samples === 'drop') {
    return { kind: 'sampleDropped' };
  }
  const route = settings.routes.find((candidate) => verdictOf(candidate, alert, context, now).verdict === 'matches');
  if (route?.silence !== undefined) {
    return { kind: 'silenced', route: route.name, ...route.silence };
  }
  if (isBelowMinimum(alert, settings, route)) {
    return { kind: 'belowMinimum', minimum: settings.minimumSeverity, route: route?.name };
  }
  return {
    kind: 'send',
    route: route?.name,
    destinations: route?.destinations ?? [settings.defaultDestination],
    channel: route?.channel,
    mention: route?.mention ?? settings.mention,
  };
}

/** What `decide` looked at, route by route. */
export function explain(alert: Alert, context: MessageContext, now: Date): readonly RouteVerdict[] {
  const verdicts = context.settings.routes.map((route) => verdictOf(route, alert, context, now));
  const decided = verdicts.findIndex(({ verdict }) => verdict === 'matches');
  return verdicts.map((verdict, index) =>
    decided >= 0 && index > decided ? { route: verdict.route, verdict: 'notReached' } : verdict,
  );
}

function verdictOf(route: RouteSettings, alert: Alert, context: MessageContext, now: Date): RouteVerdict {
  const account = context.account(alert.accountId);
  const members = Object.keys(route.match) as (keyof RouteMatch)[];
  const differing = members.find((member) => !matches(member, route.match[member] ?? [], alert, account));
  if (differing !== undefined) {
    const found = valuesOf(differing, alert, account).join(', ');
    return {
      route: route.name,
      verdict: 'differs',
      differs: { member: differing, wanted: route.match[differing] ?? [], found },
    };
  }
  const expired = route.silence !== undefined && now.getTime() >= endOfDay(route.silence.until);
  return { route: route.name, verdict: expired ? 'expired' : 'matches' };
}

function matches(member: keyof RouteMatch, wanted: readonly string[], alert: Alert, account: AccountName): boolean {
  const values = valuesOf(member, alert, account);
  const patterns = member === 'ou' ? wanted.flatMap((path) => [path, `${path}/*`]) : wanted;
  return values.some((value) => patterns.some((pattern) => matchesWildcard(pattern, value)));
}

function valuesOf(member: keyof RouteMatch, alert: Alert, account: AccountName): readonly string[] {
  const present = (...values: readonly (string | undefined)[]) =>
    values.filter((value): value is string => value !== undefined && value !== '');
  switch (member) {
    case 'severity':
      return [alert.band];
    case 'detection':
      return present(alert.detection?.id);
    case 'findingType':
      return alert.source === 'guardduty' ? [alert.type] : [];
    case 'account':
      return present(account.id, account.name);
    case 'ou':
      return present(account.ou);
    case 'region':
      return present(alert.region);
  }
}

/** An alert whose severity nobody stated is never below: a rule wanted it. */
function isBelowMinimum(alert: Alert, settings: NotifierSettings, route: RouteSettings | undefined): boolean {
  return (
    alert.severity !== undefined &&
    alert.severity < settings.minimumSeverity &&
    route?.match.severity?.includes(alert.band) !== true
  );
}

function endOfDay(day: string): number {
  const start = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(start) ? 0 : start + 86_400_000;
}
