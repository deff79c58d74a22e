import * as schemas from '@aws-sdk/client-sqs';
import { resourceTagConditions } from '../common/tags';
import type { AuthorizationRequest, CallContext, ServiceFactory } from '../core/service';
import { administration } from './administration';
import { QueueEncryption } from './encryption';
import { readMetrics } from './metrics';
import { moving } from './move';
import { receiving } from './receive';
import { Queues } from './region';
import { sending } from './send';

/** A batch is allowed by the permission for one. */
const actions: Record<string, string> = {
  SendMessageBatch: 'SendMessage',
  DeleteMessageBatch: 'DeleteMessage',
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
};

function authorization(
  queues: Queues,
  operation: string,
  input: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const given = (input ?? {}) as Record<string, unknown>;
  const action = `sqs:${actions[operation] ?? operation}`;
  if (operation === 'ListQueues' || operation === 'CancelMessageMoveTask') {
    return [{ action, resources: ['*'] }];
  }
  const named = typeof given.QueueName === 'string' ? given.QueueName : undefined;
  const owner = typeof given.QueueOwnerAWSAccountId === 'string' ? given.QueueOwnerAWSAccountId : context.accountId;
  const queue = given.SourceArn ? queues.byArn(String(given.SourceArn)) : queues.find(given.QueueUrl ?? named, context);
  const place = queue
    ? { accountId: queue.arn.split(':')[4] ?? owner, name: queue.name }
    : (Queues.place(String(given.QueueUrl ?? '')) ?? { accountId: owner, name: named ?? '' });
  const arn = queue?.arn ?? queues.arn(place.name, { accountId: place.accountId, region: context.region });
  return [
    {
      action,
      resources: [arn],
      resourcePolicy: queue?.attributes.get('Policy'),
      resourceAccountId: place.accountId,
      conditions: queue ? resourceTagConditions(queue.tags) : undefined,
    },
  ];
}

/** Amazon SQS: standard and FIFO queues, redrive, long polling, queue policies, keys of KMS. */
export const createSqs: ServiceFactory = (world) => {
  const queues = new Queues(world);
  const encryption = new QueueEncryption();
  let closed = false;
  return {
    signingNames: ['sqs'],
    schemas,
    operations: {
      ...administration(queues),
      ...sending(queues, encryption),
      ...receiving(queues, encryption, () => closed),
      ...moving(queues),
      // For CloudWatch alone: it has no schema, so no request names it.
      ReadMetrics: readMetrics(queues),
    },
    authorize: (operation, input, context) => authorization(queues, operation, input, context),
    close: () => {
      closed = true;
      for (const region of queues.regions.all()) {
        for (const queue of region.queues.values()) {
          queue.wake();
        }
      }
    },
  };
};
