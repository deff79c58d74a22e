import type { WebClient } from '@slack/web-api';
import { asDeliveryError, DeliveryError } from '../../notifier/transports/errors';
import type { Secrets } from '../../notifier/transports/secrets';
import { type SlackDirectory, SlackUnavailable } from '../questions/tools';
import type { AttestationSettings } from '../settings';

/** A lookup must not use up the time that Slack gives the bot, nor a function's. */
const timeoutMilliseconds = 2_500;
/** Members of a user group are read again after so long. */
const membersMilliseconds = 60_000;

const revoked = new Set(['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive']);
const nobody = new Set([
  'users_not_found',
  'user_not_found',
  'user_not_visible',
  'no_such_subteam',
  'subteam_not_found',
]);

/** Slack's people, through its own client. Answers that somebody was found are remembered while the function is warm. */
export function slackDirectory(settings: AttestationSettings['slack'], secrets: Secrets): SlackDirectory {
  const found = new Map<string, string>();
  const groups = new Map<string, { readonly members: readonly string[]; readonly until: number }>();
  const call = <Answer>(use: (client: WebClient) => Promise<Answer>) => asked(use, settings, secrets);
  return {
    userByEmail: async (email) => {
      const known = found.get(email);
      if (known !== undefined) {
        return known;
      }
      const answer = await call((client) => client.users.lookupByEmail({ email }));
      const id = answer?.user?.deleted ? undefined : answer?.user?.id;
      if (id !== undefined) {
        found.set(email, id);
      }
      return id;
    },
    profileOf: async (user) => {
      const answer = await call((client) => client.users.info({ user }));
      const { profile, real_name: name } = answer?.user ?? {};
      return answer?.user && { email: profile?.email, name: profile?.display_name || name };
    },
    membersOf: async (usergroup) => {
      const known = groups.get(usergroup);
      if (known !== undefined && known.until > Date.now()) {
        return known.members;
      }
      const members = (await call((client) => client.usergroups.users.list({ usergroup })))?.users ?? [];
      groups.set(usergroup, { members, until: Date.now() + membersMilliseconds });
      return members;
    },
  };
}

/** `undefined` when Slack knows nobody of the kind. @throws SlackUnavailable */
async function asked<Answer>(
  use: (client: WebClient) => Promise<Answer>,
  { botToken, apiUrl }: AttestationSettings['slack'],
  secrets: Secrets,
): Promise<Answer | undefined> {
  try {
    return await secrets.with(botToken, (token) => use(clientFor(token, apiUrl)).catch(translated));
  } catch (error) {
    const failure = asDeliveryError(error);
    if (failure !== undefined && nobody.has(failure.reason)) {
      return undefined;
    }
    throw failure === undefined ? error : new SlackUnavailable(failure.reason, failure.retryAfterSeconds);
  }
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
const silent = {
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
