import { DeliveryError, safeReason } from '../../notifier/transports/errors';
import { post } from '../../notifier/transports/http';
import type { BotTools } from './tools';
import type { Place } from './work';

/** Says something to one person: where they are, so that nobody else sees it; in a direct message, as a message. */
export async function tell(
  { slack }: Pick<BotTools, 'slack'>,
  { channel, thread }: Place,
  user: string,
  text: string,
): Promise<void> {
  const message = { channel, text, ...(thread === undefined ? {} : { thread_ts: thread }) };
  await slack<unknown>((client) =>
    channel.startsWith('D') ? client.chat.postMessage(message) : client.chat.postEphemeral({ ...message, user }),
  );
}

/** Says something to whoever typed a command, at the address that came with it. Rejects with `DeliveryError`. */
export async function answerCommand(address: string, text: string): Promise<void> {
  const { status, body } = await post(fetch, address, JSON.stringify({ response_type: 'ephemeral', text }));
  if (status !== 200) {
    throw new DeliveryError('refused', safeReason(body, status));
  }
}

/** What a click says of where it was made. */
export interface ClickBody {
  readonly user: { readonly id: string; readonly name?: string; readonly username?: string };
  readonly trigger_id?: string;
  readonly channel?: { readonly id: string };
  readonly container?: { readonly message_ts?: string; readonly thread_ts?: string };
  readonly message?: { readonly ts?: string; readonly thread_ts?: string };
}

/** The thread of the message that was clicked in; absent for clicks in a view. */
export function placeOf({ channel, container, message }: ClickBody): Place | undefined {
  if (channel === undefined) {
    return undefined;
  }
  const thread = container?.thread_ts ?? message?.thread_ts ?? container?.message_ts ?? message?.ts;
  return { channel: channel.id, ...(thread === undefined ? {} : { thread }) };
}

/** Whoever clicked. */
export function clicker({ user }: ClickBody): { readonly id: string; readonly name?: string } {
  return { id: user.id, name: user.name ?? user.username };
}
