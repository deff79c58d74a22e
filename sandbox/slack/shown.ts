import { withIds } from './identity';
import type { SlackMessage, Workspace } from './workspace';

/** What a person typed, as the rich text that Slack makes of it. */
function richText(text: string, seed: string) {
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  return withIds([{ type: 'rich_text', elements: [section] }], seed);
}

function author(workspace: Workspace, message: SlackMessage) {
  if (message.author) {
    return { user: message.author, client_msg_id: `${message.ts.replace('.', '-')}-${message.author}`.toLowerCase() };
  }
  const { bot, app } = workspace;
  return message.via === 'webhook'
    ? { subtype: 'bot_message', bot_id: bot.id }
    : { user: bot.user, bot_id: bot.id, app_id: app.id, bot_profile: workspace.botProfile() };
}

function content(message: SlackMessage) {
  const { text, blocks, attachments } = message.payload;
  const written = message.author && typeof text === 'string' ? richText(text, message.ts) : undefined;
  return {
    text: text ?? '',
    ...(blocks || written ? { blocks: written ?? withIds(blocks, message.ts) } : {}),
    ...(Array.isArray(attachments)
      ? {
          attachments: attachments.map((one: Record<string, unknown>, index) => ({
            id: index + 1,
            ...one,
            ...(one.blocks ? { blocks: withIds(one.blocks, `${message.ts}/${index}`) } : {}),
          })),
        }
      : {}),
    ...(message.payload.files ? { files: message.payload.files } : {}),
  };
}

/** A message as the Web API and events show it. */
export function shown(workspace: Workspace, message: SlackMessage, withMetadata = true) {
  const { metadata } = message.payload;
  const replies = workspace.messages.filter(
    (one) => one.channel === message.channel && one.thread_ts === message.ts && !one.ephemeralTo,
  );
  const parent = replies.length > 0 && message.thread_ts === undefined;
  const users = [...new Set(replies.map((one) => one.author ?? workspace.bot.user))];
  return {
    type: 'message',
    ts: message.ts,
    team: workspace.team.id,
    ...author(workspace, message),
    ...content(message),
    ...(metadata && withMetadata ? { metadata } : {}),
    ...(message.thread_ts ? { thread_ts: message.thread_ts, ...parentOf(workspace, message) } : {}),
    ...(parent
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users: users,
          reply_users_count: users.length,
          latest_reply: replies.at(-1)?.ts,
        }
      : {}),
    ...(message.edited ? { edited: { user: message.author ?? workspace.bot.user, ts: message.edited } } : {}),
  };
}

function parentOf(workspace: Workspace, message: SlackMessage) {
  const parent = workspace.messages.find((one) => one.channel === message.channel && one.ts === message.thread_ts);
  return parent ? { parent_user_id: parent.author ?? workspace.bot.user } : {};
}
