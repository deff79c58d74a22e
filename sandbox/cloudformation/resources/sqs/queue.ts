import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { document, tagMap, text, texts } from '../values';

/** Queue attributes and what they are when a template no longer sets them. */
const defaults: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  DelaySeconds: '0',
  FifoThroughputLimit: 'perQueue',
  KmsDataKeyReusePeriodSeconds: '300',
  KmsMasterKeyId: '',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

function attributesOf(properties: ValueMap): Record<string, string> {
  const names = [...Object.keys(defaults), 'FifoQueue'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = document(properties[name]);
      return value === undefined || (name === 'FifoQueue' && value === 'false')
        ? []
        : [[name, value.replace(/^"|"$/g, '')]];
    }),
  );
}

function changedAttributes(after: ValueMap, before: ValueMap): Record<string, string> {
  const [wanted, had] = [attributesOf(after), attributesOf(before)];
  const gone = Object.keys(had).filter((name) => !(name in wanted));
  const changed = Object.entries(wanted).filter(([name, value]) => had[name] !== value && name !== 'FifoQueue');
  return Object.fromEntries([...changed, ...gone.map((name) => [name, defaults[name] ?? ''])]);
}

function nameFrom(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

function attributes(context: ResourceContext, url: string): ValueMap {
  const QueueName = nameFrom(url);
  return { Arn: context.arn('sqs', QueueName), QueueName, QueueUrl: url };
}

/** AWS::SQS::Queue */
export const queue: ResourceProvider = {
  async create(context, properties) {
    const fifo = properties.FifoQueue === true;
    const generated = fifo ? `${context.generateName(75)}.fifo` : context.generateName(80);
    const { QueueUrl } = await context.call<{ QueueUrl: string }>('sqs', 'CreateQueue', {
      QueueName: text(properties.QueueName) ?? generated,
      Attributes: attributesOf(properties),
      tags: tagMap(context.tags(properties.Tags)),
    });
    return { physicalId: QueueUrl, attributes: attributes(context, QueueUrl) };
  },
  async update(context, QueueUrl, after, before) {
    const Attributes = changedAttributes(after, before);
    if (Object.keys(Attributes).length > 0) {
      await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    }
    const tags = context.tagChanges(before.Tags, after.Tags);
    if (tags.set.length > 0) {
      await context.call('sqs', 'TagQueue', { QueueUrl, Tags: tagMap(tags.set) });
    }
    if (tags.remove.length > 0) {
      await context.call('sqs', 'UntagQueue', { QueueUrl, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: (context, QueueUrl) => ifThere(() => context.call('sqs', 'DeleteQueue', { QueueUrl })),
  async read(context, QueueUrl, properties) {
    const answer = await context.call<{ Attributes?: Record<string, string> }>('sqs', 'GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['All'],
    });
    const live: ValueMap = { QueueName: nameFrom(QueueUrl) };
    for (const [name, value] of Object.entries(answer.Attributes ?? {})) {
      if (name in defaults) {
        live[name] = typeof properties[name] === 'object' ? JSON.parse(value) : typed(value, properties[name]);
      }
    }
    return live;
  },
  adopt: async (context, identifier) => {
    const url = Object.values(identifier)[0] ?? '';
    return { physicalId: url, attributes: attributes(context, url) };
  },
};

/** Attributes are text on the wire; templates hold numbers and truth values. */
function typed(value: string, like: ValueMap[string] | undefined): string | number | boolean {
  if (typeof like === 'number') {
    return Number(value);
  }
  return typeof like === 'boolean' ? value === 'true' : value;
}

async function setPolicy(context: ResourceContext, urls: readonly string[], policy: string): Promise<void> {
  for (const QueueUrl of urls) {
    await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: policy } });
  }
}

/** AWS::SQS::QueuePolicy */
export const queuePolicy: ResourceProvider = {
  async create(context, properties) {
    await setPolicy(context, texts(properties.Queues), document(properties.PolicyDocument) ?? '');
    const physicalId = context.generateName(128);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(context, _physicalId, after, before) {
    const gone = texts(before.Queues).filter((url) => !texts(after.Queues).includes(url));
    await setPolicy(context, texts(after.Queues), document(after.PolicyDocument) ?? '');
    await ifThere(() => setPolicy(context, gone, ''));
    return undefined;
  },
  delete: (context, _physicalId, properties) => ifThere(() => setPolicy(context, texts(properties.Queues), '')),
};

/** AWS::SQS::QueueInlinePolicy */
export const queueInlinePolicy: ResourceProvider = {
  async create(context, { Queue, PolicyDocument }) {
    await setPolicy(context, [String(Queue)], document(PolicyDocument) ?? '');
    return { physicalId: String(Queue) };
  },
  async update(context, _physicalId, { Queue, PolicyDocument }) {
    await setPolicy(context, [String(Queue)], document(PolicyDocument) ?? '');
    return undefined;
  },
  delete: (context, _physicalId, { Queue }) => ifThere(() => setPolicy(context, [String(Queue)], '')),
};
