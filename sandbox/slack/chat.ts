import { blockProblem } from './blocks';
import { emitChange, emitDeletion, emitMessage } from './events';
import { type Arguments, type Method, SlackRefusal } from './refusal';
import { shown } from './shown';
import { payloadProblem } from './webhook';
import type { SlackChannel, SlackMessage, Workspace } from './workspace';

const longestText = 40_000;

function channelOf(workspace: Workspace, input: Arguments): SlackChannel {
  const channel = workspace.channel(input.channel);
  if (!channel) {
    throw new SlackRefusal('channel_not_found');
  }
  if (channel.is_archived) {
    throw new SlackRefusal('is_archived');
  }
  const open = !channel.is_private && workspace.settings.scopes?.includes('chat:write.public');
  if (channel.is_member === false && !open) {
    // A private channel that the bot is not in does not exist for it.
    throw new SlackRefusal(channel.is_private ? 'channel_not_found' : 'not_in_channel');
  }
  return channel;
}

/** Ephemeral messages go to one person, who has to be there. */
function recipient(workspace: Workspace, channel: SlackChannel, input: Arguments): string {
  const user = workspace.user(input.user);
  if (!user || user.deleted || !workspace.isIn(channel, user.id)) {
    throw new SlackRefusal('user_not_in_channel');
  }
  return user.id;
}

export function checkContent(input: Arguments): void {
  if (input.blocks !== undefined && input.blocks !== null) {
    const problem = blockProblem(input.blocks);
    if (problem) {
      const metadata = { response_metadata: { messages: problem.messages } };
      const errors = { errors: problem.messages.map((one) => one.replace('[ERROR] ', '')) };
      throw new SlackRefusal(problem.code, problem.messages.length > 0 ? { ...errors, ...metadata } : {});
    }
  }
  const problem = payloadProblem(input);
  if (problem) {
    throw new SlackRefusal(problem);
  }
  if (typeof input.text === 'string' && input.text.length > longestText) {
    throw new SlackRefusal('msg_too_long');
  }
  checkMetadata(input.metadata);
}

function checkMetadata(metadata: unknown): void {
  if (metadata === undefined) {
    return;
  }
  const given = metadata as { event_type?: unknown; event_payload?: unknown } | null;
  if (typeof given?.event_type !== 'string' || typeof given.event_payload !== 'object') {
    throw new SlackRefusal('invalid_metadata_format');
  }
}

function post(via: 'chat.postMessage' | 'chat.postEphemeral'): Method {
  return (workspace, input) => {
    const channel = channelOf(workspace, input);
    const ephemeralTo = via === 'chat.postEphemeral' ? recipient(workspace, channel, input) : undefined;
    checkContent(input);
    const { token: _secret, ...payload } = input;
    const message: SlackMessage = {
      via,
      time: workspace.time(),
      ts: workspace.nextTs(),
      channel: channel.id,
      channelName: channel.name,
      ...(typeof input.thread_ts === 'string' ? { thread_ts: input.thread_ts } : {}),
      ...(ephemeralTo ? { ephemeralTo } : {}),
      payload,
    };
    const dropped = workspace.accept(message);
    emitMessage(workspace, message);
    if (dropped) {
      return 'drop';
    }
    return via === 'chat.postEphemeral'
      ? { message_ts: message.ts }
      : { channel: channel.id, ts: message.ts, message: shown(workspace, message) };
  };
}

function find(workspace: Workspace, channel: SlackChannel, ts: unknown): SlackMessage {
  const message = workspace.messages.find((one) => one.channel === channel.id && one.ts === ts);
  if (!message || message.ephemeralTo) {
    throw new SlackRefusal('message_not_found');
  }
  return message;
}

/** `chat.*` */
export const chatMethods: Record<string, Method> = {
  'chat.postMessage': post('chat.postMessage'),
  'chat.postEphemeral': post('chat.postEphemeral'),
  'chat.update': (workspace, input) => {
    const channel = channelOf(workspace, input);
    const message = find(workspace, channel, input.ts);
    if (message.via === 'webhook' || message.author) {
      throw new SlackRefusal('cant_update_message');
    }
    checkContent(input);
    const { token: _secret, ts: _ts, ...changes } = input;
    const before = shown(workspace, message);
    message.payload = { ...message.payload, ...changes };
    message.edited = workspace.nextTs();
    emitChange(workspace, message, before);
    const text = String(message.payload.text ?? '');
    return { channel: channel.id, ts: message.ts, text, message: shown(workspace, message) };
  },
  'chat.delete': (workspace, input) => {
    const channel = channelOf(workspace, input);
    const message = find(workspace, channel, input.ts);
    if (message.author) {
      throw new SlackRefusal('cant_delete_message');
    }
    emitDeletion(workspace, message);
    return { channel: channel.id, ts: message.ts };
  },
  'chat.getPermalink': (workspace, input, request) => {
    const channel = channelOf(workspace, input);
    const message = find(workspace, channel, input.message_ts);
    const permalink = `http://${request.host}/_slack/archives/${channel.id}/p${message.ts.replace('.', '')}`;
    return { channel: channel.id, permalink };
  },
};
