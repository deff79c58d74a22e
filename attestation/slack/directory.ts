import type { WebClient } from '@slack/web-api';
import { asDeliveryError } from '../../notifier/transports/errors';
import type { Secrets } from '../../notifier/transports/secrets';
import { type SlackDirectory, SlackUnavailable } from '../questions/tools';
import type { AttestationSettings } from '../settings';
import { slackCall } from './client';

/** Members of a user group are read again after so long. */
const membersMilliseconds = 60_000;

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
  const slack = slackCall(settings, secrets);
  const call = <Answer>(use: (client: WebClient) => Promise<Answer>) => asked(slack(use));
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
async function asked<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    const failure = asDeliveryError(error);
    if (failure !== undefined && nobody.has(failure.reason)) {
      return undefined;
    }
    throw failure === undefined ? error : new SlackUnavailable(failure.reason, failure.retryAfterSeconds);
  }
}
