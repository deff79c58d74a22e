import { code, mrkdwn } from '../../notifier/message/escape';
import type { Actor, Person } from '../record/content';
import type { AttestationWords } from '../words';

/** Ids of Slack's are all that is ever written as a mention. */
const slackId = /^[UWS][A-Z0-9]{2,}$/;

/** `<@U…>`, `<!subteam^S…>`, `<!here>`, `<!channel>`, or nothing. */
export function mention(whom: string | undefined): string {
  if (whom === 'here' || whom === 'channel') {
    return `<!${whom}>`;
  }
  if (whom === undefined || !slackId.test(whom)) {
    return '';
  }
  return whom.startsWith('S') ? `<!subteam^${whom}>` : `<@${whom}>`;
}

/** Somebody by name, without calling them. */
export function person({ name, key }: Person, words: AttestationWords, slackUser?: string): string {
  if (key.startsWith('root:')) {
    return words.rootUser;
  }
  return slackUser !== undefined && slackId.test(slackUser) ? `<@${slackUser}>` : code(name, 200);
}

/** Whoever answered or announced. */
export function actor({ slackUser, name, principal }: Actor, words: AttestationWords): string {
  return mention(slackUser) || mrkdwn(name ?? principal ?? words.somebody, 200);
}
