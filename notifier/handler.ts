import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { loadMore } from './loadMore';
import { consoleLog } from './log';
import { type MessageContext, messageContext } from './message/context';
import { english } from './message/english';
import { type ProcessTools, processBatch } from './process';
import { hideMessage } from './queueClient';
import type { DestinationSettings, NotifierSettings } from './settings';
import { dynamodbTable } from './state/dynamodbTable';
import type { TransportTools } from './transports';
import type { Destination } from './transports/destination';
import { DeliveryError } from './transports/errors';
import { fetchParameter } from './transports/fetchParameter';
import { Secrets } from './transports/secrets';
import { slackWebhook } from './transports/slackWebhook';

type WarmTools = Omit<ProcessTools, 'remaining'>;

let warm: Promise<WarmTools> | undefined;

/** Lambda entry: alert queue → message. Answers which messages have to come again (`ReportBatchItemFailures`). */
export async function handler(
  event: SQSEvent,
  context?: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse> {
  warm ??= warmUp();
  const tools = await warm.catch((error: unknown) => {
    warm = undefined;
    throw error;
  });
  return processBatch(event, {
    ...tools,
    remaining: () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY,
  });
}

async function warmUp(): Promise<WarmTools> {
  const settings = JSON.parse(await readFile(join(__dirname, 'settings.json'), 'utf8')) as NotifierSettings;
  const catalog = settings.language === 'ja' ? (await loadMore()).japanese : english;
  return toolsFor(messageContext(settings, catalog));
}

/** Everything that outlives an invocation: secrets, clients, and without a table its substitute in memory. */
async function toolsFor(context: MessageContext): Promise<WarmTools> {
  const { settings } = context;
  const { homeRegion } = settings;
  const secrets = new Secrets(async (reference) =>
    reference.kind === 'parameter'
      ? fetchParameter(reference.name, homeRegion)
      : (await loadMore()).fetchSecret(reference, homeRegion),
  );
  const destinations = new Map<string, Destination>();
  return {
    context,
    table:
      settings.tableName === undefined
        ? (await loadMore()).memoryTable()
        : dynamodbTable(settings.tableName, homeRegion),
    destination: async (name) => {
      const described = settings.destinations[name];
      if (described === undefined) {
        throw new DeliveryError('refused', 'unknown_destination');
      }
      const made =
        destinations.get(name) ?? (await destinationOf(described, { context, secrets, fetch, more: loadMore }));
      destinations.set(name, made);
      return made;
    },
    more: loadMore,
    hide: (record, seconds) => hideMessage(record, seconds, consoleLog),
    log: consoleLog,
    now: () => new Date(),
    chance: Math.random,
  };
}

/** The webhook, which most have, is in this bundle; the others are in the second. */
async function destinationOf(described: DestinationSettings, tools: TransportTools): Promise<Destination> {
  return described.type === 'slack-webhook'
    ? slackWebhook(described.secret, tools)
    : (await loadMore()).destinationOf(described, tools);
}
