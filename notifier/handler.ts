import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { loadMore } from './loadMore';
import { consoleLog } from './log';
import type { Catalog } from './message/catalog';
import { type MessageContext, messageContext } from './message/context';
import { type ProcessTools, processBatch } from './process';
import type { NotifierSettings } from './settings';
import { dynamodbTable } from './state/dynamodbTable';
import type { Destination } from './transports/destination';
import { DeliveryError } from './transports/errors';
import type { fetchSecret } from './transports/fetchSecret';
import { Secrets } from './transports/secrets';
import { type DestinationFactories, makeDestination } from './transports/tools';

/** What the first bundle of a function holds, by its settings (`stacks/alerts/notifierSource.ts`). */
export interface NotifierParts {
  /** Those not here are in the second bundle. */
  readonly destinations: DestinationFactories;
  /** Where absent it is in the second bundle. */
  readonly fetchSecret?: typeof fetchSecret;
}

type WarmTools = Omit<ProcessTools, 'remaining'>;
type Handler = (event: SQSEvent, context?: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse>;

/** Lambda entry: alert queue → message. Answers which messages have to come again (`ReportBatchItemFailures`). */
export function notifierHandler(parts: NotifierParts): Handler {
  let warm: Promise<WarmTools> | undefined;
  return async (event, context) => {
    warm ??= warmUp(parts);
    const tools = await warm.catch((error: unknown) => {
      warm = undefined;
      throw error;
    });
    const remaining = () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
    return processBatch(event, { ...tools, remaining });
  };
}

async function warmUp(parts: NotifierParts): Promise<WarmTools> {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(__dirname, `${name}.json`), 'utf8'));
  return toolsFor(messageContext(read('settings') as NotifierSettings, read('catalog') as Catalog), parts);
}

/** Everything that outlives an invocation: secrets, clients, and without a table its substitute in memory. */
async function toolsFor(context: MessageContext, parts: NotifierParts): Promise<WarmTools> {
  const { settings } = context;
  const { homeRegion, tableName } = settings;
  const secrets = new Secrets((reference) => (parts.fetchSecret ?? loadMore().fetchSecret)(reference, homeRegion));
  const tools = { context, secrets, fetch, more: loadMore };
  const made = new Map<string, Destination>();
  const make = async (name: string) => {
    const described = settings.destinations[name];
    if (described === undefined) {
      throw new DeliveryError('refused', 'unknown_destination');
    }
    return makeDestination(described, parts.destinations, tools) ?? loadMore().destinationOf(described, tools);
  };
  return {
    context,
    table: tableName === undefined ? loadMore().memoryTable() : dynamodbTable(tableName, homeRegion),
    destination: async (name) => {
      const destination = made.get(name) ?? (await make(name));
      made.set(name, destination);
      return destination;
    },
    more: loadMore,
    hide: (record, seconds) => loadMore().hideMessage(record, seconds, consoleLog),
    log: consoleLog,
    now: () => new Date(),
    chance: Math.random,
  };
}
