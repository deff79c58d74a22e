import type { SQSClient } from '@aws-sdk/client-sqs';
import type { AttestationTools } from '../questions/tools';

type Sdk = typeof import('@aws-sdk/client-sqs');

/** Puts follow-ups on the alert queue: the notifier alone speaks. The client loads with the first. */
export function alertQueue(address: string, region: string): AttestationTools['say'] {
  let client: SQSClient | undefined;
  return async (body) => {
    const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs') as Sdk;
    // The address names the queue; where it is called is the client's business.
    client ??= new SQSClient({ region, useQueueUrlAsEndpoint: false });
    await client.send(new SendMessageCommand({ QueueUrl: address, MessageBody: JSON.stringify(body) }));
  };
}
