import pc from 'picocolors';
import { oneLine } from '../../notifier/message/escape';
import { type DetectionRule, wantedRules } from '../../organization/config/detectionPatterns';
import { findingPattern, type RoutedSettings } from '../../organization/config/notifierPatterns';

/** Something about a silence that whoever rolls out should know. Nothing of it holds a rollout up. */
export interface SilenceNote {
  readonly code: 'silence.expired' | 'silence.expiring' | 'silence.leftToNotifier';
  readonly route: string;
  readonly reason: string;
  /** The last day (UTC). */
  readonly until: string;
}

const day = 86_400_000;
const soonDays = 14;

/**
 * Silences that have run out or will within a fortnight, and those that the event patterns have no room or no words
 * for: their alerts travel to the alert queue, and the notifier drops them. Pure.
 */
export function silenceNotes(settings: RoutedSettings, rules: readonly DetectionRule[], now: Date): SilenceNote[] {
  // The findings' pattern has nothing to say of a silence of detections alone.
  const ofDetections = new Set(settings.routes.filter(({ match }) => match.detection).map(({ name }) => name));
  const unsaid = new Set([
    ...findingPattern(settings).unsaid.filter((name) => !ofDetections.has(name)),
    ...wantedRules(rules, settings).unsaid,
  ]);
  const today = now.toISOString().slice(0, 10);
  const soon = new Date(now.getTime() + soonDays * day).toISOString().slice(0, 10);
  return settings.routes.flatMap(({ name, silence }): SilenceNote[] => {
    if (silence === undefined) {
      return [];
    }
    const note = (code: SilenceNote['code']) => ({ code, route: name, reason: silence.reason, until: silence.until });
    if (silence.until < today) {
      return [note('silence.expired')];
    }
    return [
      ...(silence.until <= soon ? [note('silence.expiring')] : []),
      ...(unsaid.has(name) ? [note('silence.leftToNotifier')] : []),
    ];
  });
}

/** Detections that the routes leave without a rule. */
export function unwantedDetections(
  settings: RoutedSettings,
  rules: readonly DetectionRule[],
): { readonly id: string; readonly reason: string }[] {
  const reason = 'below notifier.minimumSeverity, and no route asks for it';
  return wantedRules(rules, settings).unwanted.map((id) => ({ id, reason }));
}

/** The notes for a person, one line each. */
export function silenceLines(notes: readonly SilenceNote[]): string[] {
  return notes.map(lineOf);
}

function lineOf({ code, route, reason, until }: SilenceNote): string {
  const which = `"${oneLine(route)}" (${oneLine(reason)})`;
  switch (code) {
    case 'silence.expired':
      return `${pc.yellow('! silence')}  ${which} ended on ${until}: its alerts are sent. Take it out of notifier.routes`;
    case 'silence.expiring':
      return `${pc.yellow('! silence')}  ${which} ends on ${until}: after that day its alerts are sent`;
    case 'silence.leftToNotifier':
      return `${pc.cyan('i silence')}  ${which} is the notifier's alone: no event pattern has words or room for it`;
  }
}
