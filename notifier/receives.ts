import type { SQSRecord } from 'aws-lambda';

/** How often SQS has delivered a message, from 1. */
export function receivesOf(record: SQSRecord): number {
  return Number(record.attributes?.ApproximateReceiveCount ?? 1);
}
