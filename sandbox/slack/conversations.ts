import { pageOf } from './page';
import { type Arguments, type Method, SlackRefusal } from './refusal';
import { shown } from './shown';
import type { SlackChannel, SlackMessage, Workspace } from './workspace';

function known(workspace: Workspace, input: Arguments): SlackChannel {
  const channel = workspace.channel(input.channel);
  if (!channel || (channel.is_private && channel.is_member === false)) {
    throw new SlackRefusal('channel_not_found');
  }
  return channel;
}

/** A channel whose messages the bot may read. */
function readable(workspace: Workspace, input: Arguments): SlackChannel {
  const channel = known(workspace, input);
  if (channel.is_member === false) {
    throw new SlackRefusal('not_in_channel');
  }
  return channel;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === '1';
}

function inWindow(message: SlackMessage, input: Arguments): boolean {
  const inclusive = isTrue(input.inclusive);
  const ts = Number(message.ts);
  const oldest = Number(input.oldest ?? 0);
  const latest = Number(input.latest ?? Number.POSITIVE_INFINITY);
  return inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
}

/** A page of messages and the cursor of the next. */
function page(workspace: Workspace, messages: readonly SlackMessage[], input: Arguments) {
  const { items, hasMore, more } = pageOf(messages, input);
  const withMetadata = isTrue(input.include_all_metadata);
  return {
    messages: items.map((message) => shown(workspace, message, withMetadata)),
    has_more: hasMore,
    ...(hasMore ? more : {}),
  };
}

function described(workspace: Workspace, channel: SlackChannel) {
  const direct = channel.id.startsWith('D');
  return {
    id: channel.id,
    name: direct ? undefined : channel.name,
    name_normalized: direct ? undefined : channel.name,
    is_channel: !direct && !channel.is_private,
    is_group: false,
    is_im: direct,
    is_mpim: false,
    is_private: direct || (channel.is_private ?? false),
    is_archived: channel.is_archived ?? false,
    is_general: channel.name === 'general',
    is_member: direct ? undefined : (channel.is_member ?? true),
    created: 1_700_000_000,
    context_team_id: workspace.team.id,
    ...(direct ? { user: `U${channel.id.slice(1)}` } : {}),
  };
}

/** `conversations.*` */
export const conversationMethods: Record<string, Method> = {
  'conversations.history': (workspace, input) => {
    const channel = readable(workspace, input);
    const messages = workspace.messages
      .filter((one) => one.channel === channel.id && one.thread_ts === undefined && !one.ephemeralTo)
      .filter((one) => inWindow(one, input))
      .reverse();
    return page(workspace, messages, input);
  },
  'conversations.replies': (workspace, input) => {
    const channel = readable(workspace, input);
    const messages = workspace.messages.filter(
      (one) => one.channel === channel.id && (one.ts === input.ts || one.thread_ts === input.ts) && !one.ephemeralTo,
    );
    if (messages.length === 0) {
      throw new SlackRefusal('thread_not_found');
    }
    const replies = messages.filter((one) => one.ts === input.ts || inWindow(one, input));
    return page(workspace, replies, input);
  },
  'conversations.list': (workspace, input) => {
    const types = String(input.types ?? 'public_channel').split(',');
    const seen = workspace.settings.channels
      .filter((one) => types.includes(one.is_private ? 'private_channel' : 'public_channel'))
      .filter((one) => !one.is_private || one.is_member !== false)
      .filter((one) => !isTrue(input.exclude_archived) || !one.is_archived);
    const { items, more } = pageOf(seen, input, 'team');
    return { channels: items.map((channel) => described(workspace, channel)), ...more };
  },
  'conversations.info': (workspace, input) => ({ channel: described(workspace, known(workspace, input)) }),
  'conversations.members': (workspace, input) => {
    const channel = known(workspace, input);
    const people = workspace.settings.users.filter((user) => !user.deleted && workspace.isIn(channel, user.id));
    const bot = channel.is_member === false ? [] : [workspace.bot.user];
    const { items, more } = pageOf([...people.map(({ id }) => id), ...bot], input, 'user');
    return { members: items, ...more };
  },
  'conversations.join': (workspace, input) => {
    const channel = known(workspace, input);
    if (channel.is_private) {
      throw new SlackRefusal('method_not_supported_for_channel_type');
    }
    if (channel.is_archived) {
      throw new SlackRefusal('is_archived');
    }
    const { channels } = workspace.settings;
    workspace.settings.channels = channels.map((one) => (one.id === channel.id ? { ...one, is_member: true } : one));
    return { channel: described(workspace, { ...channel, is_member: true }) };
  },
  'conversations.open': (workspace, input) => {
    const [first, ...others] = String(input.users ?? '')
      .split(',')
      .filter(Boolean);
    if (first === undefined && input.channel === undefined) {
      throw new SlackRefusal('users_list_not_supplied');
    }
    if (others.length > 0) {
      throw new SlackRefusal('method_not_supported_for_channel_type');
    }
    const user = workspace.user(first ?? `U${String(input.channel).slice(1)}`);
    if (!user) {
      throw new SlackRefusal(first === undefined ? 'channel_not_found' : 'user_not_found');
    }
    if (user.deleted) {
      throw new SlackRefusal('user_disabled');
    }
    return { channel: { id: `D${user.id.slice(1)}` } };
  },
};
