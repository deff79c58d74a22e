import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageRequest,
  MessageAttributeValue,
  ReceiveMessageRequest,
} from '@aws-sdk/client-sqs';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { redrivePolicy } from './attributes';
import { checkBatch, inBatch } from './batch';
import { md5, md5OfAttributes } from './digest';
import type { QueueEncryption } from './encryption';
import type { Queue, StoredMessage } from './queue';
import { invalidParameter, missingParameter, type Queues } from './region';

function withinRange(
  name: string,
  value: number | undefined,
  minimum: number,
  maximum: number,
  initial: number,
): number {
  if (value !== undefined && (value < minimum || value > maximum)) {
    throw invalidParameter(
      `Value ${value} for parameter ${name} is invalid. Reason: Must be >= ${minimum} and <= ${maximum}, if provided.`,
    );
  }
  return value ?? initial;
}

function systemAttributes(message: StoredMessage): Record<string, string | undefined> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
    AWSTraceHeader: message.systemAttributes?.AWSTraceHeader?.StringValue,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
}

function chosen<V>(all: Record<string, V | undefined>, names: readonly string[]): Record<string, V> | undefined {
  const matches = (key: string) =>
    names.some(
      (name) =>
        name === 'All' || name === '.*' || name === key || (name.endsWith('.*') && key.startsWith(name.slice(0, -1))),
    );
  const entries = Object.entries(all).filter(([key, value]) => value !== undefined && matches(key));
  return entries.length > 0 ? (Object.fromEntries(entries) as Record<string, V>) : undefined;
}

function received(message: StoredMessage, input: ReceiveMessageRequest) {
  const system = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  const attributes: Record<string, MessageAttributeValue> | undefined = chosen(
    message.attributes ?? {},
    input.MessageAttributeNames ?? [],
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: chosen(systemAttributes(message), system),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MessageAttributes: attributes,
  };
}

/** Moves a message that was received too often; true when it has gone. */
function gaveUp(queues: Queues, queue: Queue, message: StoredMessage): boolean {
  const policy = redrivePolicy(queue.attributes);
  const target = policy && queues.byArn(policy.deadLetterTargetArn);
  if (!policy || !target || message.receiveCount < policy.maxReceiveCount) {
    return false;
  }
  queue.messages.delete(message.id);
  target.add({ ...message, deadLetterSource: queue.arn, visibleAt: queues.now(), receiptHandle: undefined });
  return true;
}

/** Takes up to `count` messages and hides them. */
function take(queues: Queues, queue: Queue, count: number, visibilitySeconds: number): StoredMessage[] {
  const now = queues.now();
  queue.dropExpired(now);
  const taken: StoredMessage[] = [];
  for (const message of queue.receivable(now)) {
    if (taken.length >= count) {
      break;
    }
    if (!gaveUp(queues, queue, message)) {
      taken.push(message);
    }
  }
  for (const message of taken) {
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + visibilitySeconds * 1000;
    message.receiptHandle = queue.newReceiptHandle(message);
  }
  return taken;
}

function receiveMessage(queues: Queues, encryption: QueueEncryption, closed: () => boolean): Handler {
  return async (input: ReceiveMessageRequest, context) => {
    const queue = queues.at(input.QueueUrl, context);
    const count = withinRange('MaxNumberOfMessages', input.MaxNumberOfMessages, 1, 10, 1);
    const wait = withinRange(
      'WaitTimeSeconds',
      input.WaitTimeSeconds,
      0,
      20,
      queue.number('ReceiveMessageWaitTimeSeconds'),
    );
    const visibility = withinRange(
      'VisibilityTimeout',
      input.VisibilityTimeout,
      0,
      43_200,
      queue.number('VisibilityTimeout'),
    );
    const end = Date.now() + wait * 1000;
    let messages = take(queues, queue, count, visibility);
    while (messages.length === 0 && Date.now() < end && !closed()) {
      const next = (queue.nextVisibleAt(queues.now()) ?? Number.POSITIVE_INFINITY) - queues.now();
      await queue.changed(Math.max(1, Math.min(end - Date.now(), next)));
      queues.at(input.QueueUrl, context);
      messages = take(queues, queue, count, visibility);
    }
    for (const message of messages) {
      if (message.encryptedKey) {
        await encryption.open(message.encryptedKey, queue, context);
      }
    }
    return { Messages: messages.length > 0 ? messages.map((message) => received(message, input)) : undefined };
  };
}

function located(queue: Queue, handle: string | undefined): StoredMessage | undefined {
  if (!handle) {
    throw missingParameter('ReceiptHandle');
  }
  const found = queue.byReceiptHandle(handle);
  if (found === 'invalid') {
    throw new ServiceError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return found === 'gone' ? undefined : found;
}

function deleteOne(queues: Queues, queue: Queue, handle: string | undefined): void {
  const message = located(queue, handle);
  if (message && queue.fifo && message.visibleAt <= queues.now()) {
    throw invalidParameter(
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
  }
  if (message) {
    queue.messages.delete(message.id);
    // The next message of a FIFO group can be received now.
    queue.wake();
  }
}

function changeOne(queues: Queues, queue: Queue, handle: string | undefined, seconds: number | undefined): void {
  if (seconds === undefined) {
    throw missingParameter('VisibilityTimeout');
  }
  if (seconds < 0 || seconds > 43_200) {
    throw invalidParameter(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
    );
  }
  const message = located(queue, handle);
  if (!message) {
    throw invalidParameter(
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  }
  const now = queues.now();
  if (message.visibleAt <= now) {
    throw new ServiceError('MessageNotInflight', 'The specified message is not in flight.');
  }
  message.visibleAt = now + seconds * 1000;
  queue.wake();
}

/** ReceiveMessage, DeleteMessage, ChangeMessageVisibility and their batches. */
export function receiving(queues: Queues, encryption: QueueEncryption, closed: () => boolean): Record<string, Handler> {
  const at = (input: { QueueUrl?: string }, context: CallContext) => queues.at(input.QueueUrl, context);
  return {
    ReceiveMessage: receiveMessage(queues, encryption, closed),
    DeleteMessage: (input: DeleteMessageRequest, context) => deleteOne(queues, at(input, context), input.ReceiptHandle),
    DeleteMessageBatch: (input: DeleteMessageBatchRequest, context) => {
      const queue = at(input, context);
      const entries = checkBatch(input.Entries, 'DeleteMessageBatchRequestEntry');
      return inBatch(entries, (entry) => deleteOne(queues, queue, entry.ReceiptHandle));
    },
    ChangeMessageVisibility: (input: ChangeMessageVisibilityRequest, context) =>
      changeOne(queues, at(input, context), input.ReceiptHandle, input.VisibilityTimeout),
    ChangeMessageVisibilityBatch: (input: ChangeMessageVisibilityBatchRequest, context) => {
      const queue = at(input, context);
      const entries = checkBatch(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry');
      return inBatch(entries, (entry) => changeOne(queues, queue, entry.ReceiptHandle, entry.VisibilityTimeout));
    },
  };
}
