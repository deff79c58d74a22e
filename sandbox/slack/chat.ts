import { blockProblem } from './blocks';
import { type Arguments, type Method, SlackRefusal } from './refusal';
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
  if (channel.is_member === false) {
    throw new SlackRefusal('not_in_channel');
  }
  return channel;
}

function checkContent(input: Arguments): void {
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

/** A message as the Web API shows it. */
export function shown(workspace: Workspace, message: SlackMessage, withMetadata = true) {
  const { text, blocks, attachments, metadata } = message.payload;
  const replies = workspace.messages.filter((one) => one.channel === message.channel && one.thread_ts === message.ts);
  const parent = replies.length > 0 && message.thread_ts === undefined;
  return {
    type: 'message',
    subtype: 'bot_message',
    text: text ?? '',
    ts: message.ts,
    user: workspace.bot.user,
    bot_id: workspace.bot.id,
    team: workspace.team.id,
    ...(blocks ? { blocks } : {}),
    ...(attachments ? { attachments } : {}),
    ...(metadata && withMetadata ? { metadata } : {}),
    ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}),
    ...(parent ? { thread_ts: message.ts, reply_count: replies.length, latest_reply: replies.at(-1)?.ts } : {}),
    ...(message.edited ? { edited: { user: workspace.bot.user, ts: message.edited } } : {}),
  };
}

function post(via: 'chat.postMessage' | 'chat.postEphemeral'): Method {
  return (workspace, input) => {
    const channel = channelOf(workspace, input);
    checkContent(input);
    const { token: _secret, ...payload } = input;
    const message: SlackMessage = {
      via,
      time: workspace.time(),
      ts: workspace.nextTs(),
      channel: channel.id,
      channelName: channel.name,
      ...(typeof input.thread_ts === 'string' ? { thread_ts: input.thread_ts } : {}),
      payload,
    };
    if (workspace.accept(message)) {
      return 'drop';
    }
    return via === 'chat.postEphemeral'
      ? { message_ts: message.ts }
      : { channel: channel.id, ts: message.ts, message: shown(workspace, message) };
  };
}

function find(workspace: Workspace, channel: SlackChannel, ts: unknown): SlackMessage {
  const message = workspace.messages.find((one) => one.channel === channel.id && one.ts === ts);
  if (!message) {
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
    if (message.via === 'webhook') {
      throw new SlackRefusal('cant_update_message');
    }
    checkContent(input);
    const { token: _secret, ts: _ts, ...changes } = input;
    message.payload = { ...message.payload, ...changes };
    message.edited = workspace.nextTs();
    const text = String(message.payload.text ?? '');
    return { channel: channel.id, ts: message.ts, text, message: shown(workspace, message) };
  },
  'chat.delete': (workspace, input) => {
    const channel = channelOf(workspace, input);
    const message = find(workspace, channel, input.ts);
    workspace.messages.splice(workspace.messages.indexOf(message), 1);
    return { channel: channel.id, ts: message.ts };
  },
  'chat.getPermalink': (workspace, input, request) => {
    const channel = channelOf(workspace, input);
    const message = find(workspace, channel, input.message_ts);
    const permalink = `http://${request.host}/_slack/archives/${channel.id}/p${message.ts.replace('.', '')}`;
    return { channel: channel.id, permalink };
  },
};
