import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { consoleLog } from '../notifier/log';
import { hideMessage } from '../notifier/queueClient';
import { type ProcessTools, processBatch } from './process';
import { attestationTools, readSettings } from './tools';

let warm: Promise<Omit<ProcessTools, 'remaining'>> | undefined;

/** Lambda entry: uses, announcements and the time → record and questions. Answers which messages have to come again. */
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

async function warmUp(): Promise<Omit<ProcessTools, 'remaining'>> {
  return {
    ...attestationTools(await readSettings(__dirname)),
    hide: (record, seconds) => hideMessage(record, seconds, consoleLog),
  };
}
