import type { SlackMessage } from '../../notifier/message/slack';
import { loadConfig } from '../../organization/config';
import { settingsOf } from '../notifier/context';
import type { LocalOrganization } from './localOrganization';

/** What the local Slack received so far, oldest first. */
export async function receivedMessages(address: string): Promise<SlackMessage[]> {
  const response = await fetch(address);
  const messages = (await response.json()) as { payload: SlackMessage }[];
  return messages.map(({ payload }) => payload);
}

/** What opens the local Slack to the notifier: its webhook; or a bot's token, with the channels that the bot is to find. */
export async function slackSecret({ slack }: LocalOrganization, config: string): Promise<string> {
  const { destinations, defaultDestination, routes } = settingsOf(loadConfig(config), []);
  if (destinations[defaultDestination]?.type !== 'slack-bot') {
    return slack.webhook;
  }
  const own = Object.values(destinations).flatMap((described) =>
    described.type === 'slack-bot' ? [described.channel] : [],
  );
  const ids = new Set([...own, ...routes.flatMap(({ channel }) => channel ?? [])]);
  const channels = [...ids].map((id) => ({ id, name: id.toLowerCase() }));
  await fetch(new URL('people', slack.messages), { method: 'POST', body: JSON.stringify({ channels }) });
  return 'xoxb-rehearsal';
}
