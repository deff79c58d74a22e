import type { Alert } from '../../notifier/alert';
import { appButtons } from '../../notifier/message/appButtons';
import type { MessageContext } from '../../notifier/message/context';
import { digestMessage } from '../../notifier/message/digestMessage';
import { followUpMessage } from '../../notifier/message/followUpMessage';
import type { Decision } from '../../notifier/routes';
import { destinationOf } from '../../notifier/transports';
import { asDeliveryError } from '../../notifier/transports/errors';
import { fetchSecret } from '../../notifier/transports/fetchSecret';
import { Secrets } from '../../notifier/transports/secrets';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';

const more = () => ({ appButtons, digestMessage, followUpMessage });

const longestWait = 30;

/**
 * Posts alerts to the destinations that their routes name, one after the other, obeying `Retry-After`. Alerts that the
 * routes would not send are not sent.
 *
 * @throws GarrisonError `preview.notSent` for the first that a destination does not take
 */
export async function sendAlerts(
  alerts: readonly { readonly alert: Alert; readonly decision: Decision; readonly place: string }[],
  context: MessageContext,
  io: Io,
): Promise<void> {
  const { settings } = context;
  const secrets = new Secrets((reference) => fetchSecret(reference, settings.homeRegion));
  let sent = 0;
  for (const { alert, decision, place } of alerts) {
    for (const name of decision.kind === 'send' ? decision.destinations : []) {
      const described = settings.destinations[name];
      if (described !== undefined && decision.kind === 'send') {
        const destination = destinationOf(described, { context, secrets, fetch, more });
        const options = { mention: decision.mention };
        await patiently(() => destination.send({ alert, channel: decision.channel, options }), name, place);
        sent += 1;
      }
    }
  }
  io.stderr.write(`${sent} ${sent === 1 ? 'message' : 'messages'} sent\n`);
}

async function patiently(send: () => Promise<unknown>, destination: string, place: string): Promise<void> {
  try {
    await send();
  } catch (cause) {
    const failure = asDeliveryError(cause);
    const wait = failure?.retryAfterSeconds ?? 1;
    if (failure?.failure === 'rateLimited' && wait <= longestWait) {
      await new Promise((resolve) => setTimeout(resolve, wait * 1_000));
      return patiently(send, destination, place);
    }
    const reason = failure?.reason ?? (cause instanceof Error ? cause.message : String(cause));
    const remedy = `See \`garrison secret set ${destination}\`, and whether the destination is reachable from here.`;
    throw new GarrisonError(
      'preview.notSent',
      `${place}: ${destination} did not take the message: ${reason}`,
      remedy,
      {},
      { cause },
    );
  }
}
