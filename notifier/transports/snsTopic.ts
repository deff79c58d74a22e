import type { Catalog } from '../message/catalog';
import { digestTitle } from '../message/digestMessage';
import { withoutMarkup } from '../message/followUpMessage';
import { type AlertSummary, alertSummary, digestLines, summaryLine, summaryText } from '../message/summary';
import { DeliveryError } from './errors';
import type { DestinationFactory } from './tools';

export type PublishToTopic = (message: {
  readonly topicArn: string;
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}) => Promise<void>;

/** SNS takes 256 KiB. */
const longestText = 200_000;

/** An SNS topic: e-mail, SMS or whatever has subscribed. Attributes allow subscribers to filter. */
export const snsTopic: DestinationFactory<'sns'> = ({ topicArn }, { context, publish = publishToTopic }) => {
  return {
    send: async ({ alert }) => {
      const summary = alertSummary(alert, context);
      const attributes = { severity: alert.band, account: alert.accountId, type: summary.type };
      await publish({
        topicArn,
        subject: subjectOf(subjectLine(summary, context.catalog)),
        text: summaryText(summary, context.catalog),
        attributes,
      });
      return {};
    },
    say: async ({ text: markup, alert }) => {
      const text = withoutMarkup(markup);
      await publish({
        topicArn,
        subject: subjectOf(text.split('\n')[0] ?? ''),
        text,
        attributes: { severity: alert.band, account: alert.accountId, type: alert.type },
      });
      return {};
    },
    sendDigest: async (digest) => {
      const title = digestTitle(digest, context.catalog);
      const text = digestLines(digest, context).join('\n').slice(0, longestText);
      await publish({ topicArn, subject: subjectOf(`Garrison: ${title}`), text, attributes: {} });
      return {};
    },
  };
};

/** What happened; where that is not said in ASCII, what kind of alert it is. */
function subjectLine(summary: AlertSummary, catalog: Catalog): string {
  const line = summaryLine(summary, catalog);
  return /[^\x20-\x7E]/.test(summary.severity)
    ? `[${summary.band}] ${summary.account.name ?? ''} (${summary.account.id}), ${summary.region}: ${summary.type}`
    : line;
}

/** Publishes with the SDK; the client loads with the first message. */
export const publishToTopic: PublishToTopic = async ({ topicArn, subject, text, attributes }) => {
  const { SNSClient, PublishCommand } = await import('@aws-sdk/client-sns');
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
  try {
    const client = new SNSClient({ region: topicArn.split(':')[3] });
    await client.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text, MessageAttributes }));
  } catch (error) {
    throw failureOf(error);
  }
};

/** SNS subjects: ASCII without line breaks, fewer than 100 characters, not empty. */
function subjectOf(line: string): string {
  const ascii = line.replace(/[^\x20-\x7E]+/g, ' ').trim();
  return ascii.length > 99 ? `${ascii.slice(0, 96)}...` : ascii || 'Garrison';
}

function failureOf(error: unknown): DeliveryError {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const reason = /^\w{3,60}$/.test(name ?? '') ? (name as string) : 'SNS';
  if (reason.includes('Thrott')) {
    return new DeliveryError('rateLimited', reason);
  }
  return new DeliveryError(status === undefined || status >= 500 ? 'unavailable' : 'refused', reason);
}
