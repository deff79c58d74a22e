import { asDeliveryError } from '../../notifier/transports/errors';
import { type Fetch, post } from '../../notifier/transports/http';
import type { Secrets } from '../../notifier/transports/secrets';
import { signatureOf } from '../../notifier/transports/signedWebhook';
import type { AttestationTools, TicketVerdict } from '../questions/tools';
import type { TicketSettings } from '../settings';

type Webhook = NonNullable<TicketSettings['webhook']>;

/**
 * Asks a web service of a ticket: `POST {"version":1,"kind":"ticket","ticket":…,"slackUser":…}`, signed as the
 * notifier's signed webhooks are (`x-garrison-signature`). It answers 200 with `{"known": true}`, or with
 * `{"known": false, "text": …}`, where `text` is shown to whoever answered; 404 says that it is not known.
 */
export function ticketWebhook(
  webhook: Webhook | undefined,
  { fetch, secrets }: { readonly fetch: Fetch; readonly secrets: Secrets },
): AttestationTools['askTicket'] {
  if (webhook === undefined) {
    return async () => ({ kind: 'silent' });
  }
  const impatient: Fetch = (url, init) =>
    fetch(url, { ...init, signal: AbortSignal.any([init.signal, AbortSignal.timeout(webhook.timeoutMilliseconds)]) });
  return async (ticket, slackUser) => {
    const body = JSON.stringify({ version: 1, kind: 'ticket', ticket, slackUser });
    try {
      return await secrets.with(webhook.url, (address) =>
        secrets.with(webhook.signingKey, async (key) => {
          const signature = signatureOf(body, key, Math.floor(Date.now() / 1_000));
          const { status, body: answer } = await post(impatient, address, body, { 'x-garrison-signature': signature });
          return verdictOf(status, answer);
        }),
      );
    } catch (error) {
      if (asDeliveryError(error) !== undefined || (error as Error).name === 'SecretUnreadable') {
        return { kind: 'silent' };
      }
      throw error;
    }
  };
}

const longestText = 200;

function verdictOf(status: number, body: string): TicketVerdict {
  if (status === 404) {
    return { kind: 'unknown' };
  }
  const answer = status === 200 ? parsed(body) : undefined;
  if (answer?.known === true) {
    return { kind: 'known' };
  }
  if (answer?.known !== false) {
    return { kind: 'silent' };
  }
  return { kind: 'unknown', text: typeof answer.text === 'string' ? answer.text.slice(0, longestText) : undefined };
}

function parsed(body: string): { readonly known?: unknown; readonly text?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
