import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { announcedFiles } from './announcements';
import { awsPorts, hideFor } from './awsPorts';
import { confirmationAddress, confirmSubscription } from './confirmation';
import { log } from './log';
import { type LogFilePorts, processLogFile } from './process';
import { type AccountWatcher, accountWatchers, type LogFileSettings } from './settings';

interface Warm {
  readonly watchers: readonly AccountWatcher[];
  readonly ports: LogFilePorts;
  readonly queueUrl: string;
  readonly topicArn?: string;
}

/** Seconds. */
const shortestPause = 30;
const longestPause = 900;

let warm: Warm | undefined;

/**
 * Lambda function on the queue in which log files are announced. Answers which messages have to come again: those of
 * files that could not be processed. What it knows lies beside it, in `settings.json`.
 */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  warm ??= warmUp();
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of Records) {
    try {
      await processAnnouncement(record.body, warm);
    } catch (error) {
      const { name, message } = error as Error;
      log('error', { messageId: record.messageId, name, message });
      batchItemFailures.push({ itemIdentifier: record.messageId });
      await tryAgainSoon(record, warm.queueUrl);
    }
  }
  return { batchItemFailures };
}

async function processAnnouncement(body: string, { watchers, ports, topicArn }: Warm): Promise<void> {
  const address = confirmationAddress(body, topicArn, process.env.AWS_ENDPOINT_URL);
  if (address) {
    await confirmSubscription(address);
    log('info', { subscribed: topicArn });
    return;
  }
  for (const file of announcedFiles(body)) {
    const outcome = await processLogFile(file, watchers, ports);
    log('info', { file: `${file.bucket}/${file.key}`, ...outcome });
  }
}

/** With growing pauses, an hour before the dead-letter queue. Where that fails, it only comes later. */
async function tryAgainSoon(record: SQSRecord, queueUrl: string): Promise<void> {
  const attempt = Number(record.attributes?.ApproximateReceiveCount ?? 1);
  const seconds = Math.min(longestPause, shortestPause * 2 ** (attempt - 1));
  await hideFor(queueUrl, record, seconds).catch(({ name, message }: Error) => log('warning', { name, message }));
}

function warmUp(): Warm {
  const settings = JSON.parse(readFileSync(join(__dirname, 'settings.json'), 'utf8')) as LogFileSettings;
  return {
    watchers: accountWatchers(settings.detections, settings.language),
    ports: awsPorts(settings),
    queueUrl: settings.queueUrl,
    topicArn: settings.topicArn,
  };
}
