import { parseArn } from '../common/arn';
import { ServiceError } from '../core/errors';

const numbers: Record<string, { minimum: number; maximum: number; initial: number }> = {
  VisibilityTimeout: { minimum: 0, maximum: 43_200, initial: 30 },
  MaximumMessageSize: { minimum: 1024, maximum: 1_048_576, initial: 1_048_576 },
  MessageRetentionPeriod: { minimum: 60, maximum: 1_209_600, initial: 345_600 },
  DelaySeconds: { minimum: 0, maximum: 900, initial: 0 },
  ReceiveMessageWaitTimeSeconds: { minimum: 0, maximum: 20, initial: 0 },
  KmsDataKeyReusePeriodSeconds: { minimum: 60, maximum: 86_400, initial: 300 },
};

const choices: Record<string, readonly string[]> = {
  FifoQueue: ['true', 'false'],
  ContentBasedDeduplication: ['true', 'false'],
  DeduplicationScope: ['messageGroup', 'queue'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
  SqsManagedSseEnabled: ['true', 'false'],
};

const documents = ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'];
const fifoOnly = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'];

/** What every queue starts with. */
export function initialAttributes(fifo: boolean): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [name, { initial }] of Object.entries(numbers)) {
    if (name !== 'KmsDataKeyReusePeriodSeconds') {
      attributes.set(name, String(initial));
    }
  }
  attributes.set('SqsManagedSseEnabled', 'true');
  if (fifo) {
    attributes.set('FifoQueue', 'true');
    attributes.set('ContentBasedDeduplication', 'false');
    attributes.set('DeduplicationScope', 'queue');
    attributes.set('FifoThroughputLimit', 'perQueue');
  }
  return attributes;
}

function invalidValue(name: string): ServiceError {
  return new ServiceError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

function checkDocument(name: string, value: string): void {
  let document: unknown;
  try {
    document = JSON.parse(value);
  } catch {
    throw name === 'Policy'
      ? invalidValue(name)
      : new ServiceError(
          'InvalidParameterValueException',
          `Value ${value} for parameter ${name} is invalid. Reason: Redrive policy is not a valid JSON map.`,
        );
  }
  if (typeof document !== 'object' || document === null) {
    throw invalidValue(name);
  }
  if (name === 'RedrivePolicy') {
    checkRedrivePolicy(value, document as Record<string, unknown>);
  }
}

function checkRedrivePolicy(value: string, policy: Record<string, unknown>): void {
  const fail = (reason: string) =>
    new ServiceError(
      'InvalidParameterValueException',
      `Value ${value} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
    );
  if (policy.deadLetterTargetArn === undefined) {
    throw fail('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  }
  if (policy.maxReceiveCount === undefined) {
    throw fail('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  }
  const count = Number(policy.maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw fail('Invalid value for maxReceiveCount: must be between 1 and 1000, both inclusive.');
  }
  if (!parseArn(String(policy.deadLetterTargetArn))) {
    throw fail('Invalid value for deadLetterTargetArn.');
  }
}

function checkOne(name: string, value: string, fifo: boolean): void {
  const range = numbers[name];
  if (range) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < range.minimum || number > range.maximum) {
      throw invalidValue(name);
    }
    return;
  }
  if (fifoOnly.includes(name) && !fifo) {
    throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  const choice = choices[name];
  if (choice) {
    if (!choice.includes(value)) {
      throw invalidValue(name);
    }
  } else if (documents.includes(name)) {
    checkDocument(name, value);
  } else if (name !== 'KmsMasterKeyId') {
    throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
}

/**
 * Checks attributes as CreateQueue and SetQueueAttributes take them; an empty string removes a document or a key.
 *
 * @throws ServiceError `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValueException`
 */
export function applyAttributes(
  target: Map<string, string>,
  given: Readonly<Record<string, string>>,
  fifo: boolean,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === '' && (documents.includes(name) || name === 'KmsMasterKeyId')) {
      target.delete(name);
      continue;
    }
    checkOne(name, value, fifo);
    target.set(name, value);
    if (name === 'KmsMasterKeyId') {
      target.set('SqsManagedSseEnabled', 'false');
      target.set('KmsDataKeyReusePeriodSeconds', target.get('KmsDataKeyReusePeriodSeconds') ?? '300');
    }
  }
}

/** The queue's dead-letter queue and its limit, when it has one. */
export function redrivePolicy(
  attributes: ReadonlyMap<string, string>,
): { deadLetterTargetArn: string; maxReceiveCount: number } | undefined {
  const text = attributes.get('RedrivePolicy');
  if (!text) {
    return undefined;
  }
  const policy = JSON.parse(text) as { deadLetterTargetArn: string; maxReceiveCount: number | string };
  return { deadLetterTargetArn: policy.deadLetterTargetArn, maxReceiveCount: Number(policy.maxReceiveCount) };
}
