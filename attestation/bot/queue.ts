import type { SQSClient } from '@aws-sdk/client-sqs';

type Sdk = typeof import('@aws-sdk/client-sqs');

/** Puts JSON on a queue. The client loads with the first. */
export function jsonQueue<Body>(address: string, region: string): (body: Body) => Promise<void> {
  let client: SQSClient | undefined;
  return async (body) => {
    const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs') as Sdk;
    // The address names the queue; where it is called is the client's business.
    client ??= new SQSClient({ region, useQueueUrlAsEndpoint: false, maxAttempts: 2 });
    await client.send(new SendMessageCommand({ QueueUrl: address, MessageBody: JSON.stringify(body) }));
  };
}
