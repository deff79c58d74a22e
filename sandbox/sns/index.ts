import * as schemas from '@aws-sdk/client-sns';
import { parseArn } from '../common/arn';
import { requestTagConditions, resourceTagConditions, tagsFrom } from '../common/tags';
import type { AuthorizationRequest, CallContext, Caller, HttpRequest, ServiceFactory } from '../core/service';
import { Delivery } from './delivery';
import { publishOperations } from './publish';
import { Topics } from './state';
import { confirm, subscriptionOperations } from './subscriptions';
import { topicOperations } from './topics';

interface Input {
  Name?: string;
  TopicArn?: string;
  TargetArn?: string;
  SubscriptionArn?: string;
  ResourceArn?: string;
  PhoneNumber?: string;
  Protocol?: string;
  Endpoint?: string;
  Tags?: { Key?: string; Value?: string }[];
}

/**
 * The default policy of a topic admits whoever says that its owner sends: the account's own identities and CloudWatch's
 * alarms. Other services do not say so and need a statement of their own.
 */
function sourceOwner(caller: Caller): Record<string, string> {
  const says = caller.kind !== 'service' || caller.arn === 'cloudwatch.amazonaws.com';
  return says ? { 'aws:SourceOwner': caller.accountId } : {};
}

function authorization(
  topics: Topics,
  operation: string,
  given: unknown,
  context: CallContext,
): AuthorizationRequest[] {
  const input = (given ?? {}) as Input;
  const action = `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`;
  if (operation === 'ListTopics' || operation === 'ListSubscriptions' || input.PhoneNumber) {
    return [{ action, resources: ['*'] }];
  }
  if (operation === 'ConfirmSubscription') {
    return [];
  }
  const named = input.TopicArn ?? input.TargetArn ?? input.ResourceArn ?? input.SubscriptionArn;
  const arn = input.Name ? topics.arn(input.Name, context) : (named ?? '*');
  const topicArn = arn.split(':').slice(0, 6).join(':');
  const topic = topics.find(topicArn);
  return [
    {
      action,
      resources: [topicArn],
      resourcePolicy: topic?.attributes.get('Policy'),
      resourceAccountId: parseArn(topicArn)?.accountId,
      conditions: {
        ...(input.Protocol ? { 'sns:Protocol': input.Protocol } : {}),
        ...(input.Endpoint ? { 'sns:Endpoint': input.Endpoint } : {}),
        ...sourceOwner(context.caller),
        ...requestTagConditions(tagsFrom(input.Tags)),
        ...resourceTagConditions(topic?.tags ?? new Map()),
      },
    },
  ];
}

/** The e-mails that were sent, and the address that confirms a subscription. */
function plain(topics: Topics, request: HttpRequest) {
  const [, , what] = request.path.split('/');
  const headers = { 'content-type': 'application/json' };
  if (what === 'emails') {
    return { status: 200, headers, body: JSON.stringify(topics.emails) };
  }
  if (what === 'confirm') {
    const { arn } = confirm(topics, request.query.get('TopicArn') ?? '', request.query.get('Token') ?? '');
    return { status: 200, headers, body: JSON.stringify({ SubscriptionArn: arn }) };
  }
  return undefined;
}

/** Amazon SNS: topics, subscriptions and delivery to queues, functions, HTTP endpoints and (collected) e-mail. */
export const createSns: ServiceFactory = (world) => {
  const topics = new Topics(world);
  const delivery = new Delivery(topics);
  return {
    signingNames: ['sns'],
    schemas,
    operations: {
      ...topicOperations(topics),
      ...subscriptionOperations(topics),
      ...publishOperations(topics, delivery),
    },
    authorize: (operation, input, context) => authorization(topics, operation, input, context),
    httpPaths: ['_sns'],
    http: (request) => plain(topics, request),
  };
};
