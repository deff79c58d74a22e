import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { hideMessage } from '../../notifier/queueClient';
import { reasonOf } from './answering';
import type { BotSettings } from './settings';
import { type BotTools, botTools } from './tools';
import type { Work } from './work';
import { type Working, workOff } from './working';

let warm: Promise<BotTools> | undefined;

/** Lambda entry: what the bot left for later. Answers which messages have to come again. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  warm ??= warmUp();
  const tools = await warm.catch((error: unknown) => {
    warm = undefined;
    throw error;
  });
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    if (!(await isDone(record, tools))) {
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

async function warmUp(): Promise<BotTools> {
  return botTools(JSON.parse(await readFile(join(__dirname, 'settings.json'), 'utf8')) as BotSettings);
}

const secondsUntilNextTry = 5;

async function isDone(record: SQSRecord, tools: BotTools): Promise<boolean> {
  const { attestation, log } = tools;
  try {
    if (attestation !== undefined) {
      await workOff(JSON.parse(record.body) as Work, { ...tools, attestation } satisfies Working);
    }
    return true;
  } catch (error) {
    const { retryAfterSeconds: asked } = error as { retryAfterSeconds?: number };
    log('warning', 'bot.work.failed', { message: record.messageId, reason: reasonOf(error) });
    await hideMessage(record, asked ?? secondsUntilNextTry, log);
    return false;
  }
}
