import { createHash, randomUUID } from 'node:crypto';
import type { PublishBatchInput, PublishBatchRequestEntry, PublishInput } from '@aws-sdk/client-sns';
import { ServiceError } from '../core/errors';
import type { CallContext, Handler } from '../core/service';
import type { Delivery } from './delivery';
import { invalid, type Topic, type Topics } from './state';

const sizeLimit = 262_144;
const fiveMinutes = 300_000;

// Newlines and control characters cannot stand in an e-mail's subject.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters it is about.
const subjectPattern = /^[^\s\u0000-\u001f][^\u0000-\u001f]*$/;

type Outgoing = PublishInput | PublishBatchRequestEntry;

function structureOf(input: Outgoing): Record<string, string> | undefined {
  if (input.MessageStructure !== 'json') {
    return undefined;
  }
  try {
    const structure = JSON.parse(input.Message ?? '') as Record<string, string>;
    if (typeof structure.default === 'string') {
      return structure;
    }
  } catch {
    throw invalid('Invalid parameter: Message Structure - JSON message body failed to parse');
  }
  throw invalid('Invalid parameter: Message Structure - No default entry in JSON message body');
}

function checkContent(input: Outgoing): void {
  if (!input.Message) {
    throw invalid('Invalid parameter: Empty message');
  }
  if (Buffer.byteLength(input.Message) > sizeLimit) {
    throw invalid('Invalid parameter: Message too long');
  }
  if (input.Subject !== undefined && (!subjectPattern.test(input.Subject) || input.Subject.length > 100)) {
    throw invalid('Invalid parameter: Subject');
  }
}

/** The message id that was given to the same message before, in a FIFO topic. */
function duplicate(
  topic: Topic,
  input: Outgoing,
  id: string,
  now: number,
): { id: string; sequence?: string; known: boolean } {
  if (!topic.name.endsWith('.fifo')) {
    return { id, known: false };
  }
  if (!input.MessageGroupId) {
    throw invalid('Invalid parameter: The MessageGroupId parameter is required for FIFO topics');
  }
  const byContent = topic.attributes.get('ContentBasedDeduplication') === 'true';
  const key =
    input.MessageDeduplicationId ??
    (byContent
      ? createHash('sha256')
          .update(input.Message ?? '')
          .digest('hex')
      : undefined);
  if (!key) {
    throw invalid(
      'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  const before = topic.recent.get(key);
  topic.sequence += 1;
  const sequence = String(10_000_000_000_000_000_000n + BigInt(topic.sequence));
  if (before && before.until > now) {
    return { id: before.id, sequence, known: true };
  }
  topic.recent.set(key, { id, until: now + fiveMinutes });
  return { id, sequence, known: false };
}

async function encrypt(topic: Topic, context: CallContext): Promise<void> {
  const KeyId = topic.attributes.get('KmsMasterKeyId');
  if (!KeyId) {
    return;
  }
  const input = { KeyId, KeySpec: 'AES_256', EncryptionContext: { 'aws:sns:topicArn': topic.arn } };
  const as = { caller: context.caller, ...topic.site, via: 'sns.amazonaws.com' };
  try {
    await context.world.call('kms', 'GenerateDataKey', input, as);
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      throw error;
    }
    const codes: Record<string, string> = {
      AccessDeniedException: 'KMSAccessDenied',
      NotFoundException: 'KMSNotFound',
      DisabledException: 'KMSDisabled',
    };
    throw new ServiceError(codes[error.code] ?? error.code, error.message, 400);
  }
}

async function publish(delivery: Delivery, topic: Topic, input: Outgoing, context: CallContext) {
  checkContent(input);
  const structure = structureOf(input);
  await encrypt(topic, context);
  const { id, sequence, known } = duplicate(topic, input, randomUUID(), context.world.now().getTime());
  if (!known) {
    delivery.send(topic, {
      id,
      body: structure?.default ?? input.Message ?? '',
      structure,
      subject: input.Subject,
      attributes: input.MessageAttributes,
      groupId: input.MessageGroupId,
      deduplicationId: input.MessageDeduplicationId,
    });
  }
  return { MessageId: id, SequenceNumber: sequence };
}

function checkBatch(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0) {
    throw new ServiceError('EmptyBatchRequest', 'The batch request does not contain any entries.', 400);
  }
  if (entries.length > 10) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      'The batch request contains more entries than permissible.',
      400,
    );
  }
  if (new Set(entries.map((entry) => entry.Id)).size !== entries.length) {
    throw new ServiceError(
      'BatchEntryIdsNotDistinct',
      'Two or more batch entries in the request have the same Id.',
      400,
    );
  }
}

/** Publish and PublishBatch. */
export function publishOperations(topics: Topics, delivery: Delivery): Record<string, Handler> {
  return {
    Publish: (input: PublishInput, context) => {
      if (input.PhoneNumber) {
        return { MessageId: randomUUID() };
      }
      return publish(delivery, topics.at(input.TopicArn ?? input.TargetArn), input, context);
    },
    PublishBatch: async (input: PublishBatchInput, context) => {
      const topic = topics.at(input.TopicArn);
      const entries = input.PublishBatchRequestEntries ?? [];
      checkBatch(entries);
      const Successful = [];
      const Failed = [];
      for (const entry of entries) {
        try {
          Successful.push({ Id: entry.Id, ...(await publish(delivery, topic, entry, context)) });
        } catch (error) {
          if (!(error instanceof ServiceError)) {
            throw error;
          }
          Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
        }
      }
      return { Successful, Failed };
    },
  };
}
