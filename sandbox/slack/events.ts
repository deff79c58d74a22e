import { randomBytes } from 'node:crypto';
import { send } from './send';
import { shown } from './shown';
import type { SlackChannel, SlackMessage, Workspace } from './workspace';

type Json = Record<string, unknown>;

/** How often Slack tries an event again. */
const retries = 3;

function channelType(channel: SlackChannel): 'channel' | 'group' | 'im' {
  return channel.id.startsWith('D') ? 'im' : channel.is_private ? 'group' : 'channel';
}

const historyScopes = { channel: 'channels:history', group: 'groups:history', im: 'im:history' } as const;

function envelope(workspace: Workspace, event: Json): Json {
  const { app, team, bot } = workspace;
  const authorization = {
    enterprise_id: null,
    team_id: team.id,
    user_id: bot.user,
    is_bot: true,
    is_enterprise_install: false,
  };
  return {
    token: app.verificationToken,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
    event_time: Math.floor(workspace.now().getTime() / 1000),
    authorizations: [authorization],
    is_ext_shared_channel: false,
    event_context: `4-${randomBytes(24).toString('base64url')}`,
  };
}

/** Sends an event; again at once, after a minute and after five when the app does not answer with 2xx in time. */
async function deliver(workspace: Workspace, body: string, id: string, retry = 0, retryReason?: string): Promise<void> {
  const url = workspace.app.configuration.eventsUrl;
  if (!url) {
    return;
  }
  const outgoing = { kind: 'event', url, contentType: 'application/json', body, id } as const;
  const { delivery, headers } = await send(workspace, {
    ...outgoing,
    ...(retry > 0 ? { retry, retryReason } : {}),
  });
  if (!delivery.failure || retry >= retries || headers?.get('x-slack-no-retry') === '1') {
    return;
  }
  const seconds = workspace.settings.eventRetryDelays[retry] ?? 300;
  workspace.later(seconds * 1000, () => deliver(workspace, body, id, retry + 1, delivery.failure));
}

/** Sends an event to the app, if it has asked for such. The answer is not waited for. */
function emit(workspace: Workspace, subscription: string, scope: string, event: Json): string | undefined {
  const { configuration } = workspace.app;
  const { scopes } = workspace.settings;
  const wanted = configuration.eventsUrl && configuration.botEvents.includes(subscription);
  if (!wanted || (scopes && !scopes.includes(scope))) {
    return undefined;
  }
  const whole = envelope(workspace, event);
  const id = String(whole.event_id);
  const body = JSON.stringify(whole);
  workspace.app.events.set(id, body);
  workspace.later(0, () => deliver(workspace, body, id));
  return id;
}

/** Sends an event once more, as Slack does when it took an answer for lost. */
export async function redeliver(workspace: Workspace, id: string, retry: number, reason: string): Promise<boolean> {
  const body = workspace.app.events.get(id);
  if (body === undefined) {
    return false;
  }
  await deliver(workspace, body, id, retry, reason);
  return true;
}

/** Tells the app of a message in a channel that its bot is in; ids of the events. */
export function emitMessage(workspace: Workspace, message: SlackMessage, change: Json = {}): string[] {
  const channel = workspace.channel(message.channel);
  if (!channel || channel.is_member === false || message.ephemeralTo) {
    return [];
  }
  const type = channelType(channel);
  const place = { channel: channel.id, channel_type: type };
  const event =
    change.subtype === undefined
      ? { ...shown(workspace, message, true), ...place, event_ts: message.ts }
      : {
          type: 'message',
          ts: message.edited ?? message.ts,
          event_ts: message.edited ?? message.ts,
          ...change,
          ...place,
        };
  const told = [
    emit(
      workspace,
      `message.${type === 'channel' ? 'channels' : type === 'group' ? 'groups' : 'im'}`,
      historyScopes[type],
      event,
    ),
  ];
  const mentioned = String(message.payload.text ?? '').includes(`<@${workspace.bot.user}>`);
  if (mentioned && message.author && change.subtype === undefined) {
    const { channel_type: _type, ...mention } = event as Json;
    told.push(emit(workspace, 'app_mention', 'app_mentions:read', { ...mention, type: 'app_mention' }));
  }
  return told.filter((id) => id !== undefined);
}

/** Tells the app that a message was changed; `before` is what it was. */
export function emitChange(workspace: Workspace, message: SlackMessage, before: Json): string[] {
  const change = {
    subtype: 'message_changed',
    message: shown(workspace, message),
    previous_message: before,
    hidden: true,
  };
  return emitMessage(workspace, message, change);
}

/** Takes a message away, and tells the app. */
export function emitDeletion(workspace: Workspace, message: SlackMessage): string[] {
  const previous = shown(workspace, message);
  workspace.messages.splice(workspace.messages.indexOf(message), 1);
  const change = { subtype: 'message_deleted', previous_message: previous, deleted_ts: message.ts, hidden: true };
  return emitMessage(workspace, message, change);
}
