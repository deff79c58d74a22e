import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { followDecision, readDecision } from './decisions';
import { respond } from './respond';
import { done, type Handled, type Tools } from './tools';
import { readTrigger, type Trigger } from './trigger';

export interface ProcessTools extends Tools {
  /** Hides a message for so many seconds; its failure is not the caller's. */
  readonly hide: (record: SQSRecord, seconds: number) => Promise<void>;
}

/** Handles a batch. Messages that have to come again are in the answer, and hidden until then. */
export async function processBatch(event: SQSEvent, tools: ProcessTools): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const record of event.Records) {
    const handled = await handle(record, tools);
    if (handled.kind === 'later') {
      await tools.hide(record, handled.seconds);
      failed.push(record.messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** Below this nothing new is begun. */
const needed = 15_000;

async function handle(record: SQSRecord, tools: ProcessTools): Promise<Handled> {
  if (tools.remaining() < needed) {
    return { kind: 'later', seconds: 1 };
  }
  try {
    const body: unknown = JSON.parse(record.body);
    const decision = readDecision(body, tools.now());
    if (decision !== undefined) {
      return await followDecision(decision, tools);
    }
    const trigger = readTrigger(body, tools.settings.partition);
    if (trigger === undefined) {
      tools.log('info', 'message.ignored', { message: record.messageId });
      return done;
    }
    if (!isGenuine(trigger, tools)) {
      tools.log('warning', 'message.notGenuine', { message: record.messageId });
      return done;
    }
    return await respond(trigger, tools);
  } catch (error) {
    // The table did not answer, or nothing could be told: nothing is known to have been said, so it comes again.
    const name = error instanceof Error ? error.name : '';
    tools.log('error', 'message.failed', {
      message: record.messageId,
      reason: /^\w{1,60}$/.test(name) ? name : 'Error',
    });
    const receives = Number(record.attributes?.ApproximateReceiveCount ?? 1);
    return { kind: 'later', seconds: Math.min(2 ** Math.min(receives, 9), 300) };
  }
}

/**
 * Whether AWS itself sent the event, of the account that it is about. Who owns an account of the organization could put
 * events of their own on the bus in the name of `garrison-events`; sources that begin with `aws.` nobody can give them,
 * nor another account than their own.
 */
function isGenuine({ event, source, place }: Trigger, { settings }: Tools): boolean {
  const senders = source === 'guardduty' ? [place.accountId, settings.securityAccountId] : [place.accountId];
  return event.source.startsWith('aws.') && event.account !== undefined && senders.includes(event.account);
}
