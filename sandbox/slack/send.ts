import { createHmac, randomBytes } from 'node:crypto';
import type { Delivery } from './app';
import type { Workspace } from './workspace';

/** A request to the app's request URL. */
interface Outgoing {
  readonly kind: Delivery['kind'];
  readonly url: string;
  readonly contentType: 'application/json' | 'application/x-www-form-urlencoded';
  readonly body: string;
  readonly id?: string;
  readonly retry?: number;
  readonly retryReason?: string;
}

function failureOf(error: unknown): string {
  return (error as { name?: unknown }).name === 'TimeoutError' ? 'http_timeout' : 'connection_failed';
}

/** `v0=…`: HMAC-SHA256 over version, time stamp and body. */
export function signatureOf(secret: string, timestamp: number | string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

/** Sends a signed request and waits as long as Slack does for the answer. Never throws. */
export async function send(
  workspace: Workspace,
  outgoing: Outgoing,
): Promise<{ delivery: Delivery; headers?: Headers }> {
  const { kind, url, body, contentType, id, retry, retryReason } = outgoing;
  const timestamp = Math.floor(workspace.now().getTime() / 1000);
  const delivery: Delivery = { kind, url, time: workspace.time(), id, retry, retryReason };
  workspace.app.deliveries.push(delivery);
  const begun = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': contentType,
        accept: '*/*',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestamp),
        'x-slack-signature': signatureOf(workspace.app.signingSecret, timestamp, body),
        ...(retry
          ? { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': retryReason ?? 'unknown_error' }
          : {}),
      },
      body,
      redirect: kind === 'event' ? 'follow' : 'manual',
      signal: AbortSignal.timeout(workspace.settings.answerWithin),
    });
    delivery.answer = await response.text();
    delivery.status = response.status;
    delivery.failure = response.status >= 200 && response.status < 300 ? undefined : 'http_error';
    return { delivery, headers: response.headers };
  } catch (error) {
    delivery.failure = failureOf(error);
    return { delivery };
  } finally {
    delivery.milliseconds = Math.round(performance.now() - begun);
  }
}

/** Asks a URL whether it is the app's: it has to echo a challenge. Returns Slack's complaint, if any. */
export async function verifyUrl(workspace: Workspace, url: string): Promise<string | undefined> {
  const challenge = randomBytes(20).toString('hex');
  const body = JSON.stringify({ token: workspace.app.verificationToken, challenge, type: 'url_verification' });
  const { delivery } = await send(workspace, { kind: 'url_verification', url, contentType: 'application/json', body });
  if (delivery.failure) {
    return `Your URL didn't respond with the value of the challenge parameter: ${delivery.failure} ${delivery.status ?? ''}`.trim();
  }
  return answersChallenge(delivery.answer ?? '', challenge)
    ? undefined
    : "Your URL didn't respond with the value of the challenge parameter.";
}

/** As plain text, as a form or as JSON. */
function answersChallenge(answer: string, challenge: string): boolean {
  try {
    return (JSON.parse(answer) as { challenge?: unknown }).challenge === challenge;
  } catch {
    return answer.trim() === challenge || new URLSearchParams(answer).get('challenge') === challenge;
  }
}
