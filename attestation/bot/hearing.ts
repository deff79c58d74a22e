import { longestText, type MessageWork } from './work';

/** An event `message`, as far as it is looked at. */
export interface MessageEvent {
  readonly subtype?: string;
  readonly bot_id?: string;
  readonly user?: string;
  readonly text?: string;
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly channel?: string;
  readonly channel_type?: string;
  readonly edited?: { readonly ts?: string };
  readonly message?: MessageEvent;
  readonly previous_message?: MessageEvent;
}

/** Files and broadcasts come with words, too. */
const spoken = [undefined, 'file_share', 'thread_broadcast'];

/**
 * What a person wrote in a thread or to the bot, or made of it later; `undefined` for everything else: what bots write,
 * this one among them, what stands in no thread, joining and leaving.
 */
export function heard(event: MessageEvent, eventId: string, at: Date): MessageWork | undefined {
  const edited = event.subtype === 'message_changed';
  const message = edited ? event.message : event;
  const direct = event.channel_type === 'im';
  const { user, ts, thread_ts: thread, text = '' } = message ?? {};
  if (edited && message?.text === event.previous_message?.text) {
    // A link was unfolded, or the like.
    return undefined;
  }
  if (message === undefined || !spoken.includes(message.subtype) || message.bot_id !== undefined) {
    return undefined;
  }
  if (user === undefined || ts === undefined || event.channel === undefined || (!direct && thread === undefined)) {
    return undefined;
  }
  return {
    kind: 'message',
    id: eventId,
    by: { id: user },
    place: { channel: event.channel, ...(thread === undefined ? {} : { thread }) },
    direct,
    ts,
    text: text.slice(0, longestText),
    ...(edited ? { edited: message.edited?.ts ?? event.ts } : {}),
    at: at.toISOString(),
  };
}
