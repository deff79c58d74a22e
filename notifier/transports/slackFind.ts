import { epochSeconds } from '../epoch';
import type { Thread } from './destination';
import { asDeliveryError } from './errors';
import type { SlackApi } from './slackApi';

const pageSize = 200;
const mostPages = 5;
/** Clocks differ, and Slack stamps a message when it takes it. */
const marginSeconds = 120;

/** The metadata by which a message is found again. */
export function metadataOf(id: string): object {
  return { event_type: 'garrison_alert', event_payload: { id } };
}

/**
 * Looks for the message that carries the id, in the channel or in a thread of it. When the token may not read the
 * channel (`channels:history`), the answer is that there is none: a doubled alert is better than a lost one.
 */
export async function findMessage(
  api: SlackApi,
  id: string,
  since: Date,
  channel: string,
  thread: Thread | undefined,
): Promise<Thread | undefined> {
  const method = thread === undefined ? 'conversations.history' : 'conversations.replies';
  const oldest = String(epochSeconds(since) - marginSeconds);
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await readPage(api, method, {
      channel,
      ts: thread?.ts,
      oldest,
      limit: pageSize,
      include_all_metadata: true,
      cursor,
    });
    const found = answer?.messages?.find(({ metadata }) => metadata?.event_payload?.id === id);
    if (found?.ts !== undefined) {
      return { channel, ts: found.ts };
    }
    cursor = answer?.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) {
      return undefined;
    }
  }
  return undefined;
}

async function readPage(api: SlackApi, method: string, parameters: Readonly<Record<string, unknown>>) {
  try {
    return await api(method, parameters);
  } catch (error) {
    if (asDeliveryError(error)?.failure === 'refused') {
      return undefined;
    }
    throw error;
  }
}
