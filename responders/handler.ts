import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { FollowUpBody } from '../notifier/followUp';
import { consoleLog } from '../notifier/log';
import { hideMessage } from '../notifier/queueClient';
import { dynamodbTable } from '../notifier/state/dynamodbTable';
import { type Answer, type Asked, answer } from './ask';
import { type ProcessTools, processBatch } from './process';
import { Records } from './records';
import { newSessions } from './sessions';
import type { RespondingSettings } from './settings';

type WarmTools = Omit<ProcessTools, 'remaining' | 'owner'>;

let warm: Promise<WarmTools> | undefined;

/** Lambda entry: the queue `garrison-responses`, or a question of the operator's. */
export async function handler(
  event: SQSEvent | Asked,
  context?: Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>,
): Promise<SQSBatchResponse | Answer> {
  warm ??= warmUp();
  const kept = await warm.catch((error: unknown) => {
    warm = undefined;
    throw error;
  });
  const tools: ProcessTools = {
    ...kept,
    remaining: () => context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY,
    owner: context?.awsRequestId ?? String(process.hrtime.bigint()),
  };
  return 'Records' in event ? processBatch(event, tools) : answer(event, tools);
}

async function warmUp(): Promise<WarmTools> {
  const settings = JSON.parse(await readFile(join(__dirname, 'settings.json'), 'utf8')) as RespondingSettings;
  const table = dynamodbTable(settings.tableName, settings.homeRegion);
  return {
    settings,
    table,
    records: new Records(table, settings.recordDays),
    sessions: newSessions(settings),
    tell: teller(settings),
    hide: (record, seconds) => hideMessage(record, seconds, consoleLog),
    log: consoleLog,
    now: () => new Date(),
  };
}

type Sdk = typeof import('@aws-sdk/client-sqs');

function teller({ homeRegion, securityAccountId, queues }: RespondingSettings): (body: FollowUpBody) => Promise<void> {
  const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs') as Sdk;
  const client: SQSClient = new SQSClient({ region: homeRegion, useQueueUrlAsEndpoint: false });
  return async (body) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: `https://sqs.${homeRegion}.amazonaws.com/${securityAccountId}/${queues.alerts}`,
        MessageBody: JSON.stringify(body),
      }),
    );
  };
}
