import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { consoleLog } from './log';
import { messageContext } from './message/context';
import { type ProcessTools, processBatch } from './process';
import { hideMessage } from './queueClient';
import type { NotifierSettings } from './settings';
import { dynamodbTable } from './state/dynamodbTable';
import { memoryTable } from './state/memoryTable';
import { destinationOf } from './transports';
import type { Destination } from './transports/destination';
import { fetchSecret } from './transports/fetchSecret';
import { Secrets } from './transports/secrets';
import { publishToTopic } from './transports/snsTopic';

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
  return toolsFor(settings);
}

/** Everything that outlives an invocation: secrets, clients, and without a table its substitute in memory. */
export function toolsFor(settings: NotifierSettings): WarmTools {
  const context = messageContext(settings);
  const secrets = new Secrets((reference) => fetchSecret(reference, settings.homeRegion));
  const destinations = new Map<string, Destination>();
  return {
    context,
    table: settings.tableName === undefined ? memoryTable() : dynamodbTable(settings.tableName, settings.homeRegion),
    destination: (name) => {
      const known = destinations.get(name);
      const described = settings.destinations[name];
      if (known !== undefined || described === undefined) {
        return known ?? unknownDestination(name);
      }
      const made = destinationOf(described, { context, secrets, fetch, publish: publishToTopic });
      destinations.set(name, made);
      return made;
    },
    hide: (record, seconds) => hideMessage(record, seconds, consoleLog),
    log: consoleLog,
    now: () => new Date(),
    chance: Math.random,
  };
}

class UnknownDestination extends Error {
  override readonly name = 'UnknownDestination';
  readonly code = 'notifier.destination.unknown';
}

function unknownDestination(name: string): never {
  throw new UnknownDestination(`The settings know no destination ${name}.`);
}
