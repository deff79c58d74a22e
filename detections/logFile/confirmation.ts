/** SNS did not take the confirmation of a subscription: it is tried again. */
export class SubscriptionUnconfirmed extends Error {
  override readonly name = 'SubscriptionUnconfirmed';
  readonly code = 'logFile.subscription.unconfirmed';
}

/**
 * Where to confirm the queue's subscription to the topic, if that is what a message asks for: SNS does when the owner of
 * a topic subscribes a queue of another account, and tells nothing until somebody has agreed. Undefined for every other
 * message, other topics, and addresses that are not SNS's own.
 *
 * Source: SNS developer guide, "Sending Amazon SNS messages to an Amazon SQS queue in a different account".
 *
 * @param endpoint where AWS is reached instead of its own hosts
 */
export function confirmationAddress(body: string, topicArn: string | undefined, endpoint?: string): URL | undefined {
  const { Type, TopicArn, SubscribeURL } = objectIn(body);
  if (Type !== 'SubscriptionConfirmation' || topicArn === undefined || TopicArn !== topicArn) {
    return undefined;
  }
  const address = URL.canParse(String(SubscribeURL)) ? new URL(String(SubscribeURL)) : undefined;
  const [, partition, , region] = topicArn.split(':');
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const origin = endpoint === undefined ? `https://sns.${region}.${domain}` : new URL(endpoint).origin;
  return address?.origin === origin && address.searchParams.get('Action') === 'ConfirmSubscription'
    ? address
    : undefined;
}

/** @throws SubscriptionUnconfirmed */
export async function confirmSubscription(address: URL): Promise<void> {
  const { ok, status } = await fetch(address, { redirect: 'error' });
  if (!ok) {
    throw new SubscriptionUnconfirmed(`SNS answered ${status} to the confirmation of the subscription`);
  }
}

function objectIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
