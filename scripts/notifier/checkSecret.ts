import { appButtons } from '../../notifier/message/appButtons';
import { messageContext } from '../../notifier/message/context';
import { digestMessage } from '../../notifier/message/digestMessage';
import { english } from '../../notifier/message/english';
import { followUpMessage } from '../../notifier/message/followUpMessage';
import type { DestinationSettings, NotifierSettings } from '../../notifier/settings';
import { destinationOf } from '../../notifier/transports';
import { asDeliveryError } from '../../notifier/transports/errors';
import { Secrets } from '../../notifier/transports/secrets';
import { GarrisonError } from '../../organization/errors';

const more = () => ({ appButtons, digestMessage, followUpMessage });

/**
 * Asks a destination whether it takes a secret, without sending a message. Destinations that cannot be asked pass.
 *
 * @throws GarrisonError `secret.refused`
 */
export async function checkSecret(
  described: DestinationSettings,
  value: string,
  settings: NotifierSettings,
): Promise<void> {
  const destination = destinationOf(described, {
    context: messageContext(settings, english),
    secrets: new Secrets(async () => value),
    fetch,
    more,
  });
  try {
    await destination.probe?.();
  } catch (cause) {
    const reason = asDeliveryError(cause)?.reason ?? 'unreachable';
    const remedy = 'The old secret is untouched. Check the new one, or give --no-check.';
    throw new GarrisonError('secret.refused', `The destination does not take the new secret: ${reason}.`, remedy);
  }
}
