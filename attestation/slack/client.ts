import type { WebClient } from '@slack/web-api';
import { DeliveryError } from '../../notifier/transports/errors';
import type { Secrets } from '../../notifier/transports/secrets';
import type { AttestationSettings } from '../settings';

/** A lookup must not use up the time that Slack gives the bot, nor a function's. */
const timeoutMilliseconds = 2_500;

const revoked = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);

/** Calls Slack through its own client, with the bot's token. Rejects with `DeliveryError`; tries once. */
export type SlackCall = <Answer>(use: (client: WebClient) => Promise<Answer>) => Promise<Answer>;

/** The bot's token is fetched once, and again when Slack says that it is revoked. */
export function slackCall(
  { botToken, apiUrl }: Pick<AttestationSettings['slack'], 'botToken' | 'apiUrl'>,
  secrets: Secrets,
): SlackCall {
  let made: { readonly token: string; readonly client: WebClient } | undefined;
  return (use) =>
    secrets.with(botToken, (token) => {
      made = made?.token === token ? made : { token, client: clientFor(token, apiUrl) };
      return use(made.client).catch(translated);
    });
}

function clientFor(token: string, apiUrl: string): WebClient {
  const { LogLevel, WebClient } = require('@slack/web-api') as typeof import('@slack/web-api');
  return new WebClient(token, {
    slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    timeout: timeoutMilliseconds,
    // A queue comes again; whoever waits in Slack does not.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // Its messages may quote what was sent.
    logLevel: LogLevel.ERROR,
    logger: silent,
  });
}

const nothing = () => undefined;

/** For Slack's libraries, whose log lines may quote what was sent. */
export const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => 'error' as never,
  setName: nothing,
};

/** The client's errors in the words of the notifier's, which hold nothing that was sent. */
function translated(error: unknown): never {
  const { data, retryAfter } = error as { data?: { error?: unknown }; retryAfter?: number };
  if (typeof retryAfter === 'number') {
    throw new DeliveryError('rateLimited', 'ratelimited', retryAfter);
  }
  const reason = typeof data?.error === 'string' && /^\w{1,60}$/.test(data.error) ? data.error : 'no_answer';
  throw new DeliveryError(revoked.has(reason) ? 'revoked' : 'refused', reason);
}
