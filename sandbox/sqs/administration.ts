import type {
  AddPermissionRequest,
  CreateQueueRequest,
  DeleteQueueRequest,
  GetQueueAttributesRequest,
  GetQueueUrlRequest,
  ListDeadLetterSourceQueuesRequest,
  ListQueuesRequest,
  ListQueueTagsRequest,
  PurgeQueueRequest,
  RemovePermissionRequest,
  SetQueueAttributesRequest,
  TagQueueRequest,
  UntagQueueRequest,
} from '@aws-sdk/client-sqs';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import { applyAttributes, initialAttributes, redrivePolicy } from './attributes';
import { Queue } from './queue';
import { invalidParameter, missingParameter, nonExistent, type Queues } from './region';

const minute = 60_000;

function checkName(name: string | undefined, fifo: boolean): string {
  if (!name) {
    throw missingParameter('QueueName');
  }
  const bare = fifo ? name.replace(/\.fifo$/, '') : name;
  if (!/^[A-Za-z0-9_-]+$/.test(bare) || name.length > 80) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
  if (fifo && !name.endsWith('.fifo')) {
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    );
  }
  return name;
}

function createQueue(queues: Queues): Handler {
  return (input: CreateQueueRequest, context) => {
    const given = input.Attributes ?? {};
    const fifo = given.FifoQueue === 'true';
    const name = checkName(input.QueueName, fifo);
    const region = queues.regions.at(context);
    const attributes = initialAttributes(fifo);
    checkDeadLetterQueue(queues, given.RedrivePolicy);
    applyAttributes(attributes, given as Record<string, string>, fifo);
    const existing = region.queues.get(name);
    if (existing) {
      return { QueueUrl: sameQueue(existing, given as Record<string, string>).url };
    }
    if ((region.deleted.get(name) ?? 0) > queues.now() - minute) {
      throw new ServiceError(
        'QueueDeletedRecently',
        'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
      );
    }
    const url = `${queues.world.endpoint}/${context.accountId}/${name}`;
    const tags = new Map(Object.entries(input.tags ?? {}));
    const queue = new Queue(name, queues.arn(name, context), url, { attributes, tags, now: queues.now() });
    region.queues.set(name, queue);
    return { QueueUrl: queue.url };
  };
}

function sameQueue(queue: Queue, given: Readonly<Record<string, string>>): Queue {
  for (const [name, value] of Object.entries(given)) {
    if (queue.attributes.get(name) !== value) {
      throw new ServiceError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${name}`,
      );
    }
  }
  return queue;
}

function allAttributes(queue: Queue, now: number): Map<string, string> {
  const counts = queue.counts(now);
  const all = new Map<string, string>([
    ['QueueArn', queue.arn],
    ['ApproximateNumberOfMessages', String(counts.visible)],
    ['ApproximateNumberOfMessagesNotVisible', String(counts.inFlight)],
    ['ApproximateNumberOfMessagesDelayed', String(counts.delayed)],
    ['CreatedTimestamp', String(Math.floor(queue.createdAt / 1000))],
    ['LastModifiedTimestamp', String(Math.floor(queue.modifiedAt / 1000))],
  ]);
  for (const [name, value] of queue.attributes) {
    all.set(name, value);
  }
  return all;
}

const optional = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
  'SqsManagedSseEnabled',
];

function getAttributes(queues: Queues): Handler {
  return (input: GetQueueAttributesRequest, context) => {
    const queue = queues.at(input.QueueUrl, context);
    queue.dropExpired(queues.now());
    const all = allAttributes(queue, queues.now());
    const names: readonly string[] = input.AttributeNames ?? [];
    const chosen: Record<string, string> = {};
    for (const name of names.includes('All') ? all.keys() : names) {
      const value = all.get(name);
      if (value === undefined && !optional.includes(name)) {
        throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
      }
      if (value !== undefined) {
        chosen[name] = value;
      }
    }
    return names.length === 0 ? {} : { Attributes: chosen };
  };
}

function setAttributes(queues: Queues): Handler {
  return (input: SetQueueAttributesRequest, context) => {
    const queue = queues.at(input.QueueUrl, context);
    const given = (input.Attributes ?? {}) as Record<string, string>;
    if (given.FifoQueue !== undefined && given.FifoQueue !== String(queue.fifo)) {
      throw new ServiceError('InvalidAttributeName', 'Unknown Attribute FifoQueue.');
    }
    checkDeadLetterQueue(queues, given.RedrivePolicy);
    applyAttributes(queue.attributes, given, queue.fifo);
    queue.modifiedAt = queues.now();
    queue.wake();
  };
}

function checkDeadLetterQueue(queues: Queues, policy: string | undefined): void {
  const trial = new Map<string, string>();
  applyAttributes(trial, { RedrivePolicy: policy ?? '' }, false);
  const target = redrivePolicy(trial)?.deadLetterTargetArn;
  if (target && !queues.byArn(target)) {
    throw invalidParameter(
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  }
}

function listQueues(queues: Queues): Handler {
  return (input: ListQueuesRequest, context) => {
    const urls = [...queues.regions.at(context).queues.values()]
      .filter((queue) => queue.name.startsWith(input.QueueNamePrefix ?? ''))
      .map((queue) => queue.url)
      .sort();
    const page = paginate(urls, {
      token: input.NextToken,
      size: input.MaxResults,
      maximum: 1000,
      invalidCode: 'InvalidParameterValueException',
    });
    return {
      QueueUrls: page.items.length > 0 ? page.items : undefined,
      NextToken: input.MaxResults ? page.nextToken : undefined,
    };
  };
}

function permissions(queues: Queues): Record<string, Handler> {
  const statements = (queue: Queue): { policy: { Statement: { Sid?: string }[] } & Record<string, unknown> } => ({
    policy: JSON.parse(
      queue.attributes.get('Policy') ?? `{"Version":"2008-10-17","Id":"${queue.arn}/SQSDefaultPolicy","Statement":[]}`,
    ),
  });
  return {
    AddPermission: (input: AddPermissionRequest, context) => {
      const queue = queues.at(input.QueueUrl, context);
      const { policy } = statements(queue);
      if (policy.Statement.some((statement) => statement.Sid === input.Label)) {
        throw invalidParameter(`Value ${input.Label} for parameter Label is invalid. Reason: Already exists.`);
      }
      const accounts = (input.AWSAccountIds ?? []).map((id) => `arn:${queues.world.partition}:iam::${id}:root`);
      const actions = (input.Actions ?? []).map((action) => `SQS:${action}`);
      const statement = {
        Sid: input.Label,
        Effect: 'Allow',
        Principal: { AWS: accounts },
        Action: actions,
        Resource: queue.arn,
      };
      queue.attributes.set('Policy', JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] }));
    },
    RemovePermission: (input: RemovePermissionRequest, context) => {
      const queue = queues.at(input.QueueUrl, context);
      const { policy } = statements(queue);
      const kept = policy.Statement.filter((statement) => statement.Sid !== input.Label);
      if (kept.length === policy.Statement.length) {
        throw invalidParameter(
          `Value ${input.Label} for parameter Label is invalid. Reason: can't find label on existing policy.`,
        );
      }
      queue.attributes.set('Policy', JSON.stringify({ ...policy, Statement: kept }));
    },
  };
}

function purge(queues: Queues): Handler {
  return (input: PurgeQueueRequest, context) => {
    const queue = queues.at(input.QueueUrl, context);
    if (queue.purgedAt > queues.now() - minute) {
      throw new ServiceError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      );
    }
    queue.purgedAt = queues.now();
    queue.messages.clear();
  };
}

function tagging(queues: Queues): Record<string, Handler> {
  return {
    TagQueue: (input: TagQueueRequest, context) => {
      const { tags } = queues.at(input.QueueUrl, context);
      for (const [key, value] of Object.entries(input.Tags ?? {})) {
        tags.set(key, value);
      }
    },
    UntagQueue: (input: UntagQueueRequest, context) => {
      const { tags } = queues.at(input.QueueUrl, context);
      for (const key of input.TagKeys ?? []) {
        tags.delete(key);
      }
    },
    ListQueueTags: (input: ListQueueTagsRequest, context) => ({
      Tags: Object.fromEntries(queues.at(input.QueueUrl, context).tags),
    }),
  };
}

function sources(queues: Queues): Handler {
  return (input: ListDeadLetterSourceQueuesRequest, context: CallContext) => {
    const target = queues.at(input.QueueUrl, context).arn;
    const urls = [...queues.regions.at(context).queues.values()]
      .filter((queue) => redrivePolicy(queue.attributes)?.deadLetterTargetArn === target)
      .map((queue) => queue.url);
    const page = paginate(urls, { token: input.NextToken, size: input.MaxResults, maximum: 1000 });
    return { queueUrls: page.items, NextToken: page.nextToken };
  };
}

/** Operations on queues themselves: create, configure, list, tag, purge, delete. */
export function administration(queues: Queues): Record<string, Handler> {
  return {
    CreateQueue: createQueue(queues),
    GetQueueAttributes: getAttributes(queues),
    SetQueueAttributes: setAttributes(queues),
    ListQueues: listQueues(queues),
    ListDeadLetterSourceQueues: sources(queues),
    PurgeQueue: purge(queues),
    GetQueueUrl: (input: GetQueueUrlRequest, context) => {
      const accountId = input.QueueOwnerAWSAccountId ?? context.accountId;
      const queue = queues.regions.at({ accountId, region: context.region }).queues.get(input.QueueName ?? '');
      if (!queue) {
        throw nonExistent();
      }
      return { QueueUrl: queue.url };
    },
    DeleteQueue: (input: DeleteQueueRequest, context) => {
      const queue = queues.find(input.QueueUrl, context);
      if (!queue) {
        throw nonExistent();
      }
      const region = queues.regions.at({ accountId: queue.arn.split(':')[4] ?? '', region: context.region });
      region.queues.delete(queue.name);
      region.deleted.set(queue.name, queues.now());
      queue.wake();
    },
    ...permissions(queues),
    ...tagging(queues),
  };
}
