import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Log } from './log';

/** SQS allows twelve hours. */
const longestVisibility = 43_200;

const clients = new Map<string, SQSClient>();
const addresses = new Map<string, string>();

/**
 * Hides a message from the queue for so many seconds, so that nothing waits in a running function. When that fails the
 * message comes again after the queue's own visibility timeout: later than it should, but it comes.
 */
export async function hideMessage(record: SQSRecord, seconds: number, log: Log): Promise<void> {
  const [, , , region = '', account = '', name = ''] = record.eventSourceARN.split(':');
  try {
    const { SQSClient, ChangeMessageVisibilityCommand, GetQueueUrlCommand } = await import('@aws-sdk/client-sqs');
    const client = clients.get(region) ?? new SQSClient({ region });
    clients.set(region, client);
    const address =
      addresses.get(record.eventSourceARN) ??
      (await client.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }))).QueueUrl;
    addresses.set(record.eventSourceARN, address ?? '');
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: address,
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: Math.min(Math.max(Math.ceil(seconds), 0), longestVisibility),
      }),
    );
  } catch (error) {
    const reason = error instanceof Error && /^\w{1,60}$/.test(error.name) ? error.name : 'Error';
    log('warning', 'message.notHidden', { message: record.messageId, reason });
  }
}
