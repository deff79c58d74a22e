import { createHash, randomUUID } from 'node:crypto';
import type {
  MessageAttributeValue,
  SendMessageBatchRequest,
  SendMessageBatchRequestEntry,
  SendMessageRequest,
} from '@aws-sdk/client-sqs';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import { checkBatch, inBatch } from './batch';
import { md5, md5OfAttributes, messageSize } from './digest';
import type { QueueEncryption } from './encryption';
import type { Queue, StoredMessage } from './queue';
import { invalidParameter, missingParameter, type Queues } from './region';

type Outgoing = SendMessageRequest | SendMessageBatchRequestEntry;

// What XML 1.0 can hold: SQS refuses all else.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it is about.
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function checkBody(body: string | undefined, attributes: Outgoing['MessageAttributes'], queue: Queue): string {
  if (!body) {
    throw missingParameter('MessageBody');
  }
  if (forbidden.test(body)) {
    throw new ServiceError('InvalidMessageContents', 'The message contains characters outside the allowed set.');
  }
  const maximum = queue.number('MaximumMessageSize');
  if (messageSize(body, attributes) > maximum) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximum} bytes.`,
    );
  }
  return body;
}

function checkAttributes(attributes: Record<string, MessageAttributeValue> | undefined): void {
  const entries = Object.entries(attributes ?? {});
  if (entries.length > 10) {
    throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  }
  for (const [name, value] of entries) {
    if (!value.DataType) {
      throw invalidParameter(`The message attribute '${name}' must contain a non-empty attribute type.`);
    }
    if (!/^(String|Number|Binary)(\..+)?$/.test(value.DataType)) {
      throw invalidParameter(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const given = value.DataType.startsWith('Binary') ? value.BinaryValue?.length : value.StringValue?.length;
    if (!given) {
      throw invalidParameter(
        `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${value.DataType}'.`,
      );
    }
  }
}

function fifoFields(queue: Queue, input: Outgoing, body: string): Pick<StoredMessage, 'groupId' | 'deduplicationId'> {
  if (!queue.fifo) {
    if (input.MessageDeduplicationId) {
      throw invalidParameter(
        `Value ${input.MessageDeduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
      );
    }
    return { groupId: input.MessageGroupId };
  }
  if (!input.MessageGroupId) {
    throw missingParameter('MessageGroupId');
  }
  if (input.DelaySeconds) {
    throw invalidParameter(
      `Value ${input.DelaySeconds} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  }
  const byContent = queue.attributes.get('ContentBasedDeduplication') === 'true';
  const deduplicationId =
    input.MessageDeduplicationId ?? (byContent ? createHash('sha256').update(body).digest('hex') : undefined);
  if (!deduplicationId) {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId: input.MessageGroupId, deduplicationId };
}

function answer(message: StoredMessage) {
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(message.body),
    MD5OfMessageAttributes: md5OfAttributes(message.attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(message.systemAttributes),
    SequenceNumber: message.sequenceNumber,
  };
}

async function send(queues: Queues, encryption: QueueEncryption, queue: Queue, input: Outgoing, context: CallContext) {
  const body = checkBody(input.MessageBody, input.MessageAttributes, queue);
  checkAttributes(input.MessageAttributes);
  const delay = input.DelaySeconds ?? queue.number('DelaySeconds');
  if (delay < 0 || delay > 900) {
    throw invalidParameter(
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
  const fifo = fifoFields(queue, input, body);
  const encryptedKey = await encryption.dataKey(queue, context);
  const now = queues.now();
  const duplicate = fifo.deduplicationId && queue.duplicateOf(fifo.deduplicationId, fifo.groupId ?? '', now);
  if (duplicate) {
    return answer(duplicate);
  }
  const message: StoredMessage = {
    id: randomUUID(),
    body,
    attributes: input.MessageAttributes,
    systemAttributes: input.MessageSystemAttributes,
    senderId: context.caller.userId,
    sentAt: now,
    ...fifo,
    sequenceNumber: queue.fifo ? queue.nextSequenceNumber() : undefined,
    encryptedKey,
    visibleAt: now + delay * 1000,
    receiveCount: 0,
  };
  queue.add(message);
  return answer(message);
}

/** SendMessage and SendMessageBatch. */
export function sending(queues: Queues, encryption: QueueEncryption): Record<string, Handler> {
  return {
    SendMessage: (input: SendMessageRequest, context) =>
      send(queues, encryption, queues.at(input.QueueUrl, context), input, context),
    SendMessageBatch: async (input: SendMessageBatchRequest, context) => {
      const queue = queues.at(input.QueueUrl, context);
      const entries = checkBatch(input.Entries, 'SendMessageBatchRequestEntry');
      const size = entries.reduce(
        (sum, entry) => sum + messageSize(entry.MessageBody ?? '', entry.MessageAttributes),
        0,
      );
      if (size > 1_048_576) {
        throw new ServiceError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than 1048576 bytes. You have sent ${size} bytes.`,
        );
      }
      return inBatch(entries, async (entry) => ({ ...(await send(queues, encryption, queue, entry, context)) }));
    },
  };
}
