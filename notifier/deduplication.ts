import type { Alert } from './alert';
import { digest } from './hash';
import type { KeyPart, NotifierSettings } from './settings';

/**
 * The key under which alerts count as the same, as a digest. Samples count one by one: they must not hide a real
 * finding, and every drill has to arrive.
 */
export function deduplicationKey(alert: Alert, settings: NotifierSettings): string {
  const parts = settings.deduplication.key.map((part) => `${part}=${partOf(alert, part)}`);
  return digest(alert.sample ? ['sample', alert.id] : ['alert', ...parts]);
}

function partOf(alert: Alert, part: KeyPart): string {
  switch (part) {
    case 'type':
      return alert.type;
    case 'resource':
      return resourceOf(alert);
    case 'account':
      return alert.accountId;
    case 'region':
      return alert.region;
    case 'finding':
      return alert.finding?.id ?? alert.eventId ?? alert.id;
    case 'actor':
      return alert.actor?.name ?? '';
  }
}

/** What it is about first; what names nothing (a sign-in) is told apart by who did it. */
function resourceOf(alert: Alert): string {
  // What was counted together is one, whatever the last event was about.
  if (alert.threshold !== undefined) {
    return alert.threshold.key;
  }
  const name = alert.resources.find((resource) => resource.name !== '')?.name;
  return name ?? `${alert.actor?.kind}/${alert.actor?.name}`;
}
