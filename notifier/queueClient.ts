import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Log } from './log';

/** SQS allows twelve hours. */
const longestVisibility = 43_200;

type Sdk = typeof import('@aws-sdk/client-sqs');

let client: SQSClient | undefined;

/**
 * Hides a message from the queue for so many seconds, so that nothing waits in a running function. When that fails the
 * message comes again after the queue's own visibility timeout: later than it should, but it comes.
 */
export async function hideMessage(record: SQSRecord, seconds: number, log: Log): Promise<void> {
  const [, , , region = '', account = '', name = ''] = record.eventSourceARN.split(':');
  try {
    const { SQSClient, ChangeMessageVisibilityCommand } = require('@aws-sdk/client-sqs') as Sdk;
    // The address names the queue; where it is called is the client's business (another partition, an endpoint for trials).
    client ??= new SQSClient({ region, useQueueUrlAsEndpoint: false });
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: Math.min(Math.max(Math.ceil(seconds), 0), longestVisibility),
      }),
    );
  } catch (error) {
    const reason = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : 'Error';
    log('warning', 'message.notHidden', { message: record.messageId, reason });
  }
}
