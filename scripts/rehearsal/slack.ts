import type { SlackMessage } from '../../notifier/message/slack';

/** What the local Slack received so far, oldest first. */
export async function receivedMessages(address: string): Promise<SlackMessage[]> {
  const response = await fetch(address);
  const messages = (await response.json()) as { payload: SlackMessage }[];
  return messages.map(({ payload }) => payload);
}
