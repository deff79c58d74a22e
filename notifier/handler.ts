import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** Lambda entry: alert queue → message. Answers which messages have to come again. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  return { batchItemFailures: event.Records.map((record) => ({ itemIdentifier: record.messageId })) };
}
