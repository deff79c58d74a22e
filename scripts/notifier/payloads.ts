import type { Alert } from '../../notifier/alert';
import { appButtons } from '../../notifier/message/appButtons';
import type { MessageContext } from '../../notifier/message/context';
import { digestMessage } from '../../notifier/message/digestMessage';
import { followUpMessage } from '../../notifier/message/followUpMessage';
import type { Decision } from '../../notifier/routes';
import { destinationOf } from '../../notifier/transports';
import type { Fetch } from '../../notifier/transports/http';
import { Secrets } from '../../notifier/transports/secrets';

const more = () => ({ appButtons, digestMessage, followUpMessage });

/** What a destination would be sent. */
export interface Payload {
  readonly destination: string;
  readonly type: string;
  readonly body: unknown;
}

/**
 * The payloads that an alert would be posted as: made by the destinations themselves, with a network that keeps what it
 * is given, and without a secret.
 */
export async function payloadsOf(alert: Alert, decision: Decision, context: MessageContext): Promise<Payload[]> {
  const { settings } = context;
  const names = decision.kind === 'send' ? decision.destinations : [settings.defaultDestination];
  const mention = decision.kind === 'send' ? decision.mention : 'none';
  const channel = decision.kind === 'send' ? decision.channel : undefined;
  const payloads: Payload[] = [];
  for (const name of names) {
    const described = settings.destinations[name];
    if (described !== undefined) {
      const kept: unknown[] = [];
      const destination = destinationOf(described, {
        context,
        secrets: new Secrets(async () => 'https://preview.invalid/'),
        fetch: keeping(kept),
        more,
        publish: async (message) => void kept.push(message),
      });
      await destination.send({ alert, channel, options: { mention } });
      payloads.push({ destination: name, type: described.type, body: kept[0] });
    }
  }
  return payloads;
}

function keeping(kept: unknown[]): Fetch {
  return async (_, { body }) => {
    const payload = JSON.parse(body) as Record<string, unknown>;
    // PagerDuty's routing key is a secret that the preview does not have.
    delete payload.routing_key;
    kept.push(payload);
    return { status: 200, headers: { get: () => null }, text: async () => '{"ok":true,"channel":"C","ts":"1"}' };
  };
}
