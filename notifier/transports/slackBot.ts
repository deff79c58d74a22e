import { alertMessage } from '../message/alertMessage';
import type { MessageContext } from '../message/context';
import { type Digest, digestFile, digestMessage } from '../message/digestMessage';
import { followUpMessage } from '../message/followUpMessage';
import { repeatText } from '../message/repeatMessage';
import type { SlackMessage } from '../message/slack';
import type { AlertDelivery, Receipt, Thread, ThreadedDestination } from './destination';
import { asDeliveryError } from './errors';
import { type SlackApi, slackApi } from './slackApi';
import { findMessage, metadataOf } from './slackFind';
import type { DestinationFactory } from './tools';

/** Slack with a bot token: messages can be found, answered and changed, and files put beside them. */
export const slackBot: DestinationFactory<'slack-bot'> = (settings, tools) => {
  const { context } = tools;
  const api = slackApi(settings.secret, settings.apiUrl ?? 'https://slack.com/api', tools);
  const { app } = settings;
  const render = ({ alert, options }: AlertDelivery) =>
    alertMessage(alert, context, { ...options, buttons: app ? tools.more().appButtons(alert, context) : undefined });
  const postMessage = async (message: object, id: string, channel = settings.channel): Promise<Receipt> => {
    const answer = await api('chat.postMessage', { ...message, channel, metadata: metadataOf(id) });
    return { channel: answer.channel ?? channel, ts: answer.ts };
  };
  const threads: ThreadedDestination = {
    find: (id, since, channel = settings.channel, thread = undefined) => findMessage(api, id, since, channel, thread),
    reply: ({ channel, ts }, delivery) => postMessage(replyMessage(delivery, ts, context), delivery.alert.id, channel),
    update: async ({ channel, ts }, delivery) => {
      // The mention called people once; an edited text does not call again, but would still be read as a call.
      const message = render({ ...delivery, options: { ...delivery.options, mention: 'none' } });
      await api('chat.update', { ...message, channel, ts });
    },
    answer: ({ channel, ts }, saying) => postMessage({ ...followUpMessage(saying), thread_ts: ts }, saying.id, channel),
    change: async ({ channel, ts }, saying) => {
      // Slack keeps the blocks of a message that is changed without any.
      await api('chat.update', { blocks: [], ...followUpMessage(saying), channel, ts });
    },
    attach: (thread, digest) => uploadDetails(api, digest, thread, context),
  };
  return {
    app,
    threads,
    probe: async () => {
      await api('auth.test', {});
    },
    send: (delivery) => postMessage(render(delivery), delivery.alert.id, delivery.channel),
    say: (saying, channel) => postMessage(followUpMessage(saying), saying.id, channel),
    sendDigest: async (digest, channel = settings.channel) => {
      const message: SlackMessage = digestMessage(digest, context, true);
      return postMessage(message, digest.id, channel);
    },
  };
};

function replyMessage(delivery: AlertDelivery, ts: string, context: MessageContext): object {
  const text = repeatText(delivery.alert, delivery.options.told, context);
  return { text, thread_ts: ts, unfurl_links: false, unfurl_media: false };
}

/** Puts the digest's alerts as a CSV file into its thread; when files are not allowed, as text. */
async function uploadDetails(api: SlackApi, digest: Digest, thread: Thread, context: MessageContext): Promise<void> {
  const content = digestFile(digest, context);
  try {
    await api.upload({ content, filename: `${digest.id.replace(/[^\w-]+/g, '-')}.csv`, thread });
  } catch (error) {
    if (asDeliveryError(error)?.failure !== 'refused') {
      throw error;
    }
    await replyInParts(api, content, thread);
  }
}

const partLength = 3_000;

async function replyInParts(api: SlackApi, content: string, { channel, ts }: Thread): Promise<void> {
  const parts: string[] = [''];
  for (const line of content.replace(/[&<>`]/g, ' ').split('\n')) {
    const last = parts.length - 1;
    const longer = `${parts[last]}${line}\n`;
    if (longer.length > partLength) {
      parts.push(`${line}\n`);
    } else {
      parts[last] = longer;
    }
  }
  for (const part of parts) {
    await api('chat.postMessage', { channel, thread_ts: ts, text: `\`\`\`${part}\`\`\`` });
  }
}
