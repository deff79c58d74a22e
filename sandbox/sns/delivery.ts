import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { matchesEventPattern, parseEventPattern } from '../../patterns/eventbridge';
import { parseArn } from '../common/arn';
import { afterwards } from '../common/delay';
import { ServiceError } from '../core/errors';
import type { Subscription, Topic, Topics } from './state';

/** A message on its way to a topic's subscribers. */
export interface Message {
  readonly id: string;
  /** The text for all protocols, or for each when `structure` is given. */
  readonly body: string;
  readonly structure?: Readonly<Record<string, string>>;
  readonly subject?: string;
  readonly attributes?: Record<string, MessageAttributeValue>;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** Pauses between attempts to reach an HTTP endpoint. */
const httpRetries = [20_000, 20_000, 20_000];

function attributeValue({ DataType = '', StringValue = '' }: MessageAttributeValue): unknown {
  if (DataType.startsWith('Number')) {
    return Number(StringValue);
  }
  return DataType === 'String.Array' ? (JSON.parse(StringValue) as unknown) : StringValue;
}

function wanted(subscription: Subscription, message: Message): boolean {
  const policy = subscription.attributes.get('FilterPolicy');
  if (!policy || policy === '{}') {
    return true;
  }
  const pattern = parseEventPattern(JSON.parse(policy));
  if (subscription.attributes.get('FilterPolicyScope') === 'MessageBody') {
    try {
      return matchesEventPattern(pattern, JSON.parse(message.body));
    } catch {
      return false;
    }
  }
  const values = Object.entries(message.attributes ?? {}).map(([name, value]) => [name, attributeValue(value)]);
  return matchesEventPattern(pattern, Object.fromEntries(values));
}

function envelopeAttributes(message: Message) {
  const entries = Object.entries(message.attributes ?? {}).map(([name, value]) => [
    name,
    {
      Type: value.DataType,
      Value: value.BinaryValue ? Buffer.from(value.BinaryValue).toString('base64') : value.StringValue,
    },
  ]);
  return entries.length > 0 ? { MessageAttributes: Object.fromEntries(entries) as object } : {};
}

/** The JSON in which queues and HTTP endpoints receive a message. */
export function httpMessage(topics: Topics, topic: Topic, message: Message, text = message.body) {
  return {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: topic.arn,
    ...(message.subject ? { Subject: message.subject } : {}),
    Message: text,
    Timestamp: topics.world.now().toISOString(),
    SignatureVersion: '1',
    Signature: 'EXAMPLE',
    SigningCertURL: `https://sns.${topic.site.region}.amazonaws.com/SimpleNotificationService-0000000000000000000000.pem`,
    ...envelopeAttributes(message),
  };
}

/** Posts to an HTTP endpoint. @throws Error when it does not answer with success */
export async function post(
  endpoint: string,
  body: string,
  about: { type: string; topic: Topic; subscription: Subscription },
): Promise<void> {
  const headers = {
    'content-type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': about.type,
    'x-amz-sns-topic-arn': about.topic.arn,
    'x-amz-sns-subscription-arn': about.subscription.arn,
  };
  const response = await fetch(endpoint, { method: 'POST', headers, body });
  if (!response.ok) {
    throw new Error(`${endpoint} answered ${response.status}`);
  }
}

/** Puts a message in a queue, as the topic. */
export async function sendToQueue(
  { world }: Topics,
  { site, arn }: Topic,
  queue: { readonly region: string; readonly accountId: string; readonly resource: string },
  input: object,
): Promise<void> {
  const QueueUrl = `https://sqs.${queue.region}.amazonaws.com/${queue.accountId}/${queue.resource}`;
  const caller = world.serviceCaller('sns.amazonaws.com', { accountId: site.accountId, arn });
  await world.call(
    'sqs',
    'SendMessage',
    { QueueUrl, ...input },
    { caller, region: queue.region, accountId: queue.accountId },
  );
}

/** Carries messages to subscribers. */
export class Delivery {
  constructor(private readonly topics: Topics) {}

  send(topic: Topic, message: Message): void {
    for (const subscription of topic.subscriptions.values()) {
      if (subscription.confirmed && wanted(subscription, message)) {
        this.topics.world.later(0, () => this.attempt(topic, subscription, message));
      }
    }
  }

  private async attempt(topic: Topic, subscription: Subscription, message: Message, tries = 0): Promise<void> {
    try {
      await this.deliver(topic, subscription, message);
    } catch (error) {
      const pause = subscription.protocol.startsWith('http') ? httpRetries[tries] : undefined;
      if (pause === undefined) {
        await this.bury(topic, subscription, message);
        return;
      }
      if (!(error instanceof Error)) {
        throw error;
      }
      afterwards(this.topics.world, pause, () => this.attempt(topic, subscription, message, tries + 1));
    }
  }

  private async deliver(topic: Topic, subscription: Subscription, message: Message): Promise<void> {
    const { protocol, endpoint } = subscription;
    const text = message.structure?.[protocol] ?? message.body;
    const raw = subscription.attributes.get('RawMessageDelivery') === 'true';
    const body = raw ? text : JSON.stringify(httpMessage(this.topics, topic, message, text));
    const arn = parseArn(endpoint);
    if (protocol === 'sqs' && arn) {
      await this.toQueue(topic, endpoint, message, { body, raw });
    } else if (protocol === 'lambda' && arn) {
      const event = {
        Records: [
          {
            EventSource: 'aws:sns',
            EventVersion: '1.0',
            EventSubscriptionArn: subscription.arn,
            Sns: this.lambdaMessage(topic, message, text),
          },
        ],
      };
      const input = { FunctionName: endpoint, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) };
      await this.topics.world.call('lambda', 'Invoke', input, this.as(topic, arn));
    } else if (protocol.startsWith('email')) {
      const subject = message.subject ?? 'AWS Notification Message';
      const content = protocol === 'email-json' ? body : text;
      this.topics.emails.push({
        to: endpoint,
        subject,
        body: content,
        topicArn: topic.arn,
        time: this.topics.world.now().toISOString(),
      });
    } else if (protocol.startsWith('http')) {
      await post(endpoint, body, { type: 'Notification', topic, subscription });
    }
  }

  private lambdaMessage(topic: Topic, message: Message, text: string) {
    const { SigningCertURL, ...envelope } = httpMessage(this.topics, topic, message, text);
    return {
      ...envelope,
      SigningCertUrl: SigningCertURL,
      Subject: message.subject ?? null,
      MessageAttributes: envelopeAttributes(message).MessageAttributes ?? {},
    };
  }

  private as(topic: Topic, to: { region: string; accountId: string }) {
    const source = { accountId: topic.site.accountId, arn: topic.arn };
    return {
      caller: this.topics.world.serviceCaller('sns.amazonaws.com', source),
      region: to.region,
      accountId: to.accountId,
    };
  }

  private async toQueue(
    topic: Topic,
    queueArn: string,
    message: Message,
    given: { body: string; raw: boolean },
  ): Promise<void> {
    const arn = parseArn(queueArn);
    if (!arn) {
      return;
    }
    const input = {
      MessageBody: given.body,
      MessageAttributes: given.raw ? message.attributes : undefined,
      MessageGroupId: message.groupId,
      MessageDeduplicationId: arn.resource.endsWith('.fifo') ? (message.deduplicationId ?? message.id) : undefined,
    };
    await sendToQueue(this.topics, topic, arn, input);
  }

  /** What cannot be delivered goes to the subscription's dead-letter queue, if it has one. */
  private async bury(topic: Topic, subscription: Subscription, message: Message): Promise<void> {
    const policy = subscription.attributes.get('RedrivePolicy');
    const target = policy ? (JSON.parse(policy) as { deadLetterTargetArn?: string }).deadLetterTargetArn : undefined;
    if (!target) {
      return;
    }
    const body = JSON.stringify(httpMessage(this.topics, topic, message));
    try {
      await this.toQueue(topic, target, message, { body, raw: false });
    } catch (error) {
      if (!(error instanceof ServiceError)) {
        throw error;
      }
    }
  }
}
