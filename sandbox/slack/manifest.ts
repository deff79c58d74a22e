import type { AppConfiguration } from './app';
import { type Method, SlackRefusal } from './refusal';

type Json = Record<string, unknown>;

/** One complaint about a manifest, as `apps.manifest.validate` words it. */
export interface ManifestError {
  readonly message: string;
  readonly pointer: string;
}

/** A rule for one value of a manifest. */
type Rule = (value: unknown, pointer: string, errors: ManifestError[]) => void;

const text =
  (maximum: number, pattern?: RegExp): Rule =>
  (value, pointer, errors) => {
    if (typeof value !== 'string' || value.length === 0 || (pattern && !pattern.test(value))) {
      errors.push({ message: 'must be a valid string', pointer });
    } else if (value.length > maximum) {
      errors.push({ message: `must be at most ${maximum} characters`, pointer });
    }
  };

const flag: Rule = (value, pointer, errors) => {
  if (typeof value !== 'boolean') {
    errors.push({ message: 'must be a boolean', pointer });
  }
};

const wholeNumber: Rule = (value, pointer, errors) => {
  if (!Number.isInteger(value)) {
    errors.push({ message: 'must be an integer', pointer });
  }
};

/** Slack takes https alone; the local organization is on loopback. */
const address: Rule = (value, pointer, errors) => {
  if (typeof value !== 'string' || !/^https:\/\/\S+$|^http:\/\/(127\.0\.0\.1|localhost)[:/]\S*$/.test(value)) {
    errors.push({ message: 'must be a valid https URL', pointer });
  }
};

const list =
  (rule: Rule, maximum: number): Rule =>
  (value, pointer, errors) => {
    if (!Array.isArray(value) || value.length > maximum) {
      errors.push({ message: `must be a list of at most ${maximum}`, pointer });
      return;
    }
    for (const [index, one] of value.entries()) {
      rule(one, `${pointer}/${index}`, errors);
    }
  };

const members =
  (rules: Readonly<Record<string, Rule>>, required: readonly string[] = []): Rule =>
  (value, pointer, errors) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      errors.push({ message: 'must be an object', pointer });
      return;
    }
    for (const name of required.filter((one) => !(one in value))) {
      errors.push({ message: `is missing required property: ${name}`, pointer });
    }
    for (const [name, one] of Object.entries(value)) {
      const rule = rules[name];
      if (rule) {
        rule(one, `${pointer}/${name}`, errors);
      } else {
        errors.push({ message: `unexpected property: ${name}`, pointer: `${pointer}/${name}` });
      }
    }
  };

const scope = text(100, /^[a-z_]+([.:][a-z_.]+)*$/);
const event = text(100, /^[a-z_]+(\.[a-z_]+)*$/);
const command = members(
  {
    command: text(32, /^\/[\w-]+$/),
    url: address,
    description: text(2000),
    usage_hint: text(1000),
    should_escape: flag,
  },
  ['command', 'description'],
);
const shortcut = members({ type: text(10), name: text(24), callback_id: text(255), description: text(150) }, ['name']);

/** Source: https://docs.slack.dev/reference/app-manifest */
const manifestRule = members(
  {
    _metadata: members({ major_version: wholeNumber, minor_version: wholeNumber }),
    display_information: members(
      {
        name: text(35),
        description: text(140),
        long_description: text(4000, /^.{174,}$/s),
        background_color: text(7, /^#([0-9a-f]{3}){1,2}$/i),
      },
      ['name'],
    ),
    settings: members({
      allowed_ip_address_ranges: list(text(50), 10),
      event_subscriptions: members({
        request_url: address,
        bot_events: list(event, 100),
        user_events: list(event, 100),
        metadata_subscriptions: list(members({ app_id: text(20), event_type: text(100) }), 10),
      }),
      incoming_webhooks: members({ incoming_webhooks_enabled: flag }),
      interactivity: members({ is_enabled: flag, request_url: address, message_menu_options_url: address }, [
        'is_enabled',
      ]),
      org_deploy_enabled: flag,
      socket_mode_enabled: flag,
      token_rotation_enabled: flag,
      is_hosted: flag,
    }),
    features: members({
      app_home: members({ home_tab_enabled: flag, messages_tab_enabled: flag, messages_tab_read_only_enabled: flag }),
      bot_user: members({ display_name: text(80, /^[\w.\- ]+$/), always_online: flag }, ['display_name']),
      shortcuts: list(shortcut, 10),
      slash_commands: list(command, 50),
      unfurl_domains: list(text(255), 5),
    }),
    oauth_config: members({
      redirect_urls: list(address, 1000),
      scopes: members({ bot: list(scope, 255), user: list(scope, 255) }),
      token_management_enabled: flag,
    }),
  },
  ['display_information'],
);

interface Manifest {
  readonly settings?: {
    readonly event_subscriptions?: { readonly request_url?: string; readonly bot_events?: readonly string[] };
    readonly interactivity?: { readonly is_enabled: boolean; readonly request_url?: string };
    readonly socket_mode_enabled?: boolean;
  };
  readonly features?: {
    readonly bot_user?: object;
    readonly slash_commands?: readonly { readonly command: string; readonly url?: string }[];
  };
  readonly oauth_config?: { readonly scopes?: { readonly bot?: readonly string[] } };
}

/** Scopes of which one is needed to hear of an event. */
const eventScopes: Readonly<Record<string, string>> = {
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  'message.mpim': 'mpim:history',
  app_mention: 'app_mentions:read',
};

/** What in a manifest does not go together. */
function inconsistencies({ settings, features, oauth_config: oauth }: Manifest): ManifestError[] {
  const errors: ManifestError[] = [];
  const scopes = oauth?.scopes?.bot ?? [];
  const { event_subscriptions: events, interactivity } = settings ?? {};
  const socket = settings?.socket_mode_enabled === true;
  for (const [index, name] of (events?.bot_events ?? []).entries()) {
    const needed = eventScopes[name];
    if (needed && !scopes.includes(needed)) {
      const pointer = `/settings/event_subscriptions/bot_events/${index}`;
      errors.push({ message: `event ${name} requires scope ${needed}`, pointer });
    }
  }
  if ((events?.bot_events?.length ?? 0) > 0 && !events?.request_url && !socket) {
    errors.push({ message: 'requires request_url', pointer: '/settings/event_subscriptions' });
  }
  if (interactivity?.is_enabled && !interactivity.request_url && !socket) {
    errors.push({ message: 'requires request_url', pointer: '/settings/interactivity' });
  }
  if ((features?.slash_commands?.length ?? 0) > 0 && !scopes.includes('commands')) {
    errors.push({ message: 'slash commands require scope commands', pointer: '/features/slash_commands' });
  }
  if (scopes.length > 0 && !features?.bot_user) {
    errors.push({ message: 'bot scopes require a bot user', pointer: '/features/bot_user' });
  }
  return errors;
}

/** Everything that is wrong with a manifest. */
export function manifestErrors(manifest: unknown): ManifestError[] {
  const errors: ManifestError[] = [];
  manifestRule(manifest, '', errors);
  return errors.length > 0 ? errors : inconsistencies(manifest as Manifest);
}

/** What an app made from a manifest calls and may do. */
export function configurationOf(manifest: Manifest): { configuration: AppConfiguration; scopes: readonly string[] } {
  const { settings, features, oauth_config: oauth } = manifest;
  const { interactivity, event_subscriptions: events } = settings ?? {};
  return {
    configuration: {
      interactivityUrl: interactivity?.is_enabled ? interactivity.request_url : undefined,
      eventsUrl: events?.request_url,
      botEvents: events?.bot_events ?? [],
      commands: Object.fromEntries((features?.slash_commands ?? []).map(({ command: name, url = '' }) => [name, url])),
    },
    scopes: oauth?.scopes?.bot ?? [],
  };
}

function read(given: unknown): Manifest {
  let manifest = given;
  try {
    manifest = typeof given === 'string' ? (JSON.parse(given) as unknown) : given;
  } catch {
    throw new SlackRefusal('invalid_manifest', { errors: [{ message: 'must be valid JSON', pointer: '/' }] });
  }
  const errors = manifestErrors(manifest);
  if (errors.length > 0) {
    throw new SlackRefusal('invalid_manifest', { errors });
  }
  return manifest as Manifest;
}

/** `apps.manifest.*`: for tokens of the app's configuration (`xoxe.xoxp-…`). */
export const manifestMethods: Record<string, Method> = {
  'apps.manifest.validate': (_workspace, input: Json) => {
    read(input.manifest);
    return { errors: [] };
  },
  'apps.manifest.create': (workspace, input: Json, request) => {
    const { configuration, scopes } = configurationOf(read(input.manifest));
    const { app } = workspace;
    app.configuration = configuration;
    workspace.settings.scopes = scopes;
    return {
      app_id: app.id,
      credentials: {
        client_id: app.clientId,
        client_secret: app.clientSecret,
        verification_token: app.verificationToken,
        signing_secret: app.signingSecret,
      },
      oauth_authorize_url: `http://${request.host}/_slack/oauth/v2/authorize?client_id=${app.clientId}&scope=${scopes.join(',')}`,
    };
  },
};
