import type { Target } from '@aws-sdk/client-eventbridge';
import { type Arn, parseArn } from '../common/arn';
import { ServiceError } from '../core/errors';
import type { Caller } from '../core/service';
import type { World } from '../core/world';
import type { BusRecord, Rule } from './state';

/** One delivery: the rule and target, the event, and the text that the target gets in its place. */
export interface Delivery {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusRecord;
  readonly input: string;
  readonly caller: Caller;
}

type Sender = (world: World, arn: Arn, delivery: Delivery) => Promise<unknown>;

const senders: Record<string, Sender> = {
  events: (world, arn, { target, event, rule, caller }) => {
    const input = { BusArn: target.Arn, Event: event, RuleArn: rule.arn };
    return world.call('events', 'ForwardEvent', input, { caller, region: arn.region, accountId: arn.accountId });
  },
  sqs: (world, arn, { target, input, caller }) => {
    const message = {
      QueueUrl: `https://sqs.${arn.region}.amazonaws.com/${arn.accountId}/${arn.resource}`,
      MessageBody: input,
      MessageGroupId: target.SqsParameters?.MessageGroupId,
    };
    return world.call('sqs', 'SendMessage', message, { caller, region: arn.region, accountId: arn.accountId });
  },
  lambda: (world, arn, { target, input, caller }) => {
    const request = { FunctionName: target.Arn, InvocationType: 'Event', Payload: Buffer.from(input) };
    return world.call('lambda', 'Invoke', request, { caller, region: arn.region, accountId: arn.accountId });
  },
  sns: (world, arn, { target, input, caller }) => {
    const request = { TopicArn: target.Arn, Message: input };
    return world.call('sns', 'Publish', request, { caller, region: arn.region, accountId: arn.accountId });
  },
  logs: async (world, arn, { input, event, caller }) => {
    const logGroupName = arn.resource.replace(/^log-group:/, '').replace(/:\*$/, '');
    const logStreamName = event.id;
    const as = { caller, region: arn.region, accountId: arn.accountId };
    await world.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, as);
    const logEvents = [{ timestamp: world.now().getTime(), message: input }];
    await world.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, as);
  },
};

/** @throws ServiceError as the target refuses; `UnsupportedTarget` for services that this organization has not */
export async function send(world: World, delivery: Delivery): Promise<void> {
  const arn = parseArn(delivery.target.Arn);
  const sender = arn && senders[arn.service];
  if (!arn || !sender) {
    throw new ServiceError('UnsupportedTarget', `The local organization cannot deliver to ${delivery.target.Arn}.`);
  }
  await sender(world, arn, delivery);
}
