import { createHmac } from 'node:crypto';
import { withoutMarkup } from '../message/followUpMessage';
import { alertSummary } from '../message/summary';
import { DeliveryError } from './errors';
import { post } from './http';
import type { DestinationFactory } from './tools';

/**
 * Any web service: JSON by POST. `x-garrison-signature: t=<epoch seconds>,v1=<hex HMAC-SHA-256 of "t.body">` proves who
 * sent it and when; `x-garrison-id` stays the same when a message is sent again.
 */
export const signedWebhook: DestinationFactory<'signed-webhook'> = (settings, tools) => {
  const send = (kind: 'alert' | 'digest' | 'followUp', id: string, content: object) =>
    tools.secrets.with(settings.url, (address) =>
      tools.secrets.with(settings.signingKey, async (key) => {
        const body = JSON.stringify({ version: 1, kind, id, ...content });
        const { status } = await post(tools.fetch, address, body, {
          'x-garrison-id': id,
          'x-garrison-signature': signatureOf(body, key, Math.floor(Date.now() / 1_000)),
        });
        if (status < 200 || status > 299) {
          throw new DeliveryError(status === 401 || status === 403 ? 'revoked' : 'refused', `HTTP ${status}`);
        }
        return {};
      }),
    );
  return {
    send: ({ alert }) => send('alert', alert.id, { alert: alertSummary(alert, tools.context) }),
    say: ({ id, text, alert }) =>
      send('followUp', id, { text: withoutMarkup(text), alert: alertSummary(alert, tools.context) }),
    sendDigest: (digest) => send('digest', digest.id, { alerts: digest.entries }),
  };
};

/** The signature's header: for receivers' tests too. */
export function signatureOf(body: string, key: string, timestamp: number): string {
  return `t=${timestamp},v1=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`;
}
