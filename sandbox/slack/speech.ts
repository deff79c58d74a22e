import { actor, ControlError, type Wish } from './acting';
import { emitChange, emitDeletion, emitMessage } from './events';
import { postResponse } from './responses';
import { send } from './send';
import { shown } from './shown';
import type { SlackChannel, SlackMessage, SlackUser, Workspace } from './workspace';

type Json = Record<string, unknown>;

function channelOf(workspace: Workspace, user: SlackUser, wish: Wish): SlackChannel {
  const direct = wish.channel === undefined || wish.channel === workspace.bot.user;
  const channel = workspace.channel(direct ? user.id : wish.channel);
  if (!channel || !workspace.isIn(channel, user.id)) {
    throw new ControlError(`${user.name} is not in a channel ${String(wish.channel)}`, 404);
  }
  if (channel.is_archived) {
    throw new ControlError(`${channel.name} is archived`);
  }
  return channel;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What somebody typed, as Slack keeps it: mentions and links that its composer makes stay, the rest is escaped. */
function composed(text: unknown): string {
  return String(text ?? '')
    .split(/(<(?:[@#!][^<>\s]+|https?:[^<>\s]+|mailto:[^<>\s]+)>)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[&<>]/g, (character) => entities[character] ?? '')))
    .join('');
}

/** A person writes: `{user, channel?, text, thread_ts?}`; to the bot itself unless a channel is given. */
export function say(workspace: Workspace, wish: Wish) {
  const user = actor(workspace, wish);
  const channel = channelOf(workspace, user, wish);
  const { thread_ts: threadTs } = wish;
  if (threadTs !== undefined && !workspace.messages.some((one) => one.channel === channel.id && one.ts === threadTs)) {
    throw new ControlError(`there is no message ${String(threadTs)} to answer in ${channel.name}`, 404);
  }
  const message: SlackMessage = {
    via: 'person',
    time: workspace.time(),
    ts: workspace.nextTs(),
    channel: channel.id,
    channelName: channel.name,
    author: user.id,
    ...(typeof threadTs === 'string' ? { thread_ts: threadTs } : {}),
    payload: { text: composed(wish.text) },
  };
  workspace.messages.push(message);
  return { channel: channel.id, ts: message.ts, event_ids: emitMessage(workspace, message) };
}

function own(workspace: Workspace, user: SlackUser, ts: unknown): SlackMessage {
  const message = workspace.messages.find((one) => one.author === user.id && one.ts === ts);
  if (!message) {
    throw new ControlError(`${user.name} wrote no message ${String(ts)}`, 404);
  }
  return message;
}

/** A person edits what they wrote: `{user, ts, text}`. */
export function edit(workspace: Workspace, wish: Wish) {
  const user = actor(workspace, wish);
  const message = own(workspace, user, wish.ts);
  const before = shown(workspace, message);
  message.payload = { ...message.payload, text: composed(wish.text) };
  message.edited = workspace.nextTs();
  return { channel: message.channel, ts: message.ts, event_ids: emitChange(workspace, message, before) };
}

/** A person takes back what they wrote: `{user, ts}`. */
export function unsay(workspace: Workspace, wish: Wish) {
  const user = actor(workspace, wish);
  const message = own(workspace, user, wish.ts);
  return { channel: message.channel, ts: message.ts, event_ids: emitDeletion(workspace, message) };
}

function channelWord(channel: SlackChannel): string {
  return channel.id.startsWith('D') ? 'directmessage' : channel.is_private ? 'privategroup' : channel.name;
}

/** An answer to a command: text, or a message as JSON. */
function answered(answer: string | undefined): Json | undefined {
  if (!answer?.trim()) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(answer);
    return typeof value === 'object' && value !== null ? (value as Json) : { text: answer };
  } catch {
    return { text: answer };
  }
}

/**
 * A person types a slash command: `{user, channel?, command, text?}`. Answers how the app took it; `warning` is what
 * Slack tells the person when it did not.
 */
export async function command(workspace: Workspace, wish: Wish) {
  const user = actor(workspace, wish);
  const channel = channelOf(workspace, user, wish);
  const name = String(wish.command);
  const url = workspace.app.configuration.commands[name];
  if (!url) {
    throw new ControlError(`${name} is not a valid command.`, 404);
  }
  const path = workspace.tickets.responsePath({ user: user.id, channel: channel.id });
  const { team, app } = workspace;
  const trigger = workspace.tickets.trigger(user.id);
  const body = new URLSearchParams({
    token: app.verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channelWord(channel),
    user_id: user.id,
    user_name: user.name,
    command: name,
    text: String(wish.text ?? ''),
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: `${workspace.endpoint()}/_slack/${path}`,
    trigger_id: trigger,
  }).toString();
  const contentType = 'application/x-www-form-urlencoded';
  const { delivery } = await send(workspace, { kind: 'command', url, contentType, body });
  if (delivery.failure) {
    const reason = delivery.failure === 'http_timeout' ? 'operation_timeout' : 'dispatch_failed';
    return { ...delivery, trigger_id: trigger, warning: `${name} failed with the error "${reason}"` };
  }
  const message = answered(delivery.answer);
  if (message) {
    postResponse(workspace, { user: user.id, channel: channel.id }, message);
  }
  return { ...delivery, trigger_id: trigger };
}
