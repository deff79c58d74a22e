import type { ValueMap } from '../../template/model';
import { ifThere } from '../failure';
import type { ResourceContext, ResourceProvider } from '../provider';
import { differs, document, maps, orUndo, tagsOrNone, text, texts } from '../values';

const attributeNames = [
  'ArchivePolicy',
  'ContentBasedDeduplication',
  'DataProtectionPolicy',
  'DisplayName',
  'FifoThroughputScope',
  'FifoTopic',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
];

function attributesOf(properties: ValueMap): Record<string, string> {
  return Object.fromEntries(
    attributeNames.flatMap((name) => {
      const value = properties[name];
      return value === undefined ? [] : [[name, typeof value === 'object' ? (document(value) ?? '') : String(value)]];
    }),
  );
}

async function subscribe(context: ResourceContext, TopicArn: string, properties: ValueMap): Promise<void> {
  for (const { Endpoint, Protocol } of maps(properties.Subscription)) {
    await context.call('sns', 'Subscribe', { TopicArn, Endpoint, Protocol });
  }
}

/** AWS::SNS::Topic */
export const topic: ResourceProvider = {
  async create(context, properties) {
    const fifo = properties.FifoTopic === true;
    const generated = fifo ? `${context.generateName(251)}.fifo` : context.generateName(256);
    const Name = text(properties.TopicName) ?? generated;
    const { TopicArn } = await context.call<{ TopicArn: string }>('sns', 'CreateTopic', {
      Name,
      Attributes: attributesOf(properties),
      Tags: tagsOrNone(context.tags(properties.Tags)),
    });
    await orUndo(
      () => subscribe(context, TopicArn, properties),
      () => context.call('sns', 'DeleteTopic', { TopicArn }),
    );
    return { physicalId: TopicArn, attributes: { TopicArn, TopicName: Name } };
  },
  async update(context, TopicArn, after, before) {
    const [wanted, had] = [attributesOf(after), attributesOf(before)];
    for (const AttributeName of new Set([...Object.keys(wanted), ...Object.keys(had)])) {
      const AttributeValue = wanted[AttributeName] ?? '';
      if (AttributeValue !== had[AttributeName]) {
        await context.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
      }
    }
    if (differs(before, after, ['Subscription'])) {
      await subscribe(context, TopicArn, after);
    }
    const tags = context.tagChanges(before.Tags, after.Tags);
    if (tags.set.length > 0) {
      await context.call('sns', 'TagResource', { ResourceArn: TopicArn, Tags: tags.set });
    }
    if (tags.remove.length > 0) {
      await context.call('sns', 'UntagResource', { ResourceArn: TopicArn, TagKeys: tags.remove });
    }
    return undefined;
  },
  delete: (context, TopicArn) => ifThere(() => context.call('sns', 'DeleteTopic', { TopicArn })),
};

const subscriptionAttributes = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'ReplayPolicy',
  'SubscriptionRoleArn',
];

function textOf(properties: ValueMap, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : typeof value === 'object' ? document(value) : String(value);
}

/** AWS::SNS::Subscription */
export const subscription: ResourceProvider = {
  async create(context, properties) {
    const given = subscriptionAttributes.flatMap((name) => {
      const value = textOf(properties, name);
      return value === undefined ? [] : [[name, value] as const];
    });
    const { SubscriptionArn: Arn } = await context.call<{ SubscriptionArn: string }>('sns', 'Subscribe', {
      TopicArn: properties.TopicArn,
      Protocol: properties.Protocol,
      Endpoint: properties.Endpoint,
      Attributes: Object.fromEntries(given),
      ReturnSubscriptionArn: true,
    });
    return { physicalId: Arn, attributes: { Arn } };
  },
  async update(context, SubscriptionArn, after, before) {
    for (const AttributeName of subscriptionAttributes) {
      if (differs(before, after, [AttributeName])) {
        const AttributeValue = textOf(after, AttributeName) ?? '';
        await context.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
      }
    }
    return undefined;
  },
  delete: (context, SubscriptionArn) => ifThere(() => context.call('sns', 'Unsubscribe', { SubscriptionArn })),
};

async function setPolicy(context: ResourceContext, topics: readonly string[], policy: string): Promise<void> {
  for (const TopicArn of topics) {
    await context.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: policy });
  }
}

/** What a topic's policy is when nobody has written one: its account may use it. */
function ownPolicy(context: ResourceContext, topicArn: string): string {
  const actions = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'];
  const more = ['Subscribe', 'ListSubscriptionsByTopic', 'Publish'];
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [...actions, ...more].map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': context.accountId } },
      },
    ],
  });
}

/** AWS::SNS::TopicPolicy */
export const topicPolicy: ResourceProvider = {
  async create(context, properties) {
    await setPolicy(context, texts(properties.Topics), document(properties.PolicyDocument) ?? '');
    const physicalId = context.generateName(128);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(context, _physicalId, after) {
    await setPolicy(context, texts(after.Topics), document(after.PolicyDocument) ?? '');
    return undefined;
  },
  async delete(context, _physicalId, properties) {
    for (const TopicArn of texts(properties.Topics)) {
      await ifThere(() => setPolicy(context, [TopicArn], ownPolicy(context, TopicArn)));
    }
  },
};
