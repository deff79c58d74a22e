import type { DestinationSettings, NotifierSettings, SecretReference } from '../notifier/settings';

/** Every secret that the notifier's destinations refer to. */
export function secretsOf(settings: NotifierSettings): SecretReference[] {
  return Object.values(settings.destinations).flatMap(secretsOfDestination);
}

/** The secrets of one destination. */
export function secretsOfDestination(destination: DestinationSettings): SecretReference[] {
  switch (destination.type) {
    case 'sns':
      return [];
    case 'signed-webhook':
      return [destination.url, destination.signingKey];
    default:
      return [destination.secret];
  }
}
