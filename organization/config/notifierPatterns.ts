import type { NotifierSettings, RouteSettings, SeverityBand } from '../../notifier/settings';

/** The parts of an EventBridge pattern that the routes decide on. */
export interface FindingPattern {
  readonly source: readonly ['aws.guardduty'];
  readonly 'detail-type': readonly ['GuardDuty Finding'];
  readonly detail: Readonly<Record<string, readonly unknown[]>>;
}

const bounds: Readonly<Record<SeverityBand, readonly [number, number]>> = {
  Low: [1, 4],
  Medium: [4, 7],
  High: [7, 9],
  Critical: [9, 10.1],
};

/**
 * The EventBridge patterns that deliver exactly the findings which the routes may want: those at or above the minimum
 * severity, and what a route asks for of the bands below it. Silences are not subtracted: silenced findings are
 * recorded.
 */
export function findingPatterns(
  settings: Pick<NotifierSettings, 'minimumSeverity' | 'routes' | 'accounts'>,
): FindingPattern[] {
  const below = settings.routes
    .filter((route) => route.silence === undefined)
    .flatMap((route) => belowMinimum(route, settings));
  return [pattern({ severity: [{ numeric: ['>=', settings.minimumSeverity] }] }), ...below];
}

function belowMinimum(
  route: RouteSettings,
  { minimumSeverity, accounts }: Pick<NotifierSettings, 'minimumSeverity' | 'accounts'>,
): FindingPattern[] {
  const { severity = [], findingType, account, region, detection } = route.match;
  const ranges = severity
    .filter((band) => bounds[band][0] < minimumSeverity)
    .map((band) => ({ numeric: ['>=', bounds[band][0], '<', Math.min(bounds[band][1], minimumSeverity)] }));
  if (ranges.length === 0 || detection !== undefined) {
    return [];
  }
  const ids = account?.flatMap((name) =>
    accounts
      .filter((known) => known.name === name)
      .map(({ id }) => id)
      .concat(name),
  );
  return [
    pattern({
      severity: ranges,
      ...(findingType === undefined ? {} : { type: findingType.map(wildcard) }),
      ...(ids === undefined || ids.some((id) => id.includes('*'))
        ? {}
        : { accountId: ids.filter((id) => /^\d{12}$/.test(id)) }),
      ...(region === undefined ? {} : { region: region.map(wildcard) }),
    }),
  ];
}

function pattern(detail: FindingPattern['detail']): FindingPattern {
  return { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'], detail };
}

function wildcard(text: string): unknown {
  return text.includes('*') ? { wildcard: text.replace(/\*+/g, '*') } : text;
}
