/** What Slack's documentation says about a method. */
interface MethodFacts {
  /** Calls a minute of its tier; no limit worth the name when left out. */
  readonly perMinute?: number;
  /** Scopes of which a bot needs one. */
  readonly scopes?: readonly string[];
  /** Takes forms only: a JSON body is not looked at. */
  readonly formOnly?: true;
  /** Arguments without which it is `invalid_arguments`. */
  readonly required?: readonly string[];
}

const [tier1, tier2, tier3, tier4] = [1, 20, 50, 100];
const history = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
const reading = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];

/** Source: the methods' pages under https://docs.slack.dev/reference/methods (content types, scopes, rate limits). */
const facts: Readonly<Record<string, MethodFacts>> = {
  'auth.test': {},
  'bots.info': { perMinute: tier3, scopes: ['users:read'], formOnly: true },
  'chat.postMessage': { scopes: ['chat:write'], required: ['channel'] },
  'chat.postEphemeral': { perMinute: tier4, scopes: ['chat:write'], required: ['channel', 'user'] },
  'chat.update': { perMinute: tier3, scopes: ['chat:write'], required: ['channel', 'ts'] },
  'chat.delete': { perMinute: tier3, scopes: ['chat:write'], required: ['channel', 'ts'] },
  'chat.getPermalink': { formOnly: true, required: ['channel', 'message_ts'] },
  'conversations.history': { perMinute: tier3, scopes: history, formOnly: true, required: ['channel'] },
  'conversations.replies': { perMinute: tier3, scopes: history, formOnly: true, required: ['channel', 'ts'] },
  'conversations.list': { perMinute: tier2, scopes: reading, formOnly: true },
  'conversations.info': { perMinute: tier3, scopes: reading, formOnly: true, required: ['channel'] },
  'conversations.members': { perMinute: tier4, scopes: reading, formOnly: true, required: ['channel'] },
  'conversations.join': { perMinute: tier3, scopes: ['channels:join'], required: ['channel'] },
  'conversations.open': { perMinute: tier3, scopes: ['im:write', 'mpim:write', 'channels:manage', 'groups:write'] },
  'files.getUploadURLExternal': {
    perMinute: tier4,
    scopes: ['files:write'],
    formOnly: true,
    required: ['filename', 'length'],
  },
  'files.completeUploadExternal': { perMinute: tier4, scopes: ['files:write'], required: ['files'] },
  'files.info': { perMinute: tier4, scopes: ['files:read'], formOnly: true, required: ['file'] },
  'reactions.add': { perMinute: tier3, scopes: ['reactions:write'], required: ['channel', 'name', 'timestamp'] },
  'team.info': { perMinute: tier3, scopes: ['team:read'], formOnly: true },
  'usergroups.list': { perMinute: tier2, scopes: ['usergroups:read'], formOnly: true },
  'usergroups.users.list': { perMinute: tier2, scopes: ['usergroups:read'], formOnly: true, required: ['usergroup'] },
  'users.info': { perMinute: tier4, scopes: ['users:read'], formOnly: true, required: ['user'] },
  'users.list': { perMinute: tier2, scopes: ['users:read'], formOnly: true },
  'users.lookupByEmail': { perMinute: tier3, scopes: ['users:read.email'], formOnly: true, required: ['email'] },
  'views.open': { perMinute: tier4, required: ['view'] },
  'views.push': { perMinute: tier4, required: ['view'] },
  'views.update': { perMinute: tier4, required: ['view'] },
  'views.publish': { perMinute: tier4, required: ['user_id', 'view'] },
  'apps.manifest.create': { perMinute: tier1, required: ['manifest'] },
  'apps.manifest.validate': { perMinute: tier3, required: ['manifest'] },
};

export function methodFacts(method: string): MethodFacts {
  return facts[method] ?? {};
}
