import { shown } from './chat';
import { type Arguments, type Method, SlackRefusal } from './refusal';
import type { SlackChannel, SlackMessage, Workspace } from './workspace';

function channelOf(workspace: Workspace, input: Arguments): SlackChannel {
  const channel = workspace.channel(input.channel);
  if (!channel) {
    throw new SlackRefusal('channel_not_found');
  }
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
  const limit = Math.min(Number(input.limit ?? 100), 999);
  const start = input.cursor
    ? Number(Buffer.from(String(input.cursor), 'base64').toString('utf8').replace('next:', ''))
    : 0;
  if (!Number.isInteger(start)) {
    throw new SlackRefusal('invalid_cursor');
  }
  const end = start + limit;
  const more = end < messages.length;
  const cursor = Buffer.from(`next:${end}`).toString('base64');
  const withMetadata = isTrue(input.include_all_metadata);
  return {
    messages: messages.slice(start, end).map((message) => shown(workspace, message, withMetadata)),
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: cursor } } : {}),
  };
}

function described(channel: SlackChannel) {
  return {
    id: channel.id,
    name: channel.name,
    is_channel: true,
    is_private: false,
    is_archived: channel.is_archived ?? false,
    is_member: channel.is_member ?? true,
  };
}

/** `conversations.*` */
export const conversationMethods: Record<string, Method> = {
  'conversations.history': (workspace, input) => {
    const channel = channelOf(workspace, input);
    const messages = workspace.messages
      .filter((one) => one.channel === channel.id && one.thread_ts === undefined && one.via !== 'chat.postEphemeral')
      .filter((one) => inWindow(one, input))
      .reverse();
    return page(workspace, messages, input);
  },
  'conversations.replies': (workspace, input) => {
    const channel = channelOf(workspace, input);
    const messages = workspace.messages.filter(
      (one) => one.channel === channel.id && (one.ts === input.ts || one.thread_ts === input.ts),
    );
    if (messages.length === 0) {
      throw new SlackRefusal('thread_not_found');
    }
    return page(workspace, messages, input);
  },
  'conversations.list': (workspace) => ({
    channels: workspace.settings.channels.map(described),
    response_metadata: { next_cursor: '' },
  }),
  'conversations.info': (workspace, input) => {
    const channel = workspace.channel(input.channel);
    if (!channel) {
      throw new SlackRefusal('channel_not_found');
    }
    return { channel: described(channel) };
  },
  'conversations.join': (workspace, input) => {
    const channel = workspace.channel(input.channel);
    if (!channel) {
      throw new SlackRefusal('channel_not_found');
    }
    const { channels } = workspace.settings;
    workspace.settings.channels = channels.map((one) => (one.id === channel.id ? { ...one, is_member: true } : one));
    return { channel: described({ ...channel, is_member: true }) };
  },
  'conversations.open': (workspace, input) => {
    const [first] = String(input.users ?? '').split(',');
    const user = workspace.user(first);
    if (!user) {
      throw new SlackRefusal('user_not_found');
    }
    return { channel: { id: `D${user.id.slice(1)}` } };
  },
};
