import { randomBytes, randomUUID } from 'node:crypto';
import type { ConfirmSubscriptionInput, SetSubscriptionAttributesInput, SubscribeInput } from '@aws-sdk/client-sns';
import { parseEventPattern } from '../../patterns/eventbridge';
import { parseArn } from '../common/arn';
import { paginate } from '../core/paginate';
import type { Handler } from '../core/service';
import { httpMessage, post, sendToQueue } from './delivery';
import { invalid, type Subscription, type Topic, type Topics } from './state';

const protocols = ['http', 'https', 'email', 'email-json', 'sms', 'sqs', 'application', 'lambda', 'firehose'];
const settable = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'SubscriptionRoleArn',
  'ReplayPolicy',
];
/** Subscriptions that need nobody's consent; a queue's owner has to agree where somebody else subscribes it. */
const immediate = ['sqs', 'lambda', 'sms', 'application', 'firehose'];

function checkEndpoint(protocol: string, endpoint: string): void {
  if (!protocols.includes(protocol)) {
    throw invalid(`Invalid parameter: Amazon SNS does not support this protocol string: ${protocol}`);
  }
  const arn = parseArn(endpoint);
  const good =
    protocol === 'http' || protocol === 'https'
      ? endpoint.startsWith(`${protocol}://`)
      : protocol.startsWith('email')
        ? /^[^@\s]+@[^@\s]+$/.test(endpoint)
        : protocol === 'sms'
          ? /^\+?\d[\d\s-]+$/.test(endpoint)
          : arn !== undefined && (arn.service === protocol || protocol === 'application');
  if (!good) {
    const names: Record<string, string> = {
      sqs: 'SQS endpoint ARN',
      lambda: 'Lambda endpoint ARN',
      email: 'Email address',
      http: 'Endpoint must match the specified protocol',
      https: 'Endpoint must match the specified protocol',
    };
    throw invalid(`Invalid parameter: ${names[protocol] ?? 'Endpoint'}`);
  }
}

function checkAttribute(name: string, value: string): void {
  if (!settable.includes(name)) {
    throw invalid('Invalid parameter: AttributeName');
  }
  if (name === 'FilterPolicy' && value !== '' && value !== '{}') {
    try {
      parseEventPattern(JSON.parse(value));
    } catch (error) {
      throw invalid(`Invalid parameter: FilterPolicy: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function askForConsent(topics: Topics, topic: Topic, subscription: Subscription): Promise<void> {
  const { protocol, endpoint, token } = subscription;
  const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topic.arn, Token: token });
  const url = `${topics.world.endpoint}/_sns/confirm?${query}`;
  const body = `You have chosen to subscribe to the topic:\n${topic.arn}\n\nTo confirm this subscription, visit:\n${url}`;
  if (protocol.startsWith('email')) {
    topics.emails.push({
      to: endpoint,
      subject: 'AWS Notification - Subscription Confirmation',
      body,
      topicArn: topic.arn,
      time: topics.world.now().toISOString(),
      confirmationUrl: url,
    });
    return;
  }
  const message = {
    id: randomUUID(),
    body: `You have chosen to subscribe to the topic ${topic.arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  };
  const envelope = {
    ...httpMessage(topics, topic, message),
    Type: 'SubscriptionConfirmation',
    Token: token,
    SubscribeURL: url,
  };
  const text = JSON.stringify(envelope);
  const queue = protocol === 'sqs' ? parseArn(endpoint) : undefined;
  await (queue
    ? sendToQueue(topics, topic, queue, { MessageBody: text })
    : post(endpoint, text, { type: 'SubscriptionConfirmation', topic, subscription }));
}

function subscribe(topics: Topics): Handler {
  return (input: SubscribeInput, context) => {
    const topic = topics.at(input.TopicArn);
    const [protocol, endpoint] = [input.Protocol ?? '', input.Endpoint ?? ''];
    checkEndpoint(protocol, endpoint);
    for (const [name, value] of Object.entries(input.Attributes ?? {})) {
      checkAttribute(name, value);
    }
    const twin = [...topic.subscriptions.values()].find(
      (one) => one.protocol === protocol && one.endpoint === endpoint,
    );
    if (twin) {
      return { SubscriptionArn: twin.confirmed || input.ReturnSubscriptionArn ? twin.arn : 'pending confirmation' };
    }
    const subscription: Subscription = {
      arn: `${topic.arn}:${randomUUID()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      ownerId: context.accountId,
      principal: context.caller.roleArn ?? context.caller.arn,
      token: randomBytes(64).toString('hex'),
      attributes: new Map(Object.entries(input.Attributes ?? {})),
      confirmed: immediate.includes(protocol) && !isOthersQueue(protocol, endpoint, context.accountId),
    };
    topic.subscriptions.set(subscription.arn, subscription);
    if (!subscription.confirmed) {
      context.world.later(0, () => askForConsent(topics, topic, subscription));
    }
    const shown = subscription.confirmed || input.ReturnSubscriptionArn;
    return { SubscriptionArn: shown ? subscription.arn : 'pending confirmation' };
  };
}

function isOthersQueue(protocol: string, endpoint: string, accountId: string): boolean {
  return protocol === 'sqs' && parseArn(endpoint)?.accountId !== accountId;
}

/** @throws ServiceError `InvalidParameter` when the token belongs to none of the topic's subscriptions */
export function confirm(topics: Topics, topicArn: string | undefined, token: string | undefined): Subscription {
  const found = [...topics.at(topicArn).subscriptions.values()].find((one) => one.token === token);
  if (!found) {
    throw invalid('Invalid parameter: Token');
  }
  found.confirmed = true;
  return found;
}

function shown(subscription: Subscription) {
  return {
    SubscriptionArn: subscription.confirmed ? subscription.arn : 'PendingConfirmation',
    Owner: subscription.ownerId,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.topicArn,
  };
}

function attributesOf(subscription: Subscription): Record<string, string> {
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: subscription.ownerId,
    ConfirmationWasAuthenticated: 'true',
    PendingConfirmation: String(!subscription.confirmed),
    RawMessageDelivery: 'false',
    SubscriptionPrincipal: subscription.principal,
    ...(subscription.attributes.has('FilterPolicy') ? { FilterPolicyScope: 'MessageAttributes' } : {}),
    ...Object.fromEntries(subscription.attributes),
  };
}

/** Subscriptions: made, confirmed, changed, listed, ended. */
export function subscriptionOperations(topics: Topics): Record<string, Handler> {
  const list = (all: Subscription[], token: string | undefined) => {
    const page = paginate(all, { token, maximum: 100, invalidCode: 'InvalidParameter' });
    return { Subscriptions: page.items.map(shown), NextToken: page.nextToken };
  };
  return {
    Subscribe: subscribe(topics),
    ConfirmSubscription: (input: ConfirmSubscriptionInput) => ({
      SubscriptionArn: confirm(topics, input.TopicArn, input.Token).arn,
    }),
    Unsubscribe: (input: { SubscriptionArn: string }) => {
      topics.find(input.SubscriptionArn)?.subscriptions.delete(input.SubscriptionArn);
    },
    ListSubscriptions: (input: { NextToken?: string }, context) =>
      list(
        [...topics.regions.at(context).values()].flatMap((topic) => [...topic.subscriptions.values()]),
        input.NextToken,
      ),
    ListSubscriptionsByTopic: (input: { TopicArn: string; NextToken?: string }) =>
      list([...topics.at(input.TopicArn).subscriptions.values()], input.NextToken),
    GetSubscriptionAttributes: (input: { SubscriptionArn: string }) => ({
      Attributes: attributesOf(topics.subscription(input.SubscriptionArn)),
    }),
    SetSubscriptionAttributes: (input: SetSubscriptionAttributesInput) => {
      const subscription = topics.subscription(input.SubscriptionArn);
      const [name, value] = [input.AttributeName ?? '', input.AttributeValue ?? ''];
      checkAttribute(name, value);
      if (value === '') {
        subscription.attributes.delete(name);
      } else {
        subscription.attributes.set(name, value);
      }
    },
  };
}
