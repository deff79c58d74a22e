import type { Alert } from './alert';

/**
 * Stands in the second bundle for what a function's settings do not ask for. Nothing is lost even so: a message that
 * comes here all the same is sent in a plainer way, or waits in the dead-letter queue for a function that can read it.
 */
class NotConfigured extends Error {
  override readonly name = 'NotConfigured';
  readonly code = 'notifier.followUp.notConfigured';
}

/** In place of `parseFollowUp`, where nobody is there to write follow-ups. */
export function noFollowUps(): never {
  throw new NotConfigured('Neither responders nor attestation are configured.');
}

/** In place of `readThreshold`, where no detection counts: each event is an alert. */
export function noThreshold(): undefined {
  return undefined;
}

/** In place of `countOne`. */
export async function everyOne(alert: Alert): Promise<Alert> {
  return alert;
}
