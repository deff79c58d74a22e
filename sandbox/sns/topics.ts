import type {
  AddPermissionInput,
  CreateTopicInput,
  RemovePermissionInput,
  SetTopicAttributesInput,
} from '@aws-sdk/client-sns';
import { removeTags, setTags, type Tag, tagList, tagsFrom } from '../common/tags';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { invalid, notFound, type Topic, type Topics } from './state';

const settable = [
  'Policy',
  'DisplayName',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  'FifoTopic',
  'ContentBasedDeduplication',
  'ArchivePolicy',
  'FifoThroughputScope',
  'DataProtectionPolicy',
];

function defaultPolicy(arn: string, accountId: string): string {
  const actions = [
    'GetTopicAttributes',
    'SetTopicAttributes',
    'AddPermission',
    'RemovePermission',
    'DeleteTopic',
    'Subscribe',
    'ListSubscriptionsByTopic',
    'Publish',
  ];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  });
}

function checkAttribute(name: string, value: string): void {
  if (!settable.includes(name)) {
    throw invalid(`Invalid parameter: AttributeName`);
  }
  if (name === 'Policy' && value !== '') {
    try {
      JSON.parse(value);
    } catch {
      throw invalid('Invalid parameter: Policy Error: null');
    }
  }
  if (name === 'DisplayName' && value.length > 100) {
    throw invalid('Invalid parameter: DisplayName: must be at most 100 characters long');
  }
}

function createTopic(topics: Topics): Handler {
  return (input: CreateTopicInput, context) => {
    const name = input.Name ?? '';
    const fifo = input.Attributes?.FifoTopic === 'true';
    if (
      !/^[A-Za-z0-9_-]{1,256}$/.test(fifo ? name.replace(/\.fifo$/, '') : name) ||
      (fifo && !name.endsWith('.fifo'))
    ) {
      throw invalid('Invalid parameter: Topic Name');
    }
    const region = topics.regions.at(context);
    const existing = region.get(name);
    for (const [key, value] of Object.entries(input.Attributes ?? {})) {
      checkAttribute(key, value);
      if (existing && existing.attributes.get(key) !== value) {
        throw invalid('Invalid parameter: Attributes Reason: Topic already exists with different attributes');
      }
    }
    if (existing) {
      return { TopicArn: existing.arn };
    }
    const arn = topics.arn(name, context);
    const attributes = new Map(
      Object.entries({ Policy: defaultPolicy(arn, context.accountId), DisplayName: '', ...input.Attributes }),
    );
    const site = { accountId: context.accountId, region: context.region };
    region.set(name, {
      name,
      arn,
      site,
      attributes,
      subscriptions: new Map(),
      tags: tagsFrom(input.Tags),
      recent: new Map(),
      sequence: 0,
    });
    return { TopicArn: arn };
  };
}

function attributesOf(topic: Topic): Record<string, string> {
  const all = [...topic.subscriptions.values()];
  const confirmed = all.filter((one) => one.confirmed).length;
  return {
    TopicArn: topic.arn,
    Owner: topic.site.accountId,
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(all.length - confirmed),
    SubscriptionsDeleted: '0',
    EffectiveDeliveryPolicy: JSON.stringify({
      http: {
        defaultHealthyRetryPolicy: {
          minDelayTarget: 20,
          maxDelayTarget: 20,
          numRetries: 3,
          numMaxDelayRetries: 0,
          numNoDelayRetries: 0,
          numMinDelayRetries: 0,
          backoffFunction: 'linear',
        },
        disableSubscriptionOverrides: false,
      },
    }),
    ...Object.fromEntries(topic.attributes),
  };
}

function permissions(topics: Topics): Record<string, Handler> {
  const policyOf = (topic: Topic) =>
    JSON.parse(topic.attributes.get('Policy') ?? '{"Statement":[]}') as { Statement: { Sid?: string }[] };
  return {
    AddPermission: (input: AddPermissionInput) => {
      const topic = topics.at(input.TopicArn);
      const policy = policyOf(topic);
      if (policy.Statement.some((one) => one.Sid === input.Label)) {
        throw invalid('Invalid parameter: Statement already exists');
      }
      const AWS = (input.AWSAccountId ?? []).map((id) => `arn:${topics.world.partition}:iam::${id}:root`);
      const Action = (input.ActionName ?? []).map((action) => `SNS:${action}`);
      const statement = { Sid: input.Label, Effect: 'Allow', Principal: { AWS }, Action, Resource: topic.arn };
      topic.attributes.set('Policy', JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] }));
    },
    RemovePermission: (input: RemovePermissionInput) => {
      const topic = topics.at(input.TopicArn);
      const policy = policyOf(topic);
      const Statement = policy.Statement.filter((one) => one.Sid !== input.Label);
      topic.attributes.set('Policy', JSON.stringify({ ...policy, Statement }));
    },
  };
}

function tagging(topics: Topics): Record<string, Handler> {
  const find = (arn: string) => {
    const topic = topics.find(arn);
    if (!topic) {
      throw notFound('Resource does not exist');
    }
    return topic.tags;
  };
  return {
    TagResource: (input: { ResourceArn: string; Tags: Tag[] }) => {
      setTags(find(input.ResourceArn), input.Tags);
      return {};
    },
    UntagResource: (input: { ResourceArn: string; TagKeys: string[] }) => {
      removeTags(find(input.ResourceArn), input.TagKeys);
      return {};
    },
    ListTagsForResource: (input: { ResourceArn: string }) => ({ Tags: tagList(find(input.ResourceArn)) }),
  };
}

/** Topics, their attributes, policies and tags. */
export function topicOperations(topics: Topics): Record<string, Handler> {
  return {
    CreateTopic: createTopic(topics),
    DeleteTopic: (input: { TopicArn: string }) => {
      const topic = topics.find(input.TopicArn);
      if (topic) {
        topics.regions.at(topic.site).delete(topic.name);
      }
    },
    ListTopics: (input: { NextToken?: string }, context) => {
      const arns = [...topics.regions.at(context).values()].map((topic) => topic.arn).sort();
      const page = paginate(arns, { token: input.NextToken, maximum: 100, invalidCode: 'InvalidParameter' });
      return { Topics: page.items.map((TopicArn) => ({ TopicArn })), NextToken: page.nextToken };
    },
    GetTopicAttributes: (input: { TopicArn: string }) => ({ Attributes: attributesOf(topics.at(input.TopicArn)) }),
    SetTopicAttributes: (input: SetTopicAttributesInput) => {
      const topic = topics.at(input.TopicArn);
      const [name, value] = [input.AttributeName ?? '', input.AttributeValue ?? ''];
      checkAttribute(name, value);
      topic.attributes.set(
        name,
        name === 'Policy' && value === '' ? defaultPolicy(topic.arn, topic.site.accountId) : value,
      );
    },
    ...permissions(topics),
    ...tagging(topics),
  };
}
