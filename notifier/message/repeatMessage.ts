import type { Alert } from '../alert';
import { say } from './catalog';
import { label, type MessageContext } from './context';
import { code, mrkdwn, oneLine } from './escape';
import { slackDate } from './time';

/** What a message told of an alert, kept to tell only what is new when it comes again. */
export interface Told {
  readonly count?: number;
  readonly remote?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly severity?: number;
  readonly signals?: number;
}

/** What a message tells of an alert, as JSON. */
export function toldOf(alert: Alert): string {
  const told: Told = {
    count: alert.count,
    remote: alert.remote?.address,
    actor: alert.actor?.name,
    action: alert.action?.text,
    severity: alert.severity,
    signals: alert.signals.length || undefined,
  };
  return JSON.stringify(told);
}

/** The reply in the thread of an earlier message: only what differs from what was told. `mrkdwn`. */
export function repeatText(alert: Alert, told: string | undefined, { catalog }: MessageContext): string {
  const before = JSON.parse(told ?? '{}') as Told;
  const after = JSON.parse(toldOf(alert)) as Told;
  const differing = (name: keyof Told) => after[name] !== undefined && after[name] !== before[name];
  const gained = (name: 'count' | 'signals') => (after[name] ?? 0) - (before[name] ?? 0);
  const news = [
    differing('count')
      ? `${label('count', catalog)} ${after.count}${gained('count') > 0 ? ` (+${gained('count')})` : ''}`
      : '',
    differing('signals') ? say(catalog, 'signals', { count: after.signals }) : '',
    differing('severity') ? `${label('severity', catalog)} ${catalog.severity[alert.band]} (${after.severity})` : '',
    differing('action') ? `${label('action', catalog)} ${code(after.action ?? '', 200)}` : '',
    differing('actor') ? `${label('actor', catalog)} ${code(after.actor ?? '', 150)}` : '',
    differing('remote')
      ? `${label('remote', catalog)} ${code(after.remote ?? '', 120)}${mrkdwn(country(alert), 80)}`
      : '',
    alert.lastSeen === undefined ? '' : slackDate(alert.lastSeen),
  ].filter((part) => part !== '');
  return say(catalog, 'again', { what: news.join(' · ') });
}

function country({ remote }: Alert): string {
  return remote?.country === undefined ? '' : oneLine(` (${remote.country})`);
}
