/** What Garrison does in Slack, as configured: each asks for scopes of its own. */
export interface SlackUses {
  /** People are asked what they used a privilege for: forms, threads, `/privileged-use`. */
  readonly attestation: boolean;
  /** Responders ask for approval: buttons. */
  readonly approvals: boolean;
}

/** A scope of the bot's token, and what it is for. */
export interface Scope {
  readonly name: string;
  readonly reason: string;
}

const always: readonly Scope[] = [
  { name: 'chat:write', reason: 'alerts, replies in their threads, words to one person' },
  { name: 'channels:history', reason: 'finds an alert again whose answer was lost; what people write in threads' },
  { name: 'groups:history', reason: 'the same in private channels' },
  { name: 'files:write', reason: 'the list of alerts under a digest' },
];

const forAttestation: readonly Scope[] = [
  { name: 'users:read', reason: 'the name and time zone of whoever answers; goes with users:read.email' },
  { name: 'users:read.email', reason: 'the person behind an e-mail address, and the other way round' },
  { name: 'usergroups:read', reason: 'who may answer in the place of others' },
  { name: 'im:history', reason: 'answers that are written to the bot itself' },
  { name: 'commands', reason: '/privileged-use' },
];

/** The scopes that are used, and no others. */
function scopesFor({ attestation }: SlackUses): readonly Scope[] {
  return attestation ? [...always, ...forAttestation] : always;
}

/** The part of https://docs.slack.dev/reference/app-manifest that is used. */
export interface Manifest {
  readonly _metadata: { readonly major_version: number; readonly minor_version: number };
  readonly display_information: Readonly<Record<'name' | 'description' | 'background_color', string>>;
  readonly features: {
    readonly app_home?: {
      readonly home_tab_enabled: boolean;
      readonly messages_tab_enabled: boolean;
      readonly messages_tab_read_only_enabled: boolean;
    };
    readonly bot_user: { readonly display_name: string; readonly always_online: boolean };
    readonly slash_commands?: readonly {
      readonly command: string;
      readonly url: string;
      readonly description: string;
      readonly usage_hint: string;
      readonly should_escape: boolean;
    }[];
  };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions?: { readonly request_url: string; readonly bot_events: readonly string[] };
    readonly interactivity?: { readonly is_enabled: boolean; readonly request_url: string };
    readonly org_deploy_enabled: boolean;
    readonly socket_mode_enabled: boolean;
    readonly token_rotation_enabled: boolean;
  };
}

/** The manifest of Garrison's app. `url` is the request URL: the function's, for everything. */
export function manifestFor(uses: SlackUses, url: string): Manifest {
  const { attestation, approvals } = uses;
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: 'Garrison',
      description: 'Security alerts of the AWS organization, and questions to whoever used a privilege.',
      background_color: '#1f2937',
    },
    features: {
      ...(attestation ? { app_home: directMessages } : {}),
      bot_user: { display_name: 'Garrison', always_online: true },
      ...(attestation ? { slash_commands: [{ ...privilegedUse, url }] } : {}),
    },
    oauth_config: { scopes: { bot: scopesFor(uses).map(({ name }) => name) } },
    settings: {
      ...(attestation ? { event_subscriptions: { request_url: url, bot_events: botEvents } } : {}),
      ...(attestation || approvals ? { interactivity: { is_enabled: true, request_url: url } } : {}),
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    },
  };
}

const botEvents = ['message.channels', 'message.groups', 'message.im'];

/** People may write to the bot itself. */
const directMessages = {
  home_tab_enabled: false,
  messages_tab_enabled: true,
  messages_tab_read_only_enabled: false,
};

const privilegedUse = {
  command: '/privileged-use',
  description: 'Announce that you will use a privileged role, and what for',
  usage_hint: '[2h] [ticket] what for',
  should_escape: true,
};
